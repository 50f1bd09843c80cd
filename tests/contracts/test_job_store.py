"""Contract of job stores."""

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters.jobs.sql import JOBS, SCHEMA, SqlJobStore
from adapters.sql.engines import open_engine
from application.analysis.jobs import AnalysisJob
from application.analysis.quotas import UploadQuota, UploadQuotaExceeded, Usage
from application.kernel.leases import keep_alive
from application.kernel.ports import StorageUnavailable
from domain.ids import DEFAULT_TENANT, SessionId, TenantId, UserId
from tests.waiting import wait_until

ONE, OTHER = UUID(int=101), UUID(int=102)
LONG_S = 3600.0
SHORT_S = 5.0
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


def job(number: int = 1, tenant: str = DEFAULT_TENANT, attempts: int = 0) -> AnalysisJob:
    return AnalysisJob(
        attempts=attempts,
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
    store.claim(ONE, LONG_S)
    running = replace(job(attempts=1), state="running", progress=0.25, revision=2)
    assert store.save(ONE, running, LONG_S)
    assert store.add(job()) == running


def test_tenants_have_jobs_of_their_own(store: SqlJobStore) -> None:
    """R-DAT-06"""
    store.add(job())
    store.claim(ONE, LONG_S)
    store.add(job(tenant="other"))
    done = replace(job(attempts=1), state="succeeded", progress=1.0, session_id=SessionId("s1"))
    assert store.save(ONE, done, LONG_S)
    assert store.get(DEFAULT_TENANT, job().id) == done
    assert store.get(TenantId("other"), job().id) == job(tenant="other")
    assert store.get(TenantId("nobody"), job().id) is None


def test_unfinished_jobs_are_claimed_oldest_first(store: SqlJobStore) -> None:
    for number in (2, 3):
        store.add(job(number))
    store.claim(OTHER, LONG_S)
    failed = replace(
        job(2), state="failed", problem_code="x", problem_detail="No.", alternatives="squat lunge"
    )
    assert store.save(OTHER, failed, 0.0)
    store.claim(OTHER, LONG_S)
    running = replace(job(3, attempts=1), state="running", revision=2)
    assert store.save(OTHER, running, 0.0)
    for number in (4, 1):
        store.add(job(number))
    taken = [store.claim(ONE, LONG_S) for _ in range(4)]
    assert taken == [job(1, attempts=1), replace(running, attempts=2), job(4, attempts=1), None]


def test_a_leased_job_is_not_claimed_again(store: SqlJobStore) -> None:
    """R-EVT-18"""
    store.add(job())
    assert store.claim(ONE, LONG_S) == job(attempts=1)
    assert store.claim(OTHER, LONG_S) is None
    assert store.keep(ONE, job(), LONG_S)
    assert not store.keep(OTHER, job(), LONG_S)


def test_a_job_with_an_expired_lease_goes_to_another_worker(store: SqlJobStore) -> None:
    """R-EVT-18: the suspended owner can no longer change the job when it resumes."""
    store.add(job())
    assert store.claim(ONE, 0.0) == job(attempts=1)
    assert store.claim(OTHER, LONG_S) == job(attempts=2)
    assert not store.keep(ONE, job(), LONG_S)
    assert not store.save(ONE, replace(job(), state="failed"), LONG_S)
    assert store.get(DEFAULT_TENANT, job().id) == job(attempts=2)
    assert store.claim(ONE, LONG_S) is None


def test_a_released_job_can_be_claimed_at_once(store: SqlJobStore) -> None:
    store.add(job())
    store.claim(ONE, LONG_S)
    assert store.save(ONE, job(), 0.0)
    assert store.claim(OTHER, LONG_S) == job(attempts=1)


def test_claims_are_counted(store: SqlJobStore) -> None:
    """R-EVT-19"""
    store.add(job(tenant="other"))
    store.claim(OTHER, LONG_S)
    store.add(replace(job(), created_at=AT))
    claims = [store.claim(ONE, 0.0) for _ in range(3)]
    assert [each.attempts for each in claims if each] == [1, 2, 3]
    assert store.get(TenantId("other"), job().id) == job(tenant="other", attempts=1)


def test_jobs_of_the_same_id_in_two_tenants_are_two(store: SqlJobStore) -> None:
    """R-DAT-06"""
    store.add(job())
    store.add(job(tenant="other"))
    taken = [store.claim(ONE, LONG_S), store.claim(OTHER, LONG_S)]
    assert {each.tenant_id for each in taken if each} == {DEFAULT_TENANT, "other"}


def owned(number: int, athlete: str, tenant: str = DEFAULT_TENANT, size: int = 0) -> AnalysisJob:
    return replace(job(number, tenant), athlete_id=UserId(athlete), size=size)


def test_tenants_and_their_athletes_take_turns(store: SqlJobStore) -> None:
    """R-EVT-18: twenty uploads of one athlete delay the first of another by one analysis."""
    for number in range(1, 21):
        store.add(owned(number, "greedy"))
    for number in (21, 22):
        store.add(owned(number, "ada"))
    store.add(owned(30, "bob", "other"))
    claimed = [store.claim(ONE, LONG_S) for _ in range(6)]
    assert [each.id.int for each in claimed if each] == [1, 30, 21, 2, 22, 3]


def test_usage_counts_waiting_jobs_and_the_bytes_of_a_day(store: SqlJobStore) -> None:
    store.add(owned(1, "ada", size=5))
    store.add(replace(owned(2, "ada", size=7), created_at=AT - timedelta(days=2)))
    store.add(replace(owned(3, "bob", size=11), state="succeeded"))
    store.add(owned(4, "ada", "other", size=100))
    user, tenant = store.usage(DEFAULT_TENANT, UserId("ada"), AT)
    assert user == Usage(2, 5, job(1).created_at)
    assert tenant == Usage(2, 16, job(1).created_at)
    assert store.usage(TenantId("nobody"), UserId("ada"), AT) == (Usage(), Usage())


def test_concurrent_jobs_never_exceed_a_quota(store: SqlJobStore) -> None:
    """R-API-08"""
    quota = UploadQuota(
        user_waiting=3, tenant_waiting=100, user_day_bytes=10**9, tenant_day_bytes=10**9
    )

    def add(number: int) -> bool:
        try:
            store.add(owned(number, "ada"), lambda user, tenant: quota.require(user, tenant, AT))
        except UploadQuotaExceeded:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        added = list(threads.map(add, range(1, 13)))
    assert sum(added) == 3
    assert store.usage(DEFAULT_TENANT, UserId("ada"), AT)[0].waiting == 3


def work_until_killed(url: str, works: Any) -> None:
    engine = open_engine(url, schema=SCHEMA)
    store = SqlJobStore(engine)
    claimed = store.claim(ONE, SHORT_S)
    assert claimed is not None
    with keep_alive(lambda: store.keep(ONE, claimed, SHORT_S), SHORT_S / 10):
        works.set()
        time.sleep(LONG_S)


def lease_end(engine: sa.Engine) -> float:
    with engine.connect() as connection:
        return float(connection.execute(sa.select(JOBS.c.until)).scalar_one())


@pytest.mark.slow
def test_the_job_of_a_killed_process_goes_to_another(
    url: str, engine: sa.Engine, store: SqlJobStore
) -> None:
    """R-EVT-18: after kill -9; as long as the process lives, no other gets its job."""
    store.add(job())
    spawn = multiprocessing.get_context("spawn")
    works = spawn.Event()
    process = spawn.Process(target=work_until_killed, args=(url, works), daemon=True)
    process.start()
    assert works.wait(60)
    first = lease_end(engine)
    wait_until(lambda: lease_end(engine) > first)
    assert store.claim(OTHER, LONG_S) is None
    process.kill()
    process.join()
    taken: list[AnalysisJob] = []

    def take() -> bool:
        taken.extend(filter(None, [store.claim(OTHER, LONG_S)]))
        return bool(taken)

    wait_until(take)
    assert taken == [job(attempts=2)]


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


FORMER = """
CREATE TABLE analysis_job (
    tenant_id TEXT NOT NULL, id {uuid} NOT NULL, athlete_id TEXT NOT NULL, exercise TEXT,
    name TEXT NOT NULL, video TEXT NOT NULL, correlation_id {uuid} NOT NULL,
    created_at {time} NOT NULL, state TEXT NOT NULL, progress FLOAT NOT NULL,
    revision INTEGER NOT NULL, session_id TEXT, problem_code TEXT, problem_detail TEXT,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE analysis_claim (
    tenant_id TEXT NOT NULL, id {uuid} NOT NULL, owner {uuid} NOT NULL, until FLOAT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE analysis_attempt (
    tenant_id TEXT NOT NULL, id {uuid} NOT NULL, attempts INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
INSERT INTO analysis_job VALUES (
    'default', '{id}', 'ada', NULL, 'Morning ✓', '{video}', '{correlation}',
    '2030-01-01 07:30:01.123456{zone}', 'running', 0.5, 9, NULL, NULL, NULL
);
INSERT INTO analysis_claim VALUES ('default', '{id}', '{id}', 9e9);
"""
"""The tables of version 0.1, with the job of a process that died."""


def test_a_job_of_an_earlier_version_is_shown_and_continued(engine: sa.Engine) -> None:
    """R-EVT-18"""
    server = engine.dialect.name == "postgresql"
    values = {"id": job().id, "correlation": job().correlation_id}
    former = FORMER.format(
        **{name: str(value) if server else value.hex for name, value in values.items()},
        video=job().video,
        uuid="UUID" if server else "CHAR(32)",
        time="TIMESTAMPTZ" if server else "DATETIME",
        zone="+00" if server else "",
    )
    with engine.begin() as connection:
        if server:
            connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
        for statement in former.split(";\n")[:-1]:
            connection.exec_driver_sql(statement)
    running = replace(job(), state="running", progress=0.5, revision=9)
    SqlJobStore(engine)
    store = SqlJobStore(engine)  # a second start
    assert store.get(DEFAULT_TENANT, job().id) == running
    assert store.claim(ONE, LONG_S) == replace(running, attempts=1)
    assert set(sa.inspect(engine).get_table_names()) == {"analysis_job"}


def test_an_unreachable_store_is_reported(store: SqlJobStore, engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE analysis_job")
    with pytest.raises(StorageUnavailable):
        store.claim(ONE, LONG_S)
