"""The database in which read models are kept: SQLite here, PostgreSQL by its URL."""

import contextlib
from collections.abc import Generator
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.readmodels.tables import STATE
from application.ports import StorageUnavailable

LOCK_TIMEOUT_S: Final = 10.0
"""How long a writer waits for another one; batches take milliseconds."""


class Database:
    """Transactions on an engine: any number of readers, one writer at a time on SQLite.

    Connections come from the engine's pool and may be used from any thread. `engine` is either a
    database URL, and then SQLite is set up so that a writer blocks no reader, or an engine that
    the caller has set up. Raises StorageUnavailable where the database cannot be opened.
    """

    def __init__(self, engine: str | sa.URL | sa.Engine) -> None:
        self.engine = engine if isinstance(engine, sa.Engine) else open_engine(engine)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        with self.write() as connection:
            STATE.create(connection, checkfirst=True)

    @contextlib.contextmanager
    def read(self) -> Generator[sa.Connection]:
        """Open a connection that sees one state of the database."""
        with _storage_errors(), self.engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Generator[sa.Connection]:
        """Open a connection whose changes are stored together at the end, or not at all."""
        with _storage_errors(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@contextlib.contextmanager
def _storage_errors() -> Generator[None]:
    try:
        yield
    except (DataError, IntegrityError, NotSupportedError, ProgrammingError):
        raise  # the statement is at fault, not the storage
    except (DatabaseError, InterfaceError) as error:
        raise StorageUnavailable(f"The read models cannot be reached: {error.orig}.") from error


def open_engine(url: str | sa.URL) -> sa.Engine:
    """Make an engine; for SQLite one that writes ahead, with transactions under our control."""
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite":
        return sa.create_engine(address)
    engine = sa.create_engine(address, connect_args={"timeout": LOCK_TIMEOUT_S})
    if address.database:
        _make_folder(Path(address.database).parent)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnavailable(f"{folder} cannot be made: {error.strerror}.") from error


def _set_up_sqlite(dbapi_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Leave transactions to us: Python's driver would begin them late and not around DDL."""
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # After a power cut the last transactions may be gone, rows and positions alike: read again.
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    options: Any = connection.get_execution_options()
    connection.exec_driver_sql(options.get("begin", "BEGIN"))
