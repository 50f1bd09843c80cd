"""Build the queue `content-processing` (R-EVT-05), and the workers of the jobs that it adds."""

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
from application.kernel.log_queue import RETRY, LogQueueProcessor
from application.kernel.ports import LogTail
from application.kernel.subscription import POLL_S, LeaderLock, LogSource, Policy, Subscription
from application.platform import Platform
from application.recordings.video_jobs import GROUP
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus, draw
from bootstrap.wiring.content_workers import working_on_content
from bootstrap.wiring.log_queues import open_log_queue_stores
from bootstrap.wiring.threads import keep_running, running

LOCK: Final = 7_595_438_427
"""Key of the PostgreSQL advisory lock of the process that follows the log for videos."""

BATCH: Final = 5000
"""Events of the log that are read at once."""


@contextmanager
def making_videos(settings: Settings, platform: Platform) -> Generator[None]:
    """Make requested videos on threads until the end of the block, unless others are to do it.

    The queue only adds jobs. Those of recordings and each step of uploaded videos have threads of
    their own, so none waits for another. A job in progress at the end goes to the next process.

    With Kafka, the processes share the group `content-processing`; otherwise one of them follows
    the log.
    """
    if not settings.analyzes:
        yield
        return
    work = {
        "videos": partial(keep_running, "videos", partial(_run, settings, platform)),
        "recording-video": partial(
            keep_running, "recording_videos", platform.videos.worker(platform.video_queue.jobs).run
        ),
    }
    with running(work, settings.shutdown_s), working_on_content(settings, platform):
        yield


@contextmanager
def build_video_subscription(
    settings: Settings, platform: Platform
) -> Generator[Subscription[EncodedEvent]]:
    """Build the subscription that adds jobs without a bus. Raises StorageUnavailable."""
    with open_log_queue_stores(settings) as stores, ExitStack() as opened:
        if settings.postgres_url is None:
            tail: LogTail = PollingTail(platform.log)
            lock: LeaderLock = SqliteLeaderLock(settings.home / "videos.lock")
        else:
            url = settings.postgres_url.get_secret_value()
            tail = opened.enter_context(closing(NotifyTail(url)))
            lock = PostgresLeaderLock(url, lock=LOCK)
        processor = LogQueueProcessor(
            GROUP.name,
            SqlQueuePosition(stores.engine, GROUP.name),
            partial(encode_video, platform),
            failed=SqlFailedEvents(stores.engine, GROUP.name),
            log=stores.log,
            clock=utc_now,
        )
        policy = Policy(batch_size=BATCH, poll_s=POLL_S, retry=RETRY)
        yield Subscription(LogSource(stores.log, tail), processor, lock, policy, draw=draw)


def encode_video(platform: Platform, event: EncodedEvent) -> None:
    """Add the job that makes the video of a recording, or checks or encodes an uploaded one.

    Each queue of jobs ignores the events of the other.
    """
    platform.video_queue.submit(event)
    platform.content_queue.submit(event)


def _run(settings: Settings, platform: Platform, stop: Event) -> None:
    if settings.queues_on_bus:
        _consume(settings, platform, stop)
    else:
        with build_video_subscription(settings, platform) as subscription:
            subscription.run(stop)


def _consume(settings: Settings, platform: Platform, stop: Event) -> None:
    def handler(delivery: Delivery) -> None:
        encode_video(platform, from_message(delivery.message))

    with build_kafka_bus(settings) as bus:
        consumer_subscription(
            bus, GROUP, handler, draw=draw, clock=utc_now, waits_for_outages=True
        ).run(stop)
