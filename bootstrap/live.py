"""How frames of live sessions become facts: in this process, or by workers behind Kafka."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from adapters.clock import utc_now
from adapters.faust import pose_messages
from adapters.live.kafka import KafkaPoseStream
from adapters.live.store import SCHEMA, SqlLiveStore
from adapters.readmodels.engines import open_engine
from application.commanding import Commands
from application.ingesting import ClosedDriver, Driver
from application.live_folding import FoldingDriver
from application.live_gate import SessionGate
from application.live_relaying import RelayingDriver
from application.ports import EventLog
from application.telemetry import trace_headers
from application.topics import POSE_REPLY, POSE_STREAM
from bootstrap.settings import Settings
from streams.records import read_session, write_session
from streams.replies import read_reply, write_reply

CONNECTIONS: Final = 4
"""To where sensor samples are kept."""

MakeDriver = Callable[[Commands], Driver]
"""Of commands that do not wait until rows have followed."""


@contextmanager
def in_this_process(
    folder: Path, log: EventLog, settled: Callable[[int], object]
) -> Generator[MakeDriver]:
    """Fold here, and keep where sessions stand in a file of the folder.

    `settled` lets rows follow facts.
    """
    address = URL.create("sqlite", database=str(folder / "live.sqlite3"))
    engine = open_engine(address, schema="")
    try:
        store = SqlLiveStore(engine, write=write_session, read=read_session, clock=utc_now)
        yield lambda commands: FoldingDriver(
            store=store,
            commands=commands,
            settled=settled,
            gate=SessionGate(log),
            clock=utc_now,
        )
    finally:
        engine.dispose()


@contextmanager
def by_workers(settings: Settings, url: str, log: EventLog) -> Generator[MakeDriver]:
    """Send frames to workers; without Kafka, take none. `url` is PostgreSQL's."""
    kafka = settings.kafka
    if kafka is None:
        yield lambda _: ClosedDriver()
        return
    engine = open_engine(url, schema=SCHEMA, connections=CONNECTIONS)
    try:
        store = SqlLiveStore(engine, write=write_session, read=read_session, clock=utc_now)
        stream = KafkaPoseStream(
            kafka,
            frames=POSE_STREAM.name,
            replies=POSE_REPLY.name,
            encode=pose_messages.encode,
            write=write_reply,
            read=read_reply,
            headers=trace_headers,
        )
        yield lambda _: RelayingDriver(
            stream=stream,
            sensors=store,
            gate=SessionGate(log),
            clock=utc_now,
            deadline_s=settings.live_deadline_s,
        )
    finally:
        engine.dispose()
