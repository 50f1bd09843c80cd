"""What analysts read, put together from settings: its queues' consumers, and who asks for figures.

Whatever follows a stream with Faust is in `bootstrap.workers`.
"""

from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial

from adapters.analytics.database import Analytics
from adapters.analytics.event_counts import PostgresEventCounts
from adapters.analytics.rollups import PostgresRollUps
from adapters.analytics.windows import PostgresWindows
from adapters.clock import utc_now
from adapters.telemetry.instrumented_handler import observed
from application.analytics import rollups, window_store
from application.kernel.consumer import Consumer
from application.kernel.telemetry import OFF, Telemetry
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus, draw, log_url


@contextmanager
def build_analytics(settings: Settings) -> Generator[Analytics]:
    """Open the analysts' tables, and look whether they are there.

    Raises SettingMissing and StorageUnavailable.
    """
    with closing(Analytics.at(log_url(settings))) as analytics:
        PostgresWindows(analytics).positions("", "")
        yield analytics


@contextmanager
def build_event_counter(settings: Settings, *, telemetry: Telemetry = OFF) -> Generator[Consumer]:
    """Lend a member of the queue `analytics-events`. Raises as `build_analytics` does."""
    with ExitStack() as opened:
        counts = PostgresEventCounts(opened.enter_context(build_analytics(settings)))
        bus = opened.enter_context(build_kafka_bus(settings))
        counting_them = partial(window_store.aggregate_events, counts=counts)
        handler = observed(counting_them, window_store.GROUP.name, telemetry)
        yield Consumer(bus, window_store.GROUP, handler, draw=draw, clock=utc_now)


@contextmanager
def build_rollup_worker(settings: Settings, *, telemetry: Telemetry = OFF) -> Generator[Consumer]:
    """Lend a worker of `metrics.rollup`. Raises as `build_analytics` does."""
    with ExitStack() as opened:
        store = PostgresRollUps(opened.enter_context(build_analytics(settings)))
        bus = opened.enter_context(build_kafka_bus(settings))
        rolling_up = partial(rollups.roll_up, store=store)
        handler = observed(rolling_up, rollups.GROUP.name, telemetry)
        yield Consumer(bus, rollups.GROUP, handler, draw=draw, clock=utc_now)


def request_rollups(settings: Settings, asked: Sequence[rollups.Asked]) -> None:
    """Put wishes on `metrics.rollup`. Raises SettingMissing, BusUnavailable and TopicUnknown."""
    with build_kafka_bus(settings) as bus:
        bus.publish([rollups.message(each) for each in asked])
