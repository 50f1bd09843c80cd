"""Videos of recordings that tests make when they want to: no thread makes them meanwhile."""

from threading import Event

import sqlalchemy as sa

from adapters.jobs.recording_videos import VIDEO_JOBS
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.log_queues import open_log_queue_stores
from bootstrap.wiring.videos import build_video_subscription


def make_videos(settings: Settings, platform: Platform) -> None:
    """Work off the queue, and run the jobs of recordings that are free."""
    add_jobs(settings, platform)
    while run_next_job(platform):
        pass


def add_jobs(settings: Settings, platform: Platform) -> None:
    """Work off the queue, which adds the jobs of requested videos."""
    with build_video_subscription(settings, platform) as subscription:
        subscription.run_once()


def run_next_job(platform: Platform) -> bool:
    """Run the next job of a recording; return False if none was free, or the store unavailable."""
    return platform.videos.worker(platform.video_queue.jobs).run_next(Event())


def expire_leases(settings: Settings) -> None:
    """End all leases, as time does."""
    with open_log_queue_stores(settings) as stores, stores.engine.begin() as connection:
        connection.execute(sa.update(VIDEO_JOBS).values(until=0.0))
