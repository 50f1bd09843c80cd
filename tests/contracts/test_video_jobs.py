"""Contract of the stores of jobs of recordings' videos."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from adapters.jobs.recording_videos import SqlVideoJobs
from application.kernel.ports import StorageUnavailable
from application.recordings.video_jobs import VideoJob
from domain.ids import DEFAULT_TENANT, RecordingId, TenantId, UserId

ONE, OTHER = UUID(int=101), UUID(int=102)
LONG_S = 3600.0
AT = datetime(2030, 1, 1, 7, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def store(jobs_engine: sa.Engine) -> SqlVideoJobs:
    return SqlVideoJobs(jobs_engine)


def job(number: int = 1, user: str = "ada", tenant: str = DEFAULT_TENANT) -> VideoJob:
    return VideoJob(
        id=UUID(int=number),
        tenant_id=TenantId(tenant),
        recording_id=RecordingId(f"recording-{number}"),
        user_id=UserId(user),
        correlation_id=UUID(int=9),
        created_at=AT + timedelta(seconds=number),
    )


def test_a_job_is_added_once_and_claimed_by_one_owner(store: SqlVideoJobs) -> None:
    """R-EVT-05, R-EVT-16, R-EVT-18"""
    for _ in range(2):
        store.add(job())
    assert store.claim(ONE, LONG_S) == replace(job(), attempts=1)
    assert store.claim(OTHER, LONG_S) is None


def test_an_owner_whose_lease_expired_can_no_longer_change_the_job(store: SqlVideoJobs) -> None:
    """R-EVT-18"""
    store.add(job())
    assert store.claim(ONE, 0.0) is not None
    claimed = store.claim(OTHER, LONG_S)
    assert claimed == replace(job(), attempts=2)
    assert not store.keep(ONE, job(), LONG_S)
    assert not store.save(ONE, replace(job(), state="finished"), LONG_S)
    assert store.keep(OTHER, claimed, 0.0)
    assert store.claim(ONE, LONG_S) == replace(job(), attempts=3)


def test_a_finished_job_is_not_claimed_again(store: SqlVideoJobs) -> None:
    """R-EVT-16"""
    store.add(job())
    claimed = store.claim(ONE, LONG_S)
    assert claimed is not None
    assert store.save(ONE, replace(claimed, state="finished", progress=1.0), 0.0)
    assert store.claim(OTHER, LONG_S) is None


def test_tenants_and_their_users_take_turns(store: SqlVideoJobs) -> None:
    """R-EVT-18: twenty recordings of one user delay the first of another by one turn."""
    for number in range(1, 21):
        store.add(job(number, "greedy"))
    for number in (21, 22):
        store.add(job(number))
    store.add(job(30, "bob", "other"))
    claimed = [store.claim(ONE, LONG_S) for _ in range(6)]
    assert [each.id.int for each in claimed if each] == [1, 30, 21, 2, 22, 3]


def test_an_unreachable_store_is_reported(store: SqlVideoJobs, jobs_engine: sa.Engine) -> None:
    with jobs_engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE recording_video_job")
    with pytest.raises(StorageUnavailable):
        store.claim(ONE, LONG_S)
