"""What every store of jobs must answer."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA, SqlJobStore
from adapters.readmodels.engines import open_engine
from application.jobs import AnalysisJob
from application.ports import StorageUnavailable
from domain.ids import DEFAULT_TENANT, SessionId, TenantId, UserId

AT = datetime(2030, 1, 1, 7, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tables.db'}"
    database: str = request.getfixturevalue("postgres_database")
    return database


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    engine = open_engine(url, schema=SCHEMA)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: sa.Engine) -> SqlJobStore:
    return SqlJobStore(engine)


def job(number: int = 1, tenant: str = DEFAULT_TENANT) -> AnalysisJob:
    return AnalysisJob(
        id=UUID(int=number),
        tenant_id=TenantId(tenant),
        athlete_id=UserId("ada"),
        exercise=None,
        name="Morning ✓",
        video="0" * 64,
        correlation_id=UUID(int=9),
        created_at=AT + timedelta(seconds=number),
    )


def test_a_job_comes_back_as_it_was_asked_for(store: SqlJobStore) -> None:
    assert store.add(job()) == job()
    assert store.get(DEFAULT_TENANT, job().id) == job()
    assert store.get(DEFAULT_TENANT, UUID(int=2)) is None


def test_a_job_asked_for_again_is_given_as_it_stands(store: SqlJobStore) -> None:
    """R-EVT-16"""
    store.add(job())
    running = replace(job(), state="running", progress=0.25, revision=2)
    store.save(running)
    assert store.add(job()) == running


def test_tenants_have_jobs_of_their_own(store: SqlJobStore) -> None:
    """R-DAT-06"""
    store.add(job())
    store.add(job(tenant="other"))
    done = replace(job(), state="succeeded", progress=1.0, session_id=SessionId("s1"))
    store.save(done)
    assert store.get(DEFAULT_TENANT, job().id) == done
    assert store.get(TenantId("other"), job().id) == job(tenant="other")
    assert store.get(TenantId("nobody"), job().id) is None


def test_what_is_not_over_is_found_again_the_oldest_first(store: SqlJobStore) -> None:
    for number in (3, 1, 2, 4):
        store.add(job(number))
    store.save(replace(job(2), state="failed", problem_code="x", problem_detail="No."))
    store.save(replace(job(3), state="running"))
    assert [each.id.int for each in store.unfinished()] == [1, 3, 4]


def test_processes_that_start_together_make_the_table_once(url: str, engine: sa.Engine) -> None:
    others = [open_engine(url, schema=SCHEMA) for _ in range(4)]
    with ThreadPoolExecutor(5) as threads:
        stores = list(threads.map(SqlJobStore, [engine, *others]))
    stores[0].add(job())
    assert all(store.get(DEFAULT_TENANT, job().id) == job() for store in stores)
    for other in others:
        other.dispose()


def test_a_store_that_cannot_be_reached_is_told(store: SqlJobStore, engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE analysis_job")
    with pytest.raises(StorageUnavailable):
        store.unfinished()
