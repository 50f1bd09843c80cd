"""The database in which read models are kept: SQLite here, PostgreSQL by its URL."""

import contextlib
import sqlite3
from collections.abc import Generator
from threading import Lock
from typing import Any, Final
from uuid import uuid4

import psycopg
import sqlalchemy as sa

from adapters.readmodels.columns import storable
from adapters.readmodels.engines import is_postgresql, make_once, open_engine
from adapters.readmodels.failures import storage_errors
from adapters.readmodels.tables import EDITION, PARKED, STATE

SCHEMA: Final = "read"
"""Where read models lie in PostgreSQL, and nothing else does, so that analysts can be let in.

They see what is there now and after each rebuild with
`GRANT USAGE ON SCHEMA read TO analyst` and, by whoever fills the tables,
`ALTER DEFAULT PRIVILEGES IN SCHEMA read GRANT SELECT ON TABLES TO analyst`.
"""

NAMED: Final = "The read models"


class Database:
    """Transactions on an engine: any number of readers; on SQLite one writer at a time.

    Connections come from the engine's pool and may be used from any thread. `engine` is either a
    database URL, and then SQLite is set up so that a writer blocks no reader and PostgreSQL has
    all tables in the schema `read`, or an engine that the caller has set up. Raises
    StorageUnavailable where the database cannot be opened.
    """

    def __init__(self, engine: str | sa.URL | sa.Engine) -> None:
        if not isinstance(engine, sa.Engine):
            engine = open_engine(engine, schema=SCHEMA)
        self.engine = engine
        self.is_postgresql = is_postgresql(self.engine)
        self._glancing: Any = None
        self._glance_lock = Lock()
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        # Without BEGIN and COMMIT, which would be two more trips to the server.
        level = {"isolation_level": "AUTOCOMMIT"} if self.is_postgresql else {}
        self._reader = self.engine.execution_options(**level)
        with storage_errors(NAMED):
            make_once(
                self.engine,
                schema=SCHEMA,
                known_by=EDITION.name,
                make=_make_tables,
            )

    @contextlib.contextmanager
    def read(self) -> Generator[sa.Connection]:
        """Open a connection that sees one state of the database; on PostgreSQL, each statement."""
        with storage_errors(NAMED), self._reader.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Generator[sa.Connection]:
        """Open a connection whose changes are stored together at the end, or not at all."""
        with storage_errors(NAMED), self._writer.begin() as connection:
            yield connection

    def glance(self, query: str) -> Any:
        """Read one value over a connection that is kept for it: a quarter of the usual time."""
        try:
            with self._glance_lock:
                return self._glanced(query)
        except (sqlite3.Error, psycopg.Error):
            with self._glance_lock:
                self._glance_no_more()
        with self.read() as connection:  # either it can be read so, or the reason why is told
            return connection.exec_driver_sql(query).scalar_one()

    def _glanced(self, query: str) -> Any:
        if self._glancing is None:
            with storage_errors(NAMED):
                lent = self.engine.raw_connection()
            self._glancing = lent.driver_connection
            lent.detach()  # the pool does without it from now on
            if self.is_postgresql:
                self._glancing.autocommit = True
        ((value,),) = self._glancing.execute(query).fetchall()
        return value

    def _glance_no_more(self) -> None:
        if self._glancing is not None:
            self._glancing.close()
            self._glancing = None

    def kept(self, value: Any) -> Any:
        """Give a value as it is kept, and comes back: PostgreSQL holds no NUL in a text."""
        if self.is_postgresql and isinstance(value, str):
            return storable(value)
        return value

    def close(self) -> None:
        """Close all connections."""
        with self._glance_lock:
            self._glance_no_more()
        self.engine.dispose()


def _make_tables(connection: sa.Connection) -> None:
    """Make what is missing; whoever made the others may have been an earlier version."""
    for table in (STATE, PARKED, EDITION):
        table.create(connection, checkfirst=True)
    if connection.execute(sa.select(EDITION)).first() is None:
        connection.execute(EDITION.insert().values(name=str(uuid4())))
