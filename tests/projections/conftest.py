"""Read models in each kind of database."""

from collections.abc import Iterator

import pytest

from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from tests.projections.stores import NewDatabase, Store, new_databases, opened


@pytest.fixture(
    scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]
)
def new_database(request: pytest.FixtureRequest) -> Iterator[NewDatabase]:
    with new_databases(request.param, request) as new:
        yield new


@pytest.fixture
def database(new_database: NewDatabase) -> Iterator[Database]:
    database = new_database()
    yield database
    database.close()


@pytest.fixture
def tables(database: Database) -> SqlProjectionStore:
    return SqlProjectionStore(database)


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with opened(new_database()) as store:
        yield store
