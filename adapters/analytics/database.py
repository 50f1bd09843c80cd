"""The schema that analysts read, in the PostgreSQL of the event log; revision 0004 made it."""

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
"""A worker does one thing at a time; the other connection is for whoever looks on."""


@dataclass(frozen=True)
class Analytics:
    """Transactions in the schema `analytics`. Any thread may use it. Raises StorageUnavailable."""

    engine: sa.Engine

    @classmethod
    def at(cls, url: str) -> "Analytics":
        """Open a database by its URL; nothing is connected before it is needed."""
        return cls(open_engine(url, schema=SCHEMA, connections=CONNECTIONS))

    @contextmanager
    def transaction(self) -> Generator[sa.Connection]:
        """Do all of this, or nothing."""
        with storage_errors("The analysts' tables"), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def statement(self) -> Generator[sa.Connection]:
        """Do one statement, which is a transaction by itself: in half as many trips."""
        alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with storage_errors("The analysts' tables"), alone.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def ask(connection: sa.Connection, query: str, *parameters: Any) -> Sequence[Any]:
    """Run one query of ours, in psycopg's notation, and give its rows; lists are arrays."""
    return connection.exec_driver_sql(query, parameters).all()


def tell(connection: sa.Connection, statement: str, *parameters: Any) -> int:
    """Run one statement of ours, in psycopg's notation, and give how many rows it changed."""
    return connection.exec_driver_sql(statement, parameters).rowcount


def columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Turn rows into columns; there are `width` of them even where there is no row."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


def numbers(tally: Tally) -> tuple[int, ...]:
    """Give the numbers of a tally in the order of its columns."""
    return tuple(getattr(tally, name) for name in TALLIED)
