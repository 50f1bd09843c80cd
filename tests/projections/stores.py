"""Read models in their own database, filled from an in-memory log."""

import contextlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.queries import SqlReadModels
from adapters.read_models.tables import QUARANTINE, STREAM_OWNER, filled_table
from application.kernel.projection_runner import build_missing, catch_up
from application.kernel.read_models import ReadModels
from domain.ids import DEFAULT_TENANT
from domain.kernel import Projection, Recorded
from projections.registry import ALL
from projections.session_summary import SESSION_SUMMARY, SessionSummary
from tests.projections.histories import AT, ListLog, completed, started
from tools.local_services.databases import fresh_database


@dataclass
class Store:
    """Read models, and a log to fill them from."""

    database: Database
    log: ListLog

    @property
    def read(self) -> ReadModels:
        return SqlReadModels(self.database)

    def follow(self) -> None:
        tables = SqlProjectionStore(self.database)
        build_missing(self.log, tables, ALL)
        for table in catch_up(self.log, tables, ALL):
            assert not table.quarantined


def contents(
    database: Database, tables: SqlProjectionStore, projections: Sequence[Projection[Any]] = ALL
) -> dict[str, Any]:
    """Return all rows of the live tables as they are stored."""
    found: dict[str, Any] = {}
    for table in tables.live(projections):
        name = filled_table(table.projection, table.generation).table.name
        with database.read() as connection:
            rows = connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()  # noqa: S608  our own name
        found[table.projection.name] = (table.position, table.quarantined, rows)
    return found


def summary(database: Database, session: str = "s1") -> SessionSummary:
    row = SqlReadModels(database).get(SESSION_SUMMARY, DEFAULT_TENANT, session)
    assert row is not None
    return row


def broken_at(position: int, *, ahead: int = 0) -> Projection[SessionSummary]:
    """Return a summary that fails on the event at a position; `ahead` is added to its version."""

    def evolve(row: SessionSummary | None, recorded: Recorded[Any]) -> SessionSummary | None:
        if recorded.position == position:
            raise LookupError("no such exercise")
        return SESSION_SUMMARY.evolve(row, recorded)

    return replace(SESSION_SUMMARY, evolve=evolve, version=SESSION_SUMMARY.version + ahead)


class Interrupted(ListLog):
    """A log that runs a function once, during a read."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self.meanwhile: Callable[[], object] | None = meanwhile

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]:
        happening, self.meanwhile = self.meanwhile, None
        if happening:
            happening()
        return super().scan(after=after, limit=limit)


NewDatabase = Callable[[], Database]
"""Creates a database without read models; on PostgreSQL it replaces the previous one."""


@contextlib.contextmanager
def new_databases(
    kind: str, request: pytest.FixtureRequest, *, with_tables: bool = False
) -> Generator[NewDatabase]:
    """Yield a factory of databases of a kind, `sqlite` or `postgresql`.

    Creating the tables takes longer than most tests: `with_tables` keeps or copies them.
    """
    if kind == "sqlite":
        folders: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
        template = folders.mktemp("template") / "read_models.db"
        if with_tables:
            with opened(Database(f"sqlite:///{template}")):
                pass
        yield lambda: _copied(template, folders.mktemp("read") / template.name)
        return
    with fresh_database(request.getfixturevalue("postgres").address) as url:
        if with_tables:
            with opened(emptied(url)):
                yield lambda: without_rows(url)
        else:
            yield lambda: emptied(url)


def _copied(template: Path, path: Path) -> Database:
    """Open a copy of a SQLite database, or a new one if there is no template."""
    if template.exists():
        copyfile(template, path)
    return Database(f"sqlite:///{path}")


def emptied(url: str) -> Database:
    with psycopg.connect(url) as connection:
        connection.execute("DROP SCHEMA IF EXISTS read CASCADE")
    return Database(url)


def without_rows(url: str) -> Database:
    with psycopg.connect(url) as connection:
        delete_rows(connection)
    return Database(url)


def delete_rows(connection: psycopg.Connection[Any]) -> None:
    """Delete all rows of read models; the tables are filled again from the first event."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'read' AND tablename LIKE %s"
    filled = [name for (name,) in connection.execute(tables, ["%\\_v%"])]
    for name in (*filled, STREAM_OWNER.name, QUARANTINE.name):
        connection.execute(SQL("DELETE FROM {}").format(Identifier("read", name)))
    connection.execute(
        "UPDATE read.projection_table SET position = 0, failed_at = NULL, failure = NULL"
    )


@contextlib.contextmanager
def opened(database: Database) -> Generator[Store]:
    store = Store(database, ListLog())
    store.follow()
    yield store
    database.close()


def sessions(store: Store, count: int, *, first: int = 0, tenant: str = DEFAULT_TENANT) -> None:
    """Add sessions s00, s01, … a minute apart; every third is completed with a score."""
    for number in range(first, first + count):
        at = AT + timedelta(minutes=number)
        store.log.add(f"session-s{number:02}", started(at=at), tenant=tenant)
        if number % 3 == 0:
            store.log.add(
                f"session-s{number:02}",
                completed(at=at, accuracy=number / 100),
                tenant=tenant,
            )
    store.follow()
