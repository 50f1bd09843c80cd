"""Processes share the queue of analyses, and continue those of a dead process."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

import application.analysis.jobs
from adapters.jobs.sql import SCHEMA, SqlJobStore
from adapters.sql.engines import open_engine
from application.analysis.jobs import AnalysisJob, AnalysisJobService
from application.analysis.quotas import UploadQuota, UploadQuotaExceeded
from application.analysis.video_analyzer import AnalysisRequest
from application.kernel import leases
from application.kernel.encryption import KmsUnavailable
from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import ReadModelUnavailable
from application.kernel.video import (
    DecoderUnavailable,
    PoseDetectionFailed,
    PoseDetectorUnavailable,
    VideoDecodingFailed,
)
from application.privacy.consents import ConsentMissing
from domain.ids import DEFAULT_TENANT, SessionId, TenantId, UserId
from domain.kernel import Rejected

DEAD = UUID(int=99)


def job(number: int = 1) -> AnalysisJob:
    return AnalysisJob(
        id=UUID(int=number),
        tenant_id=DEFAULT_TENANT,
        athlete_id=UserId("ada"),
        exercise=None,
        name=f"{number}",
        video="0" * 64,
        correlation_id=UUID(int=9),
        created_at=datetime(2030, 1, 1, tzinfo=UTC),
    )


@dataclass
class Analyst:
    """Media store and analyzer in one; records its input, and calls `happens` at each frame."""

    done: list[str] = field(default_factory=list[str])
    happens: Callable[[], object] = lambda: None

    @contextmanager
    def local(self, *_: object, **__: object) -> Iterator[Path]:
        yield Path("video")

    def clear(self, *_: object) -> int:
        return 1

    def analyze(
        self, analysis: AnalysisRequest, *, progress: Callable[[float], None], **_: Any
    ) -> Any:
        for share in (0.25, 0.5, 0.75):
            self.happens()
            progress(share)
        self.done.append(analysis.name)
        return type(
            "AnalysisResult", (), {"report": type("R", (), {"session_id": SessionId("s1")})}
        )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlJobStore]:
    engine = open_engine(f"sqlite:///{tmp_path / 'tables.db'}", schema=SCHEMA)
    yield SqlJobStore(engine)
    engine.dispose()


def process(store: Any, analyst: Any) -> AnalysisJobService:
    """Return a process that takes jobs until it is stopped."""
    return AnalysisJobService(store, analyst, analyst)


def over(jobs: AnalysisJobService, number: int) -> AnalysisJob:
    seen = 0
    while True:
        now = jobs.wait(DEFAULT_TENANT, UUID(int=number), after=seen, timeout_s=60)
        assert now.revision > seen, "the job stands still"
        if now.is_over:
            return now
        seen = now.revision


@pytest.mark.parametrize(
    ("quota", "refused_after", "seconds"),
    [
        (UploadQuota(2, 100, 10**9, 10**9), 2, 60),
        (UploadQuota(100, 3, 10**9, 10**9), 3, 60),
        (UploadQuota(100, 100, 25, 10**9), 2, 24 * 3600),
        (UploadQuota(100, 100, 10**9, 35), 3, 24 * 3600),
    ],
    ids=["of the user", "of the tenant", "bytes of the user", "bytes of the tenant"],
)
def test_uploads_beyond_a_quota_are_refused(
    store: SqlJobStore, quota: UploadQuota, refused_after: int, seconds: int
) -> None:
    """R-API-08"""
    jobs = AnalysisJobService(store, (analyst := Analyst()), analyst, quota=quota, works=False)  # type: ignore[arg-type]
    numbers = range(1, refused_after + 1)
    for number in numbers:
        jobs.require_room(replace(job(number), size=10))
        jobs.submit(replace(job(number), size=10))
    refused = replace(job(50), size=10)
    for attempt in (jobs.require_room, jobs.submit):
        with pytest.raises(UploadQuotaExceeded) as refusal:
            attempt(refused)
        assert refusal.value.retry_after_s == seconds
    assert store.get(DEFAULT_TENANT, refused.id) is None
    for number in numbers:  # a repeated request has its room
        jobs.require_room(replace(job(number), size=10))
        assert jobs.submit(replace(job(number), size=10)).size == 10


def test_there_is_room_again_after_the_time_that_a_refusal_names(store: SqlJobStore) -> None:
    """R-API-08: a part of a second counts as one."""
    quota = UploadQuota(100, 100, 10, 10**9)
    jobs = AnalysisJobService(store, (analyst := Analyst()), analyst, quota=quota, works=False)  # type: ignore[arg-type]
    first = replace(job(1), size=10)
    jobs.submit(first)
    early = replace(job(2), size=10, created_at=first.created_at + timedelta(hours=1, seconds=0.6))
    with pytest.raises(UploadQuotaExceeded) as refusal:
        jobs.submit(early)
    named = timedelta(seconds=refusal.value.retry_after_s)
    again = replace(early, created_at=early.created_at + named)
    assert jobs.submit(again) == again


@pytest.mark.parametrize("moment", ["waiting", "running"])
def test_a_video_whose_athlete_no_longer_agrees_is_not_analyzed(
    store: SqlJobStore, moment: str
) -> None:
    """R-TEN-12: a consent can be withdrawn while a video waits, and while it is analyzed."""
    agreed = {job(1).athlete_id} if moment == "running" else set[str]()

    def require_consent(_tenant: TenantId, athlete: UserId) -> None:
        if athlete not in agreed:
            raise ConsentMissing("images_leave_device")

    analyst: Any = Analyst(happens=agreed.clear)
    jobs = AnalysisJobService(store, analyst, analyst, require_consent=require_consent)
    jobs.start()
    jobs.submit(job(1))
    ended = over(jobs, 1)
    jobs.stop()
    assert (ended.state, ended.problem_code) == ("failed", "consent.missing")
    assert analyst.done == []


def test_each_job_is_worked_on_by_one_of_several_processes(store: SqlJobStore) -> None:
    """R-EVT-18, R-OPS-08"""
    analysts = [Analyst(), Analyst()]
    processes = [process(store, analyst) for analyst in analysts]
    for each in processes:
        each.start()
    for number in range(1, 7):
        processes[0].submit(job(number))
    assert {over(processes[1], number).state for number in range(1, 7)} == {"succeeded"}
    for each in processes:
        each.stop()
    done = sorted(name for analyst in analysts for name in analyst.done)
    assert done == ["1", "2", "3", "4", "5", "6"]


def test_a_job_of_a_dead_process_is_taken_over(store: SqlJobStore) -> None:
    """R-EVT-18"""
    store.add(job())
    claimed = store.claim(DEAD, 0.0)
    assert claimed is not None
    assert store.save(DEAD, replace(claimed, state="running", progress=0.5, revision=9), 0.0)
    jobs = process(store, Analyst())
    jobs.start()
    assert over(jobs, 1).session_id == "s1"
    jobs.stop()


def test_a_worker_that_lost_its_job_reports_nothing_more(store: SqlJobStore) -> None:
    """A machine may be suspended for longer than its lease."""
    lost = threading.Event()

    def lose() -> None:
        held = store.get(DEFAULT_TENANT, UUID(int=1))
        assert held is not None
        assert store.keep(jobs._owner, held, 0.0)
        assert store.claim(DEAD, 3600.0) is not None
        lost.set()

    analyst = Analyst(happens=lose)
    jobs = process(store, analyst)
    with capture_logs() as said:
        jobs.start()
        jobs.submit(job())
        assert lost.wait(timeout=60)
        jobs.stop()
    assert [line["event"] for line in said] == ["job.taken_over"]
    now = store.get(DEFAULT_TENANT, UUID(int=1))
    assert now is not None
    assert (now.state, now.progress) == ("running", 0.0)
    assert analyst.done == []


def test_a_temporary_store_outage_stops_no_process(store: SqlJobStore) -> None:
    """R-OPS-09"""

    class Away:
        """A store that is unavailable at the first claim."""

        def __init__(self) -> None:
            self.calls = 0

        def claim(self, owner: UUID, lease_s: float) -> AnalysisJob | None:
            self.calls += 1
            if self.calls == 1:
                raise StorageUnavailable
            return store.claim(owner, lease_s)

        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

    jobs = process(Away(), Analyst())
    with capture_logs() as said:
        jobs.start()
        jobs.submit(job())
        assert over(jobs, 1).state == "succeeded"
        jobs.stop()
    assert [line["event"] for line in said] == ["jobs.unavailable"]


@pytest.mark.parametrize(
    "obstacle",
    [
        StorageUnavailable,
        KmsUnavailable,
        ReadModelUnavailable,
        DecoderUnavailable,
        PoseDetectorUnavailable,
    ],
)
def test_an_analysis_is_retried_after_an_outage(
    store: SqlJobStore, monkeypatch: pytest.MonkeyPatch, obstacle: type[Rejected]
) -> None:
    """R-OPS-09: a failed job would never be started again."""
    monkeypatch.setattr(application.analysis.jobs, "LEASE_S", 1.0)
    obstacles = [obstacle("It is away.")]

    def meet() -> None:
        if obstacles:
            raise obstacles.pop()

    jobs = process(store, Analyst(happens=meet))
    with capture_logs() as said:
        jobs.start()
        jobs.submit(job())
        assert over(jobs, 1).state == "succeeded"
        jobs.stop()
    assert [line["event"] for line in said] == ["job.left"]


def test_an_attempt_that_an_outage_of_the_database_ends_does_not_count(
    store: SqlJobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-OPS-09: a good video is not given up after five outages."""
    monkeypatch.setattr(application.analysis.jobs, "LEASE_S", 1.0)
    monkeypatch.setattr(leases, "POLL_S", 0.01)
    failures: list[StorageUnavailable] = []
    coming = [StorageUnavailable() for _ in range(3)]

    class Away:
        """A store that cannot save while there are failures."""

        def save(self, owner: UUID, saved: AnalysisJob, lease_s: float) -> bool:
            if failures:
                raise failures.pop()
            return store.save(owner, saved, lease_s)

        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

    def go_away() -> None:
        failures.extend(coming)
        coming.clear()

    jobs = process(Away(), Analyst(happens=go_away))
    jobs.start()
    jobs.submit(job())
    done = over(jobs, 1)
    jobs.stop()
    assert failures == []
    assert (done.state, done.attempts) == ("succeeded", 1)


