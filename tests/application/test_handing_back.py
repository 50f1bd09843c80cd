"""An analysis interrupted by the end of its process is completed by the next one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import URL

from adapters.clock import new_id, utc_now
from adapters.jobs.sql import SqlJobStore
from adapters.read_models.database import Database
from application.analysis.jobs import AnalysisJob, AnalysisJobService
from application.analysis.video_analyzer import VideoAnalyzer
from application.kernel.ports import MediaStore
from domain.ids import DEFAULT_TENANT, SessionId, UserId


class Watcher:
    """An analyzer whose videos never end, until a test allows it."""

    def __init__(self, *, ends: bool) -> None:
        self.ends = ends
        self.begun = threading.Event()

    def analyze(self, _analysis: Any, *, origin: Any, progress: Any) -> Any:
        self.begun.set()
        while not self.ends:
            progress(0.5)
        return _Done()


class _Done:
    @property
    def report(self) -> Any:
        return type("Report", (), {"session_id": SessionId("s1")})


class Media:
    """A media store that has every video."""

    @contextmanager
    def local(self, *_: Any, **__: Any) -> Iterator[Path]:
        yield Path(__file__)

    def clear(self, *_: Any) -> int:
        return 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlJobStore]:
    database = Database(URL.create("sqlite", database=str(tmp_path / "jobs.sqlite3")))
    yield SqlJobStore(database.engine)
    database.close()


def jobs(store: SqlJobStore, watcher: Watcher) -> AnalysisJobService:
    media = cast("MediaStore", Media())
    return AnalysisJobService(store, cast("VideoAnalyzer", watcher), media, finish_s=0.05)


def submitted(jobs: AnalysisJobService) -> UUID:
    job = AnalysisJob(
        id=new_id(),
        tenant_id=DEFAULT_TENANT,
        athlete_id=UserId("ada"),
        exercise=None,
        name="",
        video="video",
        correlation_id=new_id(),
        created_at=utc_now(),
    )
    return jobs.submit(job).id


def test_an_analysis_that_does_not_finish_is_handed_back_and_done_later(
    store: SqlJobStore,
) -> None:
    """R-OPS-09, R-EVT-18."""
    endless = Watcher(ends=False)
    first = jobs(store, endless)
    first.start()
    running, waiting = submitted(first), submitted(first)
    assert endless.begun.wait(60)
    first.stop()
    for job_id in (running, waiting):
        left = first.get(DEFAULT_TENANT, job_id)
        assert (left.state, left.progress, left.is_over) == ("queued", 0.0, False)
    second = jobs(store, Watcher(ends=True))
    second.start()
    for job_id in (running, waiting):
        seen = 0
        while not (job := second.wait(DEFAULT_TENANT, job_id, after=seen, timeout_s=60)).is_over:
            seen = job.revision
        assert job.state == "succeeded"
    second.stop()
