"""Build background work; in an embedded platform, run it on threads of its one process.

On many machines, `kinelog worker achievements` and `kinelog worker daily` do it. The latter also
consumes the queue `ai-training`, as a model is trained at most once a day.
"""

from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from threading import Event
from typing import Any, Final

from adapters.event_log.notify_tail import NotifyTail
from adapters.event_log.polling_tail import PollingTail
from adapters.event_log.postgres_encoded_reader import PostgresEncodedLog
from adapters.event_log.postgres_hash_chain import PostgresHashChain
from adapters.event_log.sqlite_encoded_reader import SqliteEncodedLog
from adapters.event_log.sqlite_hash_chain import SqliteHashChain
from adapters.sql.leader_lock import PostgresLeaderLock
from application.achievements.subscription import achievement_subscription
from application.guidance.training import GROUP
from application.kernel.cloud_events import EncodedEvent
from application.kernel.consumer import consumer_subscription
from application.kernel.subscription import NoLock, Subscription
from application.platform import Platform
from application.privacy.retention import POLL_S
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus, draw
from bootstrap.wiring.threads import keep_running, running

LOCK: Final = 7_595_438_424
"""The PostgreSQL advisory lock of the achievement runner; the read models have another."""


@contextmanager
def build_achievement_runner(
    settings: Settings, platform: Platform
) -> Generator[Subscription[EncodedEvent]]:
    """Build the runner that awards achievements. Raises StorageUnavailable."""
    shared: dict[str, Any] = {
        "fresh": platform.fresh,
        "patience_s": platform.patience_s,
        "achievements": platform.achievements,
        "draw": draw,
    }
    with ExitStack() as opened:
        if settings.postgres_url is None:
            file = settings.home / "log.sqlite3"
            yield achievement_subscription(
                log=opened.enter_context(closing(SqliteEncodedLog(file))),
                tail=PollingTail(platform.log),
                tenants=opened.enter_context(closing(SqliteHashChain(file))).last_positions,
                lock=NoLock(),
                **shared,
            )
            return
        url = settings.postgres_url.get_secret_value()
        yield achievement_subscription(
            log=opened.enter_context(closing(PostgresEncodedLog(url))),
            tail=opened.enter_context(closing(NotifyTail(url))),
            tenants=opened.enter_context(closing(PostgresHashChain(url))).last_positions,
            lock=PostgresLeaderLock(url, lock=LOCK),
            **shared,
        )


@contextmanager
def embedded_achievements(settings: Settings, platform: Platform) -> Generator[None]:
    """Award achievements on a thread until the end of the block, if the platform is embedded."""
    if settings.postgres_url is not None:
        yield
        return
    with build_achievement_runner(settings, platform) as runner:
        work = partial(keep_running, "achievements", runner.run)
        with running({"achievements": work}, settings.shutdown_s):
            yield


@contextmanager
def embedded_daily_work(settings: Settings, platform: Platform) -> Generator[None]:
    """Run the daily work on a thread until the end of the block, if the platform is embedded.

    The first run is a minute after the start.
    """
    if settings.postgres_url is not None:
        yield
        return
    work = partial(keep_running, "daily", partial(_run_daily_work, platform))
    with running({"daily work": work}, settings.shutdown_s):
        yield


def _run_daily_work(platform: Platform, stop: Event) -> None:
    if not stop.wait(POLL_S):
        platform.privacy().daily().run(stop)


@contextmanager
def consuming_ai_training(settings: Settings, platform: Platform) -> Generator[None]:
    """Train models for completed sessions until the end of the block, if there is Kafka."""
    if settings.kafka is None:
        yield
        return
    training = platform.model_training
    with build_kafka_bus(settings) as bus:
        consumer = consumer_subscription(
            bus, GROUP, training.handle, draw=draw, clock=platform.clock, waits_for_outages=True
        )
        work = partial(keep_running, GROUP.name, consumer.run)
        with running({GROUP.name: work}, settings.shutdown_s):
            yield
