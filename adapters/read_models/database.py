"""Database of the read models: SQLite, or PostgreSQL by its URL."""

import contextlib
import sqlite3
from collections.abc import Callable, Generator, Mapping
from threading import Lock
from typing import Any, Final
from uuid import uuid4

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from adapters.read_models.analyst_views import show_to_analysts
from adapters.read_models.prepared import Prepared, Shape
from adapters.read_models.row_guard import ACT, GuardedConnection, Reader, guard
from adapters.read_models.tables import (
    DATA_VERSION,
    LAYOUT,
    QUARANTINE,
    STATE,
    STREAM_OWNER,
    RowTable,
    table_name,
    views_on,
)
from adapters.sql.columns import storable
from adapters.sql.engines import is_postgresql, make_once, open_engine
from adapters.sql.errors import storage_errors
from adapters.sql.row_security import MAKE_ROLE
from application.kernel.cache import LruCache
from application.kernel.ports import StorageUnavailable

SCHEMA: Final = "read"
"""PostgreSQL schema of the read models and of nothing else, so that analysts may read it.

They see current and future tables with `GRANT USAGE ON SCHEMA read TO analyst` and, by the role
that fills the tables, `ALTER DEFAULT PRIVILEGES IN SCHEMA read GRANT SELECT ON TABLES TO analyst`.
"""

NAMED: Final = "The read models"

FILLING: Final = 6
READING: Final = 16
"""Most connections of a process."""

AUTOCOMMIT: Final = "AUTOCOMMIT"
"""Without BEGIN and COMMIT, which would be two more round trips."""

MAX_PREPARED: Final = 512
"""Queries that are kept, one for each shape."""


class Database:
    """Transactions on an engine: any number of readers; on SQLite one writer at a time.

    Connections come from the engine's pool and may be used from any thread. `engine` is either a
    database URL, and then SQLite is set up so that a writer blocks no reader and PostgreSQL has all
    tables in the schema `read`, or an engine that the caller has set up. Raises StorageUnavailable
    if the database cannot be opened.
    """

    def __init__(self, engine: str | sa.URL | sa.Engine) -> None:
        self.engine, self.readers = _engines(engine)
        self.is_postgresql = is_postgresql(self.engine)
        self._glancing: Any = None
        self._glance_lock = Lock()
        self._prepared = LruCache[Shape, Prepared](MAX_PREPARED)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        level = {"isolation_level": AUTOCOMMIT} if self.is_postgresql else {}
        self._reader = self.engine.execution_options(**level)
        with storage_errors(NAMED):
            make_once(
                self.engine,
                schema=SCHEMA,
                marker_table=LAYOUT.name,
                make=_make_tables,
            )

    @contextlib.contextmanager
    def read(self) -> Generator[sa.Connection]:
        """Open a connection with one snapshot for all statements; on PostgreSQL, one for each."""
        with storage_errors(NAMED), self._reader.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def guarded(self, rows: RowTable, reader: Reader) -> Generator[GuardedConnection]:
        """Open a connection that reads a table for one reader, and sees only that reader's rows."""
        with storage_errors(NAMED), self._acting(reader) as connection:
            yield GuardedConnection(connection, rows, reader)

    def prepared(self, shape: Shape, prepare: Callable[[sa.Dialect], Prepared]) -> Prepared:
        """Return the query of a shape; prepare it the first time."""
        query = self._prepared.get(shape)
        if query is None:
            query = prepare(self.readers.dialect)
            self._prepared.put(shape, query)
        return query

    def fetch(
        self, query: Prepared, values: Mapping[str, Any], reader: Reader
    ) -> list[list[Any]] | None:
        """Run a prepared query over the driver, which takes a fifth of the time of `guarded`.

        Returns None if the driver refuses: asking by `guarded` tries again, or tells the reason.
        """
        try:
            with storage_errors(NAMED):
                pooled = self.readers.raw_connection()
        except (sqlite3.Error, psycopg.Error) as error:
            reason = str(error).partition("\n")[0].rstrip(".")
            raise StorageUnavailable(f"{NAMED} cannot be reached: {reason}.") from error
        try:
            driver: Any = pooled.driver_connection
            if self.is_postgresql:
                driver.execute(ACT, reader.settings)
            found = driver.execute(query.text, query.arguments(values, reader)).fetchall()
        except (sqlite3.Error, psycopg.Error) as error:
            pooled.invalidate(error)
            return None
        finally:
            pooled.close()
        return query.records(found)

    @contextlib.contextmanager
    def _acting(self, reader: Reader) -> Generator[sa.Connection]:
        if not self.is_postgresql:
            with self.readers.begin() as connection:
                yield connection
            return
        with self._open_reader(reader) as connection:
            yield connection

    def _open_reader(self, reader: Reader) -> sa.Connection:
        """Return a connection that is set to its reader; open another one if it turns out dead.

        Setting the reader tests the connection, so the test needs no round trip of its own.
        """
        connection = self.readers.connect()
        try:
            connection.exec_driver_sql(ACT, reader.settings)
        except DBAPIError as failure:
            connection.close()
            if not failure.connection_invalidated:
                raise
            connection = self.readers.connect()  # all open connections have been discarded
            connection.exec_driver_sql(ACT, reader.settings)
        return connection

    @contextlib.contextmanager
    def write(self) -> Generator[sa.Connection]:
        """Open a connection whose changes are committed together or not at all."""
        with storage_errors(NAMED), self._writer.begin() as connection:
            yield connection

    def read_version(self, query: str) -> Any:
        """Read one value over a dedicated connection: this takes a quarter of the usual time."""
        try:
            with self._glance_lock:
                return self._glanced(query)
        except (sqlite3.Error, psycopg.Error):
            with self._glance_lock:
                self._glance_no_more()
        with self.read() as connection:  # either this read succeeds, or it raises the reason
            return connection.exec_driver_sql(query).scalar_one()

    def _glanced(self, query: str) -> Any:
        if self._glancing is None:
            with storage_errors(NAMED):
                connection = self.engine.raw_connection()
            self._glancing = connection.driver_connection
            connection.detach()  # the pool discards it
            if self.is_postgresql:
                self._glancing.autocommit = True
        ((value,),) = self._glancing.execute(query).fetchall()
        return value

    def _glance_no_more(self) -> None:
        if self._glancing is not None:
            self._glancing.close()
            self._glancing = None

    def kept(self, value: Any) -> Any:
        """Return a value as it will be stored and read back: PostgreSQL stores no NUL in a text."""
        if self.is_postgresql and isinstance(value, str):
            return storable(value)
        return value

    def close(self) -> None:
        """Close all connections."""
        with self._glance_lock:
            self._glance_no_more()
        self.readers.dispose()
        self.engine.dispose()


