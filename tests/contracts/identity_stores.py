"""Where accounts, keys and sign-ins are kept, for tests that hold the stores to one contract."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from adapters.identity.database import IdentityDatabase
from adapters.identity.tables import METADATA

STORES = ("sqlite", "postgresql")


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
