"""The database in which read models are kept: SQLite here, PostgreSQL by its URL."""

import contextlib
from collections.abc import Generator
from typing import Any, Final

import sqlalchemy as sa

from adapters.readmodels.columns import storable
from adapters.readmodels.engines import is_postgresql, make_once, open_engine
from adapters.readmodels.failures import storage_errors
from adapters.readmodels.tables import STATE

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
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        # Without BEGIN and COMMIT, which would be two more trips to the server.
        level = {"isolation_level": "AUTOCOMMIT"} if self.is_postgresql else {}
        self._reader = self.engine.execution_options(**level)
        with storage_errors(NAMED):
            make_once(
                self.engine,
                schema=SCHEMA,
                known_by=STATE.name,
                make=lambda connection: STATE.create(connection, checkfirst=True),
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

    def kept(self, value: Any) -> Any:
        """Give a value as it is kept, and comes back: PostgreSQL holds no NUL in a text."""
        if self.is_postgresql and isinstance(value, str):
            return storable(value)
        return value

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
