"""Build the queue of videos, and who works on it."""

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from threading import Event
from typing import Final

from adapters.clock import utc_now
from adapters.event_log.notify_tail import NotifyTail
from adapters.event_log.polling_tail import PollingTail
from adapters.jobs.failed_events import SqlFailedEvents
from adapters.jobs.queue_positions import SqlQueuePosition
from adapters.sql.leader_lock import PostgresLeaderLock, SqliteLeaderLock
from application.kernel.bus import Delivery
from application.kernel.cloud_events import EncodedEvent, from_message
from application.kernel.consumer import consumer_subscription
from application.kernel.ports import LogTail
from application.kernel.subscription import LeaderLock, Subscription
from application.platform import Platform
from application.recordings.videos import GROUP, video_subscription
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus, draw
from bootstrap.wiring.content_workers import working_on_content
from bootstrap.wiring.log_queues import open_log_queue_stores
from bootstrap.wiring.threads import keep_running, running

LOCK: Final = 7_595_438_427
"""Key of the PostgreSQL advisory lock of the process that follows the log for videos."""

VIDEOS_AT_ONCE: Final = 1
"""Messages received at once. A video takes minutes, and those of one poll share its 15 minutes."""


@contextmanager
def making_videos(settings: Settings, platform: Platform) -> Generator[None]:
    """Make requested videos on a thread until the end of the block, unless others are to do it.

    Jobs of uploaded videos run on threads of their own, so they hold up none of a recording.

    With Kafka, the processes share the group `content-processing`; otherwise one of them follows
    the log. A video in progress at the end is started again by the next process.
    """
    if not settings.analyzes:
        yield
        return
    videos = partial(keep_running, "videos", partial(_run, settings, platform))
    with running({"videos": videos}, settings.shutdown_s), working_on_content(settings, platform):
        yield


@contextmanager
def build_video_subscription(
    settings: Settings, platform: Platform
) -> Generator[Subscription[EncodedEvent]]:
    """Build the subscription that makes videos without a bus. Raises StorageUnavailable."""
    with open_log_queue_stores(settings) as stores, ExitStack() as opened:
        if settings.postgres_url is None:
            tail: LogTail = PollingTail(platform.log)
            lock: LeaderLock = SqliteLeaderLock(settings.home / "videos.lock")
        else:
            url = settings.postgres_url.get_secret_value()
            tail = opened.enter_context(closing(NotifyTail(url)))
            lock = PostgresLeaderLock(url, lock=LOCK)
        yield video_subscription(
            log=stores.log,
            tail=tail,
            positions=SqlQueuePosition(stores.engine, GROUP.name),
            failed=SqlFailedEvents(stores.engine, GROUP.name),
            encode_video=partial(encode_video, platform),
            lock=lock,
            clock=utc_now,
            draw=draw,
        )


def encode_video(platform: Platform, event: EncodedEvent, stop: Event) -> None:
    """Make the video of a recording, or add the job that checks or encodes an uploaded one.

    Each ignores the events of the others.
    """
    platform.videos.encode_video(event, stop)
    platform.content_queue.submit(event)


def _run(settings: Settings, platform: Platform, stop: Event) -> None:
    if settings.queues_on_bus:
        _consume(settings, platform, stop)
    else:
        with build_video_subscription(settings, platform) as subscription:
            subscription.run(stop)


def _consume(settings: Settings, platform: Platform, stop: Event) -> None:
    def handler(delivery: Delivery) -> None:
        encode_video(platform, from_message(delivery.message), stop)

    with build_kafka_bus(settings) as bus:
        consumer_subscription(
            bus,
            GROUP,
            handler,
            draw=draw,
            clock=utc_now,
            waits_for_outages=True,
            batch=VIDEOS_AT_ONCE,
        ).run(stop)
