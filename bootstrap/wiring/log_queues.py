"""Build what queues without a bus share: the event log, their positions and failed events."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from adapters.clock import utc_now
from adapters.event_log.postgres_encoded_reader import PostgresEncodedLog
from adapters.event_log.sqlite_encoded_reader import SqliteEncodedLog
from adapters.jobs.failed_events import SqlFailedEvents
from adapters.jobs.sql import SCHEMA
from adapters.sql.engines import open_engine
from application.kernel.dead_letters import BusDeadLetters, DeadLetterQueue
from application.kernel.log_queue import LogDeadLetters
from application.kernel.relay import EncodedLog
from application.kernel.topics import Group
from application.recordings.video_jobs import GROUP as VIDEOS
from application.users.email_delivery import GROUP as EMAILS
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus

CONNECTIONS: Final = 1

LOG_QUEUES: Final = (EMAILS.name, VIDEOS.name)
"""Queues that one process works on by following the log, if they are not on the bus."""


@dataclass(frozen=True, slots=True)
class LogQueueStores:
    """The log as it is stored, and the database with the schema of the jobs."""

    log: EncodedLog
    engine: sa.Engine


@contextmanager
def open_log_queue_stores(settings: Settings) -> Generator[LogQueueStores]:
    """Open the stores of queues without a bus. Raises StorageUnavailable."""
    if settings.postgres_url is None:
        file = sa.URL.create("sqlite", database=str(settings.home / "tables.sqlite3"))
        log: SqliteEncodedLog | PostgresEncodedLog = SqliteEncodedLog(settings.home / "log.sqlite3")
        engine = open_engine(file, schema=SCHEMA)
    else:
        url = settings.postgres_url.get_secret_value()
        log = PostgresEncodedLog(url)
        engine = open_engine(url, schema=SCHEMA, connections=CONNECTIONS)
    with closing(log):
        try:
            yield LogQueueStores(log, engine)
        finally:
            engine.dispose()


def count_dead_letters(settings: Settings) -> dict[str, int]:
    """Count the failed events of queues that work without a bus. Raises StorageUnavailable."""
    with open_log_queue_stores(settings) as stores:
        return {name: SqlFailedEvents(stores.engine, name).count() for name in LOG_QUEUES}


@contextmanager
def open_dead_letters(settings: Settings, group: Group) -> Generator[DeadLetterQueue]:
    """Open the dead letters of a group: on Kafka if it works there, else beside the log."""
    follows_log = group.name in LOG_QUEUES and not settings.queues_on_bus
    if settings.kafka is not None and not follows_log:
        with build_kafka_bus(settings) as bus:
            yield BusDeadLetters(bus, group)
        return
    with open_log_queue_stores(settings) as stores:
        failed = SqlFailedEvents(stores.engine, group.name)
        yield LogDeadLetters(group.name, failed, stores.log, utc_now)
