"""How fast read models are rebuilt in PostgreSQL, beside the runner of the event store's library.

Both fold the same sessions into the same summaries in a PostgreSQL of their own, which is removed
afterwards, and end with rows and position on disk; rounds alternate, figures are medians. An event
counts once for each read model that it is folded into. Ours read the log in the same PostgreSQL.
The shipped runner reads from memory and keeps a row as one JSON text: both are in its favour. It
is shown as shipped, and without waiting for the disk, which is in its favour too. The garbage
collector looks as rarely as in `kinelog work projections`, on both sides.

Run `python -m benchmarks.projections_postgres [--json]`; `--help` tells how to change the sizes.
"""

import argparse
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec
import psycopg
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection as ShippedProjection
from eventsourcing.projection import ProjectionRunner
from psycopg.sql import SQL, Identifier

from adapters.eventlog.codec import EVENTS
from adapters.eventlog.postgres import PostgresEventLog
from adapters.local_services.databases import create_database, name_of
from adapters.local_services.postgres import LocalPostgres
from adapters.migrations import upgrade
from adapters.readmodels.database import Database
from adapters.readmodels.filling import SqlProjectionTables
from adapters.readmodels.movement import PostgresMovement
from application.freshness import wait_until
from application.ports import Change
from application.projecting import prepare, rebuild
from benchmarks.projections import AT, ORIGIN, Facts, Result, facts, report, session
from bootstrap.bus import collect_rarely
from bootstrap.distributed import projection_runner
from bootstrap.settings import Settings
from domain.kernel import Recorded
from projections.catalogue import ALL
from projections.session_summary import SESSION_SUMMARY, SessionSummary


class SummaryView(PostgresTrackingRecorder):
    """Summaries as JSON, kept with the position in one transaction per event."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        table = "CREATE TABLE IF NOT EXISTS public.summary (key text PRIMARY KEY, row bytea)"
        self.sql_create_statements.append(SQL(table))  # type: ignore[arg-type]  # a constant

    def fold(self, recorded: Recorded[Any], tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            for key in SESSION_SUMMARY.keys(recorded):
                cursor.execute("SELECT row FROM public.summary WHERE key = %s", (key,))
                found = cursor.fetchone()
                row = msgspec.json.decode(found["row"], type=SessionSummary) if found else None
                row = SESSION_SUMMARY.evolve(row, recorded)
                cursor.execute(
                    "INSERT INTO public.summary VALUES (%s, %s)"
                    " ON CONFLICT (key) DO UPDATE SET row = excluded.row",
                    (key, msgspec.json.encode(row)),
                )
            self._insert_tracking(cursor, tracking)


class Summary(ShippedProjection[SummaryView]):
    """The same fold, driven by the shipped runner."""

    name = "summary"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        event = EVENTS.decode(domain_event.name, 1, domain_event.payload.encode())
        stream = f"session-{domain_event.originator_id}"
        version = domain_event.originator_version
        position = tracking.notification_id
        recorded = Recorded(UUID(int=1), ORIGIN, stream, version, position, AT, event)
        self.view.fold(recorded, tracking)


def shipped(server: str, sessions: int, *, durable: bool) -> Result:
    """Time the library's runner from the moment at which all events are in its log."""
    url = create_database(server)
    if not durable:
        with psycopg.connect(url, autocommit=True) as connection:
            database = Identifier(name_of(url))
            statement = SQL("ALTER DATABASE {} SET synchronous_commit TO off").format(database)
            connection.execute(statement)
    address = urlsplit(url)
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.popo",
        "SUMMARY_PERSISTENCE_MODULE": "eventsourcing.postgres",
        "SUMMARY_POSTGRES_DBNAME": name_of(url),
        "SUMMARY_POSTGRES_HOST": address.hostname or "",
        "SUMMARY_POSTGRES_PORT": str(address.port),
        "SUMMARY_POSTGRES_USER": address.username or "",
        "SUMMARY_POSTGRES_PASSWORD": address.password or "",
    }
    runner = ProjectionRunner(
        application_class=Facts,
        projection_class=Summary,
        view_class=SummaryView,
        env=environment,
    )
    with runner:
        stored = [runner.app.mapper.to_stored_event(fact) for fact in facts(sessions)]
        begun = time.perf_counter()
        runner.app.recorder.insert_events(stored)
        runner.wait(len(stored), timeout=600)
        seconds = time.perf_counter() - begun
    how = "as shipped" if durable else "synchronous_commit = off"
    return Result(f"shipped runner, {how}", len(stored), seconds)


class Ours:
    """Our log and read models in one database, filled once."""

    def __init__(self, server: str, sessions: int) -> None:
        self.url = create_database(server)
        upgrade(self.url)
        self.log = PostgresEventLog(self.url, clock=lambda: AT, new_id=uuid4)
        for number in range(0, sessions, 25):
            count = min(25, sessions - number)
            changes = [Change(f"session-{uuid4()}", 0, session()) for _ in range(count)]
            self.log.append(changes, origin=ORIGIN, command_id=uuid4())
        self.head = self.log.head()
        self.database = Database(self.url)
        self.tables = SqlProjectionTables(self.database)
        prepare(self.log, self.tables, ALL)

    def rebuild_one(self) -> Result:
        begun = time.perf_counter()
        rebuild(self.log, self.tables, SESSION_SUMMARY)
        return Result("rebuild session_summary", self.head, time.perf_counter() - begun)

    def rebuild_all(self) -> Result:
        begun = time.perf_counter()
        rebuild(self.log, self.tables, *ALL)
        seconds = time.perf_counter() - begun
        return Result(f"rebuild all {len(ALL)}, one reading", self.head * len(ALL), seconds)

    def read_what_was_written(self) -> float:
        """Median seconds from an append until a runner beside us has it in all read models."""
        stop = threading.Event()
        settings = Settings.model_validate({"postgres_url": self.url})
        with (
            projection_runner(settings, look_s=0.1) as runner,
            closing(PostgresMovement(self.url)) as movement,
            ThreadPoolExecutor(1) as thread,
        ):
            running = thread.submit(runner.run, stop)
            seconds = [self._seen(f"session-{uuid4()}", movement) for _ in range(60)]
            stop.set()
            running.result()
        return statistics.median(seconds)

    def _seen(self, stream: str, movement: PostgresMovement) -> float:
        done = self.log.append(
            [Change(stream, 0, session()[:1])], origin=ORIGIN, command_id=uuid4()
        )
        begun = time.perf_counter()
        assert wait_until(self.tables, ALL, done.position, 60, movement)
        return time.perf_counter() - begun

    def close(self) -> None:
        self.database.close()
        self.log.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Rebuild rates beside the shipped runner's.")
    parser.add_argument("--sessions", type=int, default=1500)
    parser.add_argument("--shipped-sessions", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    collect_rarely()
    with LocalPostgres() as server:
        mine = Ours(server.url, asked.sessions)
        rounds = [
            (
                shipped(server.url, asked.shipped_sessions, durable=True),
                shipped(server.url, asked.shipped_sessions, durable=False),
                mine.rebuild_one(),
                mine.rebuild_all(),
            )
            for _ in range(asked.rounds)
        ]
        live = mine.read_what_was_written()
        mine.close()
    middle = [
        sorted(way, key=lambda result: result.rate)[len(way) // 2]
        for way in zip(*rounds, strict=True)
    ]
    report(asked, middle, live)


if __name__ == "__main__":
    main()
