"""Analytics database: the analysts' schema in the event log's PostgreSQL, made by revision 0004."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from adapters.sql.engines import open_engine
from adapters.sql.errors import storage_errors
from application.analytics.windows import TALLIED, Tally

SCHEMA: Final = "analytics"
CONNECTIONS: Final = 2
"""One for the worker, which does one thing at a time, and one for observers."""


@dataclass(frozen=True)
class Analytics:
    """Transactions in the schema `analytics`. Any thread may use it. Raises StorageUnavailable."""

    engine: sa.Engine

    @classmethod
    def at(cls, url: str) -> "Analytics":
        """Open a database by its URL; it connects on first use."""
        return cls(open_engine(url, schema=SCHEMA, connections=CONNECTIONS))

    @contextmanager
    def transaction(self) -> Generator[sa.Connection]:
        """Run statements in one transaction."""
        with storage_errors("The analysts' tables"), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def statement(self) -> Generator[sa.Connection]:
        """Run one statement as its own transaction, in half as many round trips."""
        alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with storage_errors("The analysts' tables"), alone.connect() as connection:
            yield connection

    def require_tables(self) -> None:
        """Raise StorageUnavailable unless the analysts' tables exist."""
        with self.statement() as connection:
            fetch(connection, "SELECT FROM analytics.worker_position LIMIT 0")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def fetch(connection: sa.Connection, query: str, *parameters: Any) -> Sequence[Any]:
    """Run one of our queries, in psycopg's notation, and return its rows; lists are arrays."""
    return connection.exec_driver_sql(query, parameters).all()


def execute(connection: sa.Connection, statement: str, *parameters: Any) -> int:
    """Run one of our statements, in psycopg's notation, and return the number of changed rows."""
    return connection.exec_driver_sql(statement, parameters).rowcount


def columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Turn rows into columns; there are `width` of them even if there are no rows."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


def numbers(tally: Tally) -> tuple[int, ...]:
    """Return the numbers of a tally in the order of its columns."""
    return tuple(getattr(tally, name) for name in TALLIED)
