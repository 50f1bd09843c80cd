"""PostgreSQL database with an event log for each module, emptied before each test."""

from collections.abc import Iterator

import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from tests.adapters.event_log.postgres_databases import empty, upgraded_database
from tests.plugins.services import Service


@pytest.fixture(scope="module")
def log_database(postgres: Service) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        yield url


@pytest.fixture
def url(log_database: str) -> str:
    empty(log_database)
    return log_database


@pytest.fixture
def postgres_log(url: str) -> Iterator[PostgresEventLog]:
    log = PostgresEventLog(url, clock=utc_now, new_id=new_id, connections=8)
    yield log
    log.close()
