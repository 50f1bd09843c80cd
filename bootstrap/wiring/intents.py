"""The worker that understands speech, put together from settings."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import partial

from adapters.clock import utc_now
from adapters.telemetry.instrumented_handler import observed
from application import intents
from application.kernel.consumer import Consumer
from application.kernel.telemetry import OFF, Telemetry
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus, draw


@contextmanager
def build_intent_worker(settings: Settings, *, telemetry: Telemetry = OFF) -> Generator[Consumer]:
    """Lend a worker of `nlp.intent`. Raises SettingMissing and BusUnavailable."""
    with build_kafka_bus(settings) as bus:
        handler = observed(partial(intents.answer, publisher=bus), intents.GROUP.name, telemetry)
        yield Consumer(bus, intents.GROUP, handler, draw=draw, clock=utc_now)
