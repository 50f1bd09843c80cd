"""Database engines: a SQLite file, or one schema of a shared PostgreSQL database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection, IsolationLevel
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.sql.private_files import make_private_file, make_private_folder
from adapters.sql.row_security import keep_apart
from adapters.sql.wal import wait_for_wal
from application.kernel.ports import StorageUnavailable

LOCK_TIMEOUT_S: Final = 10.0
"""Longest wait of a writer for another one; batches take milliseconds."""

IDLE_TRANSACTION_S: Final = 60
"""After this an idle transaction of a lost program is ended, and its locks are released."""

CONNECT_TIMEOUT_S: Final = 5

MAKING: Final = 7_595_438_422
"""Key of the advisory lock for creating our schemas and tables."""


def open_engine(
    url: str | sa.URL,
    *,
    schema: str,
    connections: int = 16,
    patience_s: float = 5.0,
    ping: bool = True,
    isolation: IsolationLevel | None = None,
) -> sa.Engine:
    """Create an engine. SQLite uses a write-ahead log, with transactions under our control.

    Errors do not list the parameters of their statement, which may be personal data.

    For PostgreSQL, `url` is a libpq connection string. All names refer to tables of `schema`; at
    most `connections` are open, and a caller waits at most `patience_s` seconds for one. Each
    connection is tested before use; without `ping` it may turn out dead. It connects on first use.
    `isolation` is that of PostgreSQL's connections, if not the usual one.
    """
    if str(url).startswith("sqlite"):
        return _sqlite(sa.make_url(url))
    conninfo = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    conninfo = conninfo.replace("postgresql+psycopg://", "postgresql://", 1)
    return sa.create_engine(
        "postgresql+psycopg://",  # without the password, which only the function below has
        creator=lambda: _connect(conninfo, schema),
        pool_pre_ping=ping,
        pool_use_lifo=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=patience_s,
        **({} if isolation is None else {"isolation_level": isolation}),
        use_native_hstore=False,
        hide_parameters=True,
    )


def is_postgresql(engine: sa.Engine) -> bool:
    """Check for PostgreSQL, which many machines may write to."""
    return engine.dialect.name == "postgresql"


def make_once(
    engine: sa.Engine,
    *,
    schema: str,
    marker_table: str,
    marker_column: str | None = None,
    make: Callable[[sa.Connection], object],
) -> None:
    """Create tables if the given one, or its given column, does not exist.

    Of several concurrent processes one creates them, and the others wait for it. If all tables
    exist, no right to create them is needed. PostgreSQL isolates tenants in them by row-level
    security.
    """
    if not is_postgresql(engine):
        with engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
            make(connection)
        return
    with engine.begin() as connection:
        if _is_there(connection, schema, marker_table, marker_column):
            return
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MAKING)))
        if not sa.inspect(connection).has_schema(schema):  # without the right to create any
            connection.execute(sa.schema.CreateSchema(schema))
        make(connection)
        keep_apart(connection, schema)


def add_missing_columns(connection: sa.Connection, table: sa.Table) -> None:
    """Add the columns that a table of an earlier version lacks."""
    existing = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in existing:
            added = sa.schema.CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {added}")


def _is_there(connection: sa.Connection, schema: str, table: str, column: str | None) -> bool:
    columns = sa.text(
        "SELECT FROM pg_attribute WHERE attrelid = to_regclass(:table)"
        " AND attname = coalesce(:column, attname) LIMIT 1"
    )
    marker = {"table": f'"{schema}"."{table}"', "column": column}
    return connection.execute(columns, marker).first() is not None


def _connect(conninfo: str, schema: str) -> psycopg.Connection[Any]:
    """Open a connection in which every statement sees all earlier commits.

    A snapshot for a whole transaction could be older than a table that has been swapped in since,
    and that table would look empty.
    """
    connection: psycopg.Connection[Any] = psycopg.connect(
        conninfo, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S, application_name="kinelog"
    )
    settings = {
        "search_path": sql.Identifier(schema).as_string(connection),
        "timezone": "UTC",
        "lock_timeout": f"{LOCK_TIMEOUT_S}s",
        "idle_in_transaction_session_timeout": f"{IDLE_TRANSACTION_S}s",
        "default_transaction_isolation": "read committed",
    }
    assignments = ", ".join(["set_config(%s, %s, false)"] * len(settings))
    values = [part for setting in settings.items() for part in setting]
    connection.execute(f"SELECT {assignments}".encode(), values)
    connection.autocommit = False
    return connection


def _sqlite(address: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        address, connect_args={"timeout": LOCK_TIMEOUT_S}, hide_parameters=True
    )
    if address.database:
        _make_file(Path(address.database))
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_file(path: Path) -> None:
    try:
        make_private_folder(path.parent)
        make_private_file(path)
    except OSError as error:
        raise StorageUnavailable(f"{path} cannot be made: {error.strerror}.") from error


def _set_up_sqlite(dbapi_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Take control of transactions: Python's driver would begin them late and not around DDL."""
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    wait_for_wal(lambda: cursor.execute("PRAGMA journal_mode = WAL"))
    # A power cut may lose the last transactions, rows and checkpoints together: they are redone.
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    options: Any = connection.get_execution_options()
    connection.exec_driver_sql(options.get("begin", "BEGIN"))
