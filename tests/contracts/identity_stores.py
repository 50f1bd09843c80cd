"""Stores of accounts, keys and sign-ins for the contract tests."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import psycopg
import pytest

from adapters.users.database import IdentityDatabase
from adapters.users.tables import METADATA

STORES = ("sqlite", "postgresql")

Done = TypeVar("Done")


def at_once(count: int, work: Callable[[int], Done]) -> list[Done]:
    """Run a function on threads that start together; return their results."""
    together = Barrier(count)

    def begin(number: int) -> Done:
        together.wait(timeout=60)
        return work(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))


@contextmanager
def identity_database(request: pytest.FixtureRequest, folder: Path) -> Generator[IdentityDatabase]:
    """Open an empty store of the kind that the test is run for."""
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'identity.sqlite'}"
    else:
        url = request.getfixturevalue("database")
        tables = ", ".join(f"identity.{table.name}" for table in METADATA.sorted_tables)
        with psycopg.connect(url) as connection:
            connection.execute(f"TRUNCATE {tables}".encode())
    with closing(IdentityDatabase(url)) as database:
        yield database
