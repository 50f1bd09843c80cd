"""Contract of the stores of content jobs."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters.jobs.content import SqlContentJobs
from application.content.jobs import ContentJob, Step
from application.kernel.ports import StorageUnavailable
from domain.ids import DEFAULT_TENANT, ContentId, TenantId, UserId

ONE, OTHER = UUID(int=101), UUID(int=102)
LONG_S = 3600.0
AT = datetime(2030, 1, 1, 7, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def store(jobs_engine: sa.Engine) -> SqlContentJobs:
    return SqlContentJobs(jobs_engine)


def job(
    number: int = 1, trainer: str = "ada", tenant: str = DEFAULT_TENANT, step: Step = "encode"
) -> ContentJob:
    return ContentJob(
        id=UUID(int=number),
        tenant_id=TenantId(tenant),
        content_id=ContentId(f"video-{number}"),
        trainer_id=UserId(trainer),
        number=1,
        step=step,
        correlation_id=UUID(int=9),
        created_at=AT + timedelta(seconds=number),
    )


def test_a_job_is_added_once(store: SqlContentJobs) -> None:
    """R-EVT-16"""
    store.add(job())
    claimed = store.claim(ONE, "encode", LONG_S)
    assert claimed == replace(job(), attempts=1)
    store.add(job())
    assert store.newest(DEFAULT_TENANT, [ContentId("video-1")]) == {"video-1": claimed}


def test_steps_are_claimed_apart(store: SqlContentJobs) -> None:
    """R-CON-01: no check waits for an encoding."""
    store.add(job(1))
    store.add(job(2, step="check"))
    claimed = store.claim(ONE, "check", LONG_S)
    assert claimed == replace(job(2, step="check"), attempts=1)
    assert store.claim(ONE, "check", LONG_S) is None
    assert store.claim(OTHER, "encode", LONG_S) == replace(job(1), attempts=1)


def test_a_lease_expires_and_its_owner_can_no_longer_change_the_job(
    store: SqlContentJobs,
) -> None:
    """R-EVT-18"""
    store.add(job())
    assert store.claim(ONE, "encode", 0.0) is not None
    claimed = store.claim(OTHER, "encode", LONG_S)
    assert claimed == replace(job(), attempts=2)
    assert not store.keep(ONE, job(), LONG_S)
    assert not store.save(ONE, replace(job(), state="finished"), LONG_S)
    assert store.keep(OTHER, claimed, LONG_S)
    assert store.claim(ONE, "encode", LONG_S) is None


def test_a_finished_job_is_not_claimed_again(store: SqlContentJobs) -> None:
    store.add(job())
    claimed = store.claim(ONE, "encode", LONG_S)
    assert claimed is not None
    assert store.save(ONE, replace(claimed, state="finished", progress=1.0), 0.0)
    assert store.claim(OTHER, "encode", LONG_S) is None
    assert (
        store.newest(DEFAULT_TENANT, [ContentId("video-1")])[ContentId("video-1")].progress == 1.0
    )


def test_tenants_and_their_trainers_take_turns(store: SqlContentJobs) -> None:
    """R-CON-04, R-EVT-18: twenty videos of one trainer delay the first of another by one turn."""
    for number in range(1, 21):
        store.add(job(number, "greedy"))
    for number in (21, 22):
        store.add(job(number))
    store.add(job(30, "bob", "other"))
    claimed = [store.claim(ONE, "encode", LONG_S) for _ in range(6)]
    assert [each.id.int for each in claimed if each] == [1, 30, 21, 2, 22, 3]


def test_the_newest_job_of_an_item_is_its_encoding(store: SqlContentJobs) -> None:
    encoding = replace(job(2), content_id=ContentId("video-1"))
    store.add(encoding)
    store.add(job(1, step="check"))
    assert store.newest(DEFAULT_TENANT, [ContentId("video-1")]) == {"video-1": encoding}
    second = replace(job(3, step="check"), content_id=ContentId("video-1"), number=2)
    store.add(second)
    assert store.newest(DEFAULT_TENANT, [ContentId("video-1")]) == {"video-1": second}
    assert store.newest(TenantId("other"), [ContentId("video-1")]) == {}
    assert store.newest(DEFAULT_TENANT, []) == {}


def test_concurrent_claims_get_different_jobs(store: SqlContentJobs) -> None:
    """R-EVT-18"""
    for number in range(8):
        store.add(job(number + 1))

    def take_all(owner: int) -> list[UUID]:
        taken: list[UUID] = []
        while each := store.claim(UUID(int=owner), "encode", LONG_S):
            taken.append(each.id)
        return taken

    with ThreadPoolExecutor(4) as threads:
        taken = [each for mine in threads.map(take_all, range(1, 5)) for each in mine]
    assert sorted(taken) == [UUID(int=number + 1) for number in range(8)]


def test_an_unreachable_store_is_reported(store: SqlContentJobs, jobs_engine: sa.Engine) -> None:
    with jobs_engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE content_job")
    with pytest.raises(StorageUnavailable):
        store.claim(ONE, "encode", LONG_S)