def _engines(given: str | sa.URL | sa.Engine) -> tuple[sa.Engine, sa.Engine]:
    """Return the engine that fills tables and the engine that reads for one reader at a time.

    In PostgreSQL connections of the second engine have given up their other rights; each use begins
    with setting the reader.
    """
    engine = (
        given
        if isinstance(given, sa.Engine)
        else open_engine(given, schema=SCHEMA, connections=FILLING)
    )
    if not is_postgresql(engine):
        return engine, engine
    if isinstance(given, sa.Engine):
        readers = sa.create_engine(
            given.url,
            pool=given.pool.recreate(),
            isolation_level=AUTOCOMMIT,
            use_native_hstore=False,
            hide_parameters=True,
        )
    else:
        readers = open_engine(
            given, schema=SCHEMA, connections=READING, ping=False, isolation=AUTOCOMMIT
        )
    return engine, readers


def _make_tables(connection: sa.Connection) -> None:
    """Create missing tables; an earlier version may have created the others."""
    inspector = sa.inspect(connection)
    if inspector.has_table(STATE.name) and not inspector.has_table(LAYOUT.name):
        _drop_all(connection)
    is_new = not inspector.has_table(LAYOUT.name)
    for table in (STATE, QUARANTINE, DATA_VERSION, STREAM_OWNER, LAYOUT):
        table.create(connection, checkfirst=True)
    if is_new and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(MAKE_ROLE)
        for table in (QUARANTINE, STREAM_OWNER):
            guard(connection, table.name, shown=False)
    if connection.execute(sa.select(DATA_VERSION)).first() is None:
        connection.execute(DATA_VERSION.insert().values(name=str(uuid4())))


def _drop_all(connection: sa.Connection) -> None:
    """Drop the tables of an older layout; their contents can be rebuilt from the log."""
    for state in connection.execute(sa.select(STATE)).all():
        name = table_name(state.projection, state.version, state.generation)
        if connection.dialect.name == "postgresql":
            if state.live:
                show_to_analysts(connection, state.projection, is_there=False)
            connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}" CASCADE')
            continue
        for view in views_on(state.projection, state.version):
            connection.exec_driver_sql(f'DROP VIEW IF EXISTS "{view}"')
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"')
    for table in (STATE, QUARANTINE):
        connection.execute(table.delete())
