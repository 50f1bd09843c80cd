"""Build the consumers of queues, and the connection to the analysts' tables.

Workers that use Faust are in `bootstrap.workers`.
"""

from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial

from adapters.analytics.database import Analytics
from adapters.analytics.event_counts import PostgresEventCounts
from adapters.analytics.rollups import PostgresRollUps
from adapters.clock import utc_now
from application import cue_speech, intents
from application.analytics import rollups, window_store
from application.kernel.bus import Delivery
from application.kernel.consumer import consumer_subscription
from application.kernel.subscription import Subscription
from application.live.worker_contract import CueMessage
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus, draw, log_url
from bootstrap.wiring.platform import build_media_store
from bootstrap.wiring.speech import build_speech
from streams.json_codec import JsonCodec


@contextmanager
def build_analytics(settings: Settings) -> Generator[Analytics]:
    """Connect to the analysts' tables, and check that they exist.

    Raises SettingMissing and StorageUnavailable.
    """
    with closing(Analytics.at(log_url(settings))) as analytics:
        analytics.require_tables()
        yield analytics


@contextmanager
def build_event_counter(settings: Settings) -> Generator[Subscription[Delivery]]:
    """Build a consumer of `analytics-events`. Raises the errors of `build_analytics`."""
    with ExitStack() as opened:
        counts = PostgresEventCounts(opened.enter_context(build_analytics(settings)))
        bus = opened.enter_context(build_kafka_bus(settings))
        handler = partial(window_store.aggregate_events, counts=counts)
        yield consumer_subscription(bus, window_store.GROUP, handler, draw=draw, clock=utc_now)


@contextmanager
def build_rollup_worker(settings: Settings) -> Generator[Subscription[Delivery]]:
    """Build a consumer of `metrics.rollup`. Raises the errors of `build_analytics`."""
    with ExitStack() as opened:
        store = PostgresRollUps(opened.enter_context(build_analytics(settings)))
        bus = opened.enter_context(build_kafka_bus(settings))
        handler = partial(rollups.roll_up, store=store)
        yield consumer_subscription(bus, rollups.GROUP, handler, draw=draw, clock=utc_now)


def request_rollups(settings: Settings, requests: Sequence[rollups.RollupRequest]) -> None:
    """Publish rollup requests. Raises SettingMissing, BusUnavailable and TopicUnknown."""
    with build_kafka_bus(settings) as bus:
        bus.publish([rollups.message(each) for each in requests])


@contextmanager
def build_intent_worker(settings: Settings) -> Generator[Subscription[Delivery]]:
    """Build a consumer of `nlp.intent`. Raises SettingMissing and BusUnavailable."""
    with build_kafka_bus(settings) as bus:
        handler = partial(intents.reply_to, publisher=bus)
        yield consumer_subscription(bus, intents.GROUP, handler, draw=draw, clock=utc_now)


@contextmanager
def build_coach_worker(settings: Settings) -> Generator[Subscription[Delivery]]:
    """Build a consumer of `cue.make`. Raises SettingMissing, BusUnavailable, StorageUnavailable."""
    with ExitStack() as opened:
        speech = opened.enter_context(build_speech(settings, build_media_store(settings)))
        bus = opened.enter_context(build_kafka_bus(settings))
        decode = partial(JsonCodec().decode, CueMessage)
        handler = partial(cue_speech.prepare_speech, speech=speech, decode=decode)
        yield consumer_subscription(bus, cue_speech.GROUP, handler, draw=draw, clock=utc_now)
