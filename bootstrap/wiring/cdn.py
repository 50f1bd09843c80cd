"""Build the subscription that drops copies of videos in the CDN, and run it where one is set up."""

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from threading import Event
from typing import Final

from adapters.event_log.notify_tail import NotifyTail
from adapters.event_log.polling_tail import PollingTail
from adapters.jobs.failed_events import SqlFailedEvents
from adapters.jobs.queue_positions import SqlQueuePosition
from adapters.sql.leader_lock import PostgresLeaderLock, SqliteLeaderLock
from application.content.cdn import QUEUE, Cdn, cdn_subscription
from application.kernel.cloud_events import EncodedEvent
from application.kernel.ports import LogTail
from application.kernel.subscription import LeaderLock, Subscription
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import draw
from bootstrap.wiring.log_queues import open_log_queue_stores
from bootstrap.wiring.threads import keep_running, running

LOCK: Final = 7_595_438_431
"""Key of the PostgreSQL advisory lock of the process that drops copies."""


@contextmanager
def dropping_copies(settings: Settings, platform: Platform) -> Generator[None]:
    """Drop copies on a thread until the end of the block, if there is a CDN."""
    if settings.cloudfront_distribution is None:
        yield
        return
    work = partial(keep_running, QUEUE, partial(_run, settings, platform))
    with running({QUEUE: work}, settings.shutdown_s):
        yield


def _run(settings: Settings, platform: Platform, stop: Event) -> None:
    from adapters.content.cloudfront import CloudFront  # noqa: PLC0415  loads boto3

    cdn = CloudFront(settings.cloudfront_distribution or "")
    with build_cdn_subscription(settings, platform, cdn) as subscription:
        subscription.run(stop)


@contextmanager
def build_cdn_subscription(
    settings: Settings, platform: Platform, cdn: Cdn
) -> Generator[Subscription[EncodedEvent]]:
    """Build the subscription. Raises StorageUnavailable."""
    with open_log_queue_stores(settings) as stores, ExitStack() as opened:
        if settings.postgres_url is None:
            tail: LogTail = PollingTail(platform.log)
            lock: LeaderLock = SqliteLeaderLock(settings.home / "cdn.lock")
        else:
            url = settings.postgres_url.get_secret_value()
            tail = opened.enter_context(closing(NotifyTail(url)))
            lock = PostgresLeaderLock(url, lock=LOCK)
        yield cdn_subscription(
            log=stores.log,
            tail=tail,
            positions=SqlQueuePosition(stores.engine, QUEUE),
            failed=SqlFailedEvents(stores.engine, QUEUE),
            cdn=cdn,
            lock=lock,
            clock=platform.clock,
            draw=draw,
        )
