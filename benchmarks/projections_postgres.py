"""Rebuild speed of read models in PostgreSQL compared with the event store library's runner.

Both fold the same sessions into the same summaries in a PostgreSQL of their own, which is removed
afterwards, and end with rows and position on disk; rounds alternate, figures are medians. An event
counts once for each read model that it is folded into. Our runner reads the log in the same
PostgreSQL. The shipped runner reads from memory and stores a row as one JSON text: both are in its
favor. It is shown as shipped, and without waiting for the disk, which is in its favor, too. The
garbage collector runs as rarely as in `kinelog worker projections`, on both sides.

Run `python -m benchmarks.projections_postgres [--json]`; `--help` lists the sizes.
"""

import statistics
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from eventsourcing.postgres import PostgresTrackingRecorder
from psycopg.sql import SQL, Identifier

from adapters.event_log.postgres import PostgresEventLog
from adapters.migrations import upgrade
from adapters.read_models.change_listener import PostgresMovement
from adapters.read_models.database import Database
from application.kernel.ports import Change
from application.kernel.read_your_writes import wait_until
from benchmarks._report import Row, print_report, seconds
from benchmarks.projections import AT, ORIGIN, Ours, Result, measured, session, shipped
from bootstrap.distributed import projection_runner
from bootstrap.garbage_collection import reduce_garbage_collection
from bootstrap.settings import Settings
from projections.registry import ALL
from tools.local_services.databases import create_database, name_of
from tools.local_services.postgres import LocalPostgres


class SummaryView(PostgresTrackingRecorder):
    """The summaries in PostgreSQL."""

    find = "SELECT row FROM public.summary WHERE key = %s"
    keep = (
        "INSERT INTO public.summary VALUES (%s, %s)"
        " ON CONFLICT (key) DO UPDATE SET row = excluded.row"
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        table = "CREATE TABLE IF NOT EXISTS public.summary (key text PRIMARY KEY, row bytea)"
        self.sql_create_statements.append(SQL(table))  # type: ignore[arg-type]  # a constant


def shipped_on_postgres(server: str, sessions: int, *, durable: bool) -> Result:
    """Time the library's runner in a new database."""
    url = create_database(server)
    if not durable:
        with psycopg.connect(url, autocommit=True) as connection:
            database = Identifier(name_of(url))
            statement = SQL("ALTER DATABASE {} SET synchronous_commit TO off").format(database)
            connection.execute(statement)
    address = urlsplit(url)
    settings = {
        "SUMMARY_PERSISTENCE_MODULE": "eventsourcing.postgres",
        "SUMMARY_POSTGRES_DBNAME": name_of(url),
        "SUMMARY_POSTGRES_HOST": address.hostname or "",
        "SUMMARY_POSTGRES_PORT": str(address.port),
        "SUMMARY_POSTGRES_USER": address.username or "",
        "SUMMARY_POSTGRES_PASSWORD": address.password or "",
    }
    how = "as shipped" if durable else "synchronous_commit = off"
    return shipped(how, SummaryView, settings, sessions)


def read_what_was_written(mine: Ours, url: str) -> float:
    """Return the median seconds from an append until another process has it in all read models."""
    stop = threading.Event()
    settings = Settings.model_validate({"postgres_url": url})

    def written(movement: PostgresMovement) -> float:
        change = Change(f"session-{uuid4()}", 0, session()[:1])
        done = mine.log.append([change], origin=ORIGIN, command_id=uuid4())
        return seconds(lambda: _seen(mine, done.position, movement))

    with (
        projection_runner(settings, poll_s=0.1) as runner,
        closing(PostgresMovement(url)) as movement,
        ThreadPoolExecutor(1) as thread,
    ):
        running = thread.submit(runner.run, stop)
        took = [written(movement) for _ in range(60)]
        stop.set()
        running.result()
    return statistics.median(took)


def _seen(mine: Ours, position: int, movement: PostgresMovement) -> None:
    assert wait_until(mine.tables, ALL, position, 60, movement)


def run(sessions: int, shipped_sessions: int, rounds: int) -> list[Row]:
    """Measure on a server that is removed afterwards."""
    reduce_garbage_collection()
    with LocalPostgres() as server:
        url = create_database(server.url)
        upgrade(url)
        with (
            closing(PostgresEventLog(url, clock=lambda: AT, new_id=uuid4)) as log,
            closing(Database(url)) as database,
        ):
            mine = Ours(log, database, sessions)
            ways = [
                lambda: shipped_on_postgres(server.url, shipped_sessions, durable=True),
                lambda: shipped_on_postgres(server.url, shipped_sessions, durable=False),
                mine.rebuild_one,
                mine.rebuild_all,
            ]
            return measured(ways, lambda: read_what_was_written(mine, url), rounds)


if __name__ == "__main__":
    print_report(__doc__, run, sessions=1500, shipped_sessions=60, rounds=5)