@pytest.mark.parametrize("ended", [PoseDetectionFailed, VideoDecodingFailed])
@pytest.mark.parametrize(("failures", "state"), [(1, "succeeded"), (2, "failed")])
def test_an_analysis_is_repeated_once_if_its_process_was_ended(
    store: SqlJobStore, ended: type[Rejected], failures: int, state: str
) -> None:
    """R-EVT-19: the system may have ended it for memory, which is no fault of the video."""
    left = [ended() for _ in range(failures)]

    def meet() -> None:
        if left:
            raise left.pop()

    jobs = process(store, Analyst(happens=meet))
    with capture_logs() as said:
        jobs.start()
        jobs.submit(job())
        done = over(jobs, 1)
        jobs.stop()
    assert (done.state, done.problem_code) == (state, ended.code if state == "failed" else None)
    assert [line["event"] for line in said] == ["job.repeated"]


def test_an_analysis_that_crashes_each_process_fails(store: SqlJobStore) -> None:
    """R-EVT-19: one video cannot block all others for good, and its athlete gets an error."""
    store.add(job())
    for _ in range(application.analysis.jobs.MAX_ATTEMPTS):
        assert store.claim(DEAD, 0.0) is not None
    jobs = process(store, analyst := Analyst())
    with capture_logs() as said:
        jobs.start()
        assert over(jobs, 1).problem_code == "job.given_up"
        jobs.submit(job(2))
        assert over(jobs, 2).state == "succeeded"
        jobs.stop()
    assert [line["event"] for line in said] == ["job.given_up"]
    assert analyst.done == ["2"]
