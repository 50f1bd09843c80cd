"""Build the Kafka bus and the relay of a distributed platform."""

import random
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from typing import Final

from adapters.analytics.database import Analytics, execute
from adapters.analytics.statements import RESTART_POSITIONS
from adapters.bus.kafka.bus import KafkaBus
from adapters.bus.kafka.config import KafkaAddress
from adapters.clock import utc_now
from adapters.event_log.notify_tail import NotifyTail
from adapters.event_log.postgres_checkpoints import PostgresCheckpointStore
from adapters.event_log.postgres_encoded_reader import PostgresEncodedLog
from adapters.event_log.worker_checkpoints import SqlPositions
from adapters.migrations import SCHEMA
from adapters.sql.engines import open_engine
from adapters.telemetry import gauges, kafka_gauges
from application.kernel.cloud_events import EncodedEvent
from application.kernel.metrics import watch
from application.kernel.relay import BATCH, relay_subscription
from application.kernel.subscription import Subscription
from application.kernel.topics import GROUPS
from bootstrap.settings import Settings
from domain.kernel import Rejected

draw: Final = random.SystemRandom().random
"""Random numbers for the jitter of retries."""


class SettingMissing(Rejected):
    """A command needs a setting that is missing."""

    code = "setting.missing"
    kind = "invalid"


def kafka_config(settings: Settings) -> KafkaAddress:
    """Return Kafka's address and credentials. Raises SettingMissing, KafkaAddressRefused."""
    if settings.kafka is None:
        raise SettingMissing("Set KINELOG_KAFKA to Kafka's host:port.")
    password = settings.kafka_password
    return KafkaAddress(
        settings.kafka,
        tls=settings.kafka_tls,
        ca=settings.kafka_ca,
        user=settings.kafka_user,
        password=None if password is None else password.get_secret_value(),
        mechanism=settings.kafka_mechanism,
    )


def log_url(settings: Settings) -> str:
    """Return the URL of the event log in PostgreSQL. Raises SettingMissing."""
    if settings.postgres_url is None:
        raise SettingMissing("Set KINELOG_POSTGRES_URL to the URL of an upgraded database.")
    return settings.postgres_url.get_secret_value()


def restart_positions(settings: Settings, topics: Sequence[str]) -> None:
    """Let workers whose positions are in PostgreSQL read topics from their beginning.

    Positions in topics of a Kafka that was lost would skip the first messages of the new ones.
    Raises SettingMissing and StorageUnavailable.
    """
    url = log_url(settings)
    engine = open_engine(url, schema=SCHEMA, connections=1)
    try:
        SqlPositions(engine).restart(topics)
    finally:
        engine.dispose()
    with closing(Analytics.at(url)) as analytics, analytics.transaction() as connection:
        execute(connection, RESTART_POSITIONS, list(topics))


@contextmanager
def build_kafka_bus(settings: Settings) -> Generator[KafkaBus]:
    """Open the Kafka bus. Raises SettingMissing and KafkaAddressRefused."""
    with closing(KafkaBus(kafka_config(settings))) as bus:
        yield bus


@contextmanager
def build_relay(settings: Settings, *, batch: int = BATCH) -> Generator[Subscription[EncodedEvent]]:
    """Open a relay from the log to Kafka. Raises SettingMissing and KafkaAddressRefused."""
    url, kafka = log_url(settings), kafka_config(settings)
    with (
        closing(PostgresEncodedLog(url)) as log,
        closing(NotifyTail(url)) as tail,
        build_kafka_bus(settings) as bus,
    ):
        position = PostgresCheckpointStore(url)
        watch("relay", gauges.relay(log, tail, position.position, utc_now))
        watch("consumers", kafka_gauges.consumer_lags(kafka, GROUPS))
        watch("dead_letters", kafka_gauges.dead_letters(kafka, bus, GROUPS))
        yield relay_subscription(
            log=log, tail=tail, bus=bus, checkpoints=position, draw=draw, batch=batch
        )
