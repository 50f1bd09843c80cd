"""Analyses that take a while: asked for now, done in the background, watched as they go."""

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, Protocol
from uuid import UUID

import structlog

from application.analysis import Analysis, Analyzer
from application.ports import MediaStore
from domain.ids import SessionId, TenantId, UserId
from domain.kernel import Origin, Rejected

JobState = Literal["queued", "running", "succeeded", "failed"]

PROGRESS_STEP: Final = 0.01
"""Progress is stored each time it has grown by this share."""

log = structlog.get_logger()


class JobUnknown(Rejected):
    """There is no such job."""

    code = "job.unknown"
    kind = "not_found"


@dataclass(frozen=True, kw_only=True)
class AnalysisJob:
    """An analysis asked for, and how far it is. `revision` rises with each change."""

    id: UUID
    tenant_id: TenantId
    athlete_id: UserId
    exercise: str | None
    name: str
    video: str
    """Digest of the uploaded video in the media store."""
    correlation_id: UUID
    created_at: datetime
    state: JobState = "queued"
    progress: float = 0.0
    revision: int = 1
    session_id: SessionId | None = None
    problem_code: str | None = None
    problem_detail: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {"succeeded", "failed"}


class JobStore(Protocol):
    """Keeps jobs, so that none is forgotten when the process dies."""

    def add(self, job: AnalysisJob) -> AnalysisJob:
        """Store a new job; where its id is known, give the one that is stored."""
        ...

    def save(self, job: AnalysisJob) -> None: ...

    def get(self, tenant_id: TenantId, job_id: UUID) -> AnalysisJob | None: ...

    def unfinished(self) -> Sequence[AnalysisJob]:
        """Jobs of all tenants that are not over, oldest first."""
        ...


class AnalysisJobs:
    """Runs analyses one after the other on a thread of its own.

    Jobs that a dead process left behind are run again at the start; an analysis is idempotent,
    so one that had been stored already is only answered.
    """

    def __init__(self, store: JobStore, analyzer: Analyzer, media: MediaStore) -> None:
        self._store = store
        self._analyzer = analyzer
        self._media = media
        self._changed = threading.Condition()
        self._waiting: queue.SimpleQueue[AnalysisJob | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="analysis", daemon=True)

    def start(self) -> None:
        """Take up what was left, and begin to work."""
        for job in self._store.unfinished():
            self._waiting.put(job)
        self._thread.start()

    def stop(self) -> None:
        """Finish the analysis that runs; those that wait are taken up at the next start."""
        self._waiting.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def submit(self, job: AnalysisJob) -> AnalysisJob:
        """Store the job and let it be worked on; a job asked for before is given as it stands."""
        stored = self._store.add(job)
        if stored == job:
            self._waiting.put(job)
        return stored

    def get(self, tenant_id: TenantId, job_id: UUID) -> AnalysisJob:
        """The job as it stands. Raises JobUnknown."""
        if job := self._store.get(tenant_id, job_id):
            return job
        raise JobUnknown

    def wait(
        self, tenant_id: TenantId, job_id: UUID, *, after: int, timeout_s: float
    ) -> AnalysisJob:
        """The job as soon as its revision is beyond `after`, or as it is when time runs out."""
        with self._changed:
            self._changed.wait_for(
                lambda: self.get(tenant_id, job_id).revision > after, timeout=timeout_s
            )
        return self.get(tenant_id, job_id)

    def _work(self) -> None:
        while job := self._waiting.get():
            self._run(job)

    def _run(self, job: AnalysisJob) -> None:
        running = self.record(job, state="running")
        progress = _Progress(self, running)
        try:
            session_id = self._analyze(running, progress)
        except Rejected as refusal:
            self.record(
                progress.job,
                state="failed",
                problem_code=refusal.code,
                problem_detail=refusal.detail,
            )
        except Exception:
            log.exception("job.failed", job=str(job.id), correlation_id=str(job.correlation_id))
            self.record(
                progress.job,
                state="failed",
                problem_code="internal",
                problem_detail="The analysis failed for a reason of ours; it is in our log.",
            )
        else:
            self.record(progress.job, state="succeeded", progress=1.0, session_id=session_id)

    def _analyze(self, job: AnalysisJob, progress: "_Progress") -> SessionId:
        analysis = Analysis(
            video=self._media.path(job.tenant_id, job.video),
            athlete_id=job.athlete_id,
            exercise=job.exercise,
            name=job.name,
        )
        origin = Origin(
            tenant_id=job.tenant_id, actor=job.athlete_id, correlation_id=job.correlation_id
        )
        return self._analyzer.analyze(analysis, origin=origin, progress=progress).report.session_id

    def record(self, job: AnalysisJob, **changes: object) -> AnalysisJob:
        """Store a change of a job, and wake whoever waits for it."""
        saved = replace(job, revision=job.revision + 1, **changes)  # type: ignore[arg-type]
        self._store.save(saved)
        with self._changed:
            self._changed.notify_all()
        return saved


class _Progress:
    """Stores the progress of a running job each time it has grown enough to be seen."""

    def __init__(self, jobs: AnalysisJobs, job: AnalysisJob) -> None:
        self._jobs = jobs
        self.job = job

    def __call__(self, share: float) -> None:
        if share >= self.job.progress + PROGRESS_STEP:
            self.job = self._jobs.record(self.job, progress=share)
