"""Contract of job stores."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA, SqlJobStore
from adapters.sql.engines import open_engine
from application.analysis.jobs import AnalysisJob
from application.kernel.ports import StorageUnavailable
from domain.ids import DEFAULT_TENANT, SessionId, TenantId, UserId

ONE, OTHER = UUID(int=101), UUID(int=102)
LONG_S = 3600.0
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


def test_a_job_is_read_as_submitted(store: SqlJobStore) -> None:
    assert store.add(job()) == job()
    assert store.get(DEFAULT_TENANT, job().id) == job()
    assert store.get(DEFAULT_TENANT, UUID(int=2)) is None


def test_submitting_a_job_again_returns_the_existing_one(store: SqlJobStore) -> None:
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


def test_unfinished_jobs_are_claimed_oldest_first(store: SqlJobStore) -> None:
    for number in (3, 1, 2, 4):
        store.add(job(number))
    store.save(replace(job(2), state="failed", problem_code="x", problem_detail="No."))
    store.save(replace(job(3), state="running", revision=2))
    taken = [store.claim(ONE, LONG_S) for _ in range(4)]
    assert taken == [job(1), replace(job(3), state="running", revision=2), job(4), None]


def test_a_leased_job_is_not_claimed_again(store: SqlJobStore) -> None:
    """R-EVT-18"""
    store.add(job())
    assert store.claim(ONE, LONG_S) == job()
    assert store.claim(OTHER, LONG_S) is None
    assert store.keep(ONE, job(), LONG_S)
    assert not store.keep(OTHER, job(), LONG_S)


def test_a_job_that_is_not_held_in_time_goes_to_another(store: SqlJobStore) -> None:
    """R-EVT-18: what a dead owner held is taken over, and it can go on with it no more"""
    store.add(job())
    assert store.claim(ONE, 0.0) == job()
    assert store.claim(OTHER, LONG_S) == job()
    assert not store.keep(ONE, job(), LONG_S)
    assert store.claim(ONE, LONG_S) is None


def test_a_job_that_is_let_go_is_free_at_once(store: SqlJobStore) -> None:
    store.add(job())
    store.claim(ONE, LONG_S)
    assert store.keep(ONE, job(), 0.0)
    assert store.claim(OTHER, LONG_S) == job()


def test_attempts_are_counted_but_for_those_that_are_forgiven(store: SqlJobStore) -> None:
    """R-EVT-19"""
    store.add(job())
    store.add(job(tenant="other"))
    assert store.attempts(job()) == 0
    store.forgive(job())
    for attempt in (1, 2, 3):
        store.claim(ONE, 0.0)
        assert store.attempts(job()) == attempt
    store.forgive(job())
    assert (store.attempts(job()), store.attempts(job(tenant="other"))) == (2, 0)


def test_jobs_of_the_same_id_in_two_tenants_are_two(store: SqlJobStore) -> None:
    """R-DAT-06"""
    store.add(job())
    store.add(job(tenant="other"))
    taken = [store.claim(ONE, LONG_S), store.claim(OTHER, LONG_S)]
    assert {each.tenant_id for each in taken if each} == {DEFAULT_TENANT, "other"}


def test_concurrent_claims_get_different_jobs(store: SqlJobStore) -> None:
    """R-EVT-16, R-EVT-18"""
    for number in range(20):
        store.add(job(number + 1))
    owners = [UUID(int=number + 1) for number in range(4)]

    def take_all(owner: UUID) -> list[UUID]:
        taken: list[UUID] = []
        while each := store.claim(owner, LONG_S):
            taken.append(each.id)
        return taken

    with ThreadPoolExecutor(len(owners)) as threads:
        taken = [each for mine in threads.map(take_all, owners) for each in mine]
    assert sorted(taken) == sorted(UUID(int=number + 1) for number in range(20))


def test_processes_that_start_together_make_the_table_once(url: str, engine: sa.Engine) -> None:
    others = [open_engine(url, schema=SCHEMA) for _ in range(4)]
    with ThreadPoolExecutor(5) as threads:
        stores = list(threads.map(SqlJobStore, [engine, *others]))
    stores[0].add(job())
    assert all(store.get(DEFAULT_TENANT, job().id) == job() for store in stores)
    for other in others:
        other.dispose()


def test_an_unreachable_store_is_reported(store: SqlJobStore, engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE analysis_job")
    with pytest.raises(StorageUnavailable):
        store.claim(ONE, LONG_S)
