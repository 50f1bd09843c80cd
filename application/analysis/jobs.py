"""Background analysis jobs: submit, run one after the other, follow their progress."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, Protocol
from uuid import UUID, uuid4

import structlog
from opentelemetry.trace import SpanKind

from application.analysis.quotas import UNLIMITED, UploadQuota, UploadQuotaExceeded, Usage
from application.analysis.video_analyzer import (
    AnalysisRequest,
    ExerciseNotRecognised,
    VideoAnalyzer,
)
from application.kernel.leases import give_back, keep_alive
from application.kernel.outages import MAX_ENDED_ATTEMPTS, OUTAGES
from application.kernel.ports import MediaStore, StorageUnavailable
from application.kernel.tracing import record_span, span, span_id_of, trace_context
from application.kernel.video import (
    PROCESS_ENDED,
    DecoderUnavailable,
    PoseDetectorUnavailable,
)
from domain.ids import SessionId, TenantId, UserId
from domain.kernel import Origin, Rejected

JobState = Literal["queued", "running", "succeeded", "failed"]

PROGRESS_STEP: Final = 0.01
"""Progress is stored each time it has grown by this share."""

AWAY: Final = (*OUTAGES, DecoderUnavailable, PoseDetectorUnavailable)
"""Obstacles that pass by themselves: an attempt that meets one does not count."""

LEASE_S: Final = 30.0
"""Length of a lease: a silent process loses its job after it."""

POLL_S: Final = 1.0
"""Interval at which a process polls for jobs of other processes."""

FINISH_S: Final = 10.0
"""Time for the running analysis to finish on shutdown."""

MAX_ATTEMPTS: Final = 5
"""Attempts before a job fails for good: its video may crash every process."""

RequireConsent = Callable[[TenantId, UserId], None]

log = structlog.get_logger()


class JobNotFound(Rejected):
    """There is no such job."""

    code = "job.unknown"
    kind = "not_found"


@dataclass(frozen=True, kw_only=True)
class AnalysisJob:
    """An analysis job and its progress. `revision` rises with each change."""

    id: UUID
    tenant_id: TenantId
    athlete_id: UserId
    exercise: str | None
    name: str
    video: str
    """Digest of the uploaded video, which is stored under `prefix` until the job ends."""
    correlation_id: UUID
    created_at: datetime
    state: JobState = "queued"
    progress: float = 0.0
    revision: int = 1
    session_id: SessionId | None = None
    problem_code: str | None = None
    problem_detail: str | None = None
    alternatives: str | None = None
    """Ids of exercises to choose from, separated by spaces, if the exercise was not recognized."""
    attempts: int = 0
    """Attempts, with the current one; without those whose failure was not that of the job."""
    size: int = 0
    """Bytes of the uploaded video."""

    @property
    def prefix(self) -> str:
        """Path of the uploaded video."""
        return str(self.id)

    @property
    def is_over(self) -> bool:
        """Whether the job has ended."""
        return self.state in {"succeeded", "failed"}


class JobStore(Protocol):
    """Durable job store."""

    def add(
        self, job: AnalysisJob, admit: Callable[[Usage, Usage], object] | None = None
    ) -> AnalysisJob:
        """Store a new job; return the stored one if the id exists.

        `admit` receives the usage of the athlete and of the tenant with the new job, and stores
        nothing by raising. Concurrent jobs of a tenant are admitted one after the other.
        """
        ...

    def usage(self, tenant_id: TenantId, athlete_id: UserId, at: datetime) -> tuple[Usage, Usage]:
        """Return the usage of an athlete and of their tenant."""
        ...

    def get(self, tenant_id: TenantId, job_id: UUID) -> AnalysisJob | None: ...

    def claim(self, owner: UUID, lease_s: float) -> AnalysisJob | None:
        """Claim an open job without a lease, of any tenant; None if there is none.

        Tenants take turns, and so do the athletes of a tenant; of one athlete, the oldest job is
        first. The claim counts as an attempt. The lease lasts so many seconds by the store's clock.
        Concurrent owners get different jobs.
        """
        ...

    def keep(self, owner: UUID, job: AnalysisJob, lease_s: float) -> bool:
        """Extend the lease; False if the owner has lost it."""
        ...

    def save(self, owner: UUID, job: AnalysisJob, lease_s: float) -> bool:
        """Store a claimed job and extend its lease; False if the owner has lost it."""
        ...


class _HandedBack(Exception):  # noqa: N818  not a failure: the next process starts it again
    """The process ends before the analysis does."""


class _TakenOver(Exception):  # noqa: N818  not a failure: another process continues it
    """This process has lost the lease of the job."""


class AnalysisJobService:
    """Analysis jobs, run one after the other on a thread.

    Processes with `works` share the queue: each job is leased by one process, and another one
    claims it after a crash. An analysis is idempotent, so a stored one is not repeated.

    `require_consent` raises a refusal unless the athlete still agrees that their videos are
    analyzed here, which is asked before and during an analysis.
    """

    def __init__(
        self,
        store: JobStore,
        analyzer: VideoAnalyzer,
        media: MediaStore,
        *,
        require_consent: RequireConsent = lambda _tenant, _athlete: None,
        quota: UploadQuota = UNLIMITED,
        works: bool = True,
        finish_s: float = FINISH_S,
    ) -> None:
        self._store = store
        self._analyzer = analyzer
        self._media = media
        self._require_consent = require_consent
        self._quota = quota
        self._works = works
        self._finish_s = finish_s
        self._closing = threading.Event()
        self.handing_back = threading.Event()
        self._changed = threading.Condition()
        self._owner = uuid4()
        self._submitted = threading.Event()
        self._thread = threading.Thread(target=self._work, name="analysis", daemon=True)

    def start(self) -> None:
        """Start the worker thread; without `works` do nothing."""
        if self._works:
            self._thread.start()

    def stop(self) -> None:
        """Finish the running analysis if it ends soon; all others wait for the next start.

        Otherwise it is released at its next frame, and starts again later; so does one that dies
        with the process.
        """
        self._closing.set()
        self._submitted.set()
        if self._thread.is_alive():
            self._thread.join(self._finish_s)
            self.handing_back.set()
            self._thread.join(self._finish_s)

    def require_room(self, job: AnalysisJob) -> None:
        """Check the quotas before the video is stored. Raises UploadQuotaExceeded.

        A repeated job has its room already.
        """
        if self._store.get(job.tenant_id, job.id) is None:
            user, tenant = self._store.usage(job.tenant_id, job.athlete_id, job.created_at)
            self._quota.require(_with(user, job), _with(tenant, job), job.created_at)

    def submit(self, job: AnalysisJob) -> AnalysisJob:
        """Submit a job; return a repeated one as it is. Raises UploadQuotaExceeded."""

        def admit(user: Usage, tenant: Usage) -> None:
            self._quota.require(user, tenant, job.created_at)

        try:
            stored = self._store.add(job, admit)
        except UploadQuotaExceeded:
            self._clear(job)
            raise
        if stored.is_over:
            self._clear(stored)
        if stored == job:
            record_span("analysis.submit", kind=SpanKind.PRODUCER, span_id=span_id_of(job.id))
            self._submitted.set()
        return stored

    def get(self, tenant_id: TenantId, job_id: UUID) -> AnalysisJob:
        """Return the job. Raises JobNotFound."""
        if job := self._store.get(tenant_id, job_id):
            return job
        raise JobNotFound

    def wait(
        self, tenant_id: TenantId, job_id: UUID, *, after: int, timeout_s: float
    ) -> AnalysisJob:
        """Return the job once its revision is beyond `after`, or after the timeout."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while (job := self.get(tenant_id, job_id)).revision <= after:
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(min(left, POLL_S))  # another process may change it
        return job

    def _work(self) -> None:
        while not self._closing.is_set():
            job = self._claimed()
            if job is None:
                self._submitted.wait(POLL_S)
                self._submitted.clear()
                continue
            submitted = trace_context(job.correlation_id, job.id)
            with span("analysis", submitted, kind=SpanKind.CONSUMER):
                self._run(job)

    def _claimed(self) -> AnalysisJob | None:
        try:
            return self._store.claim(self._owner, LEASE_S)
        except StorageUnavailable as away:
            log.warning("jobs.unavailable", reason=away.detail)
            return None

    def _run(self, job: AnalysisJob) -> None:
        try:
            with keep_alive(lambda: self._store.keep(self._owner, job, LEASE_S), LEASE_S / 3):
                self._carry_out(job)
        except _TakenOver:
            log.warning("job.taken_over", job=str(job.id))
        except AWAY as away:
            log.warning("job.left", job=str(job.id), reason=away.detail)

    def _carry_out(self, job: AnalysisJob) -> None:
        if job.attempts > MAX_ATTEMPTS:
            self._give_up(job)
            return
        running = self.record(job, state="running", progress=0.0)
        progress = _Progress(self, running)
        try:
            self.check_consent(running)
            session_id = self._analyze(running, progress)
        except _HandedBack:
            self._hand_back(progress.job, lease_s=0.0)
        except AWAY:
            self._hand_back(progress.job, lease_s=LEASE_S)  # the next attempt is after the lease
            raise
        except _TakenOver:
            raise
        except ExerciseNotRecognised as doubt:
            self.record(
                progress.job,
                state="failed",
                problem_code=doubt.code,
                problem_detail=doubt.detail,
                alternatives=" ".join(doubt.alternatives),
            )
        except Rejected as refusal:
            if isinstance(refusal, PROCESS_ENDED) and job.attempts < MAX_ENDED_ATTEMPTS:
                log.warning("job.repeated", job=str(job.id), code=refusal.code)
                self.record(progress.job, lease_s=0.0, state="queued", progress=0.0)
                return
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
                problem_detail="The analysis failed with an internal error, which was logged.",
            )
        else:
            self.record(progress.job, state="succeeded", progress=1.0, session_id=session_id)

    def _hand_back(self, job: AnalysisJob, *, lease_s: float) -> None:
        """Queue the job again; this attempt does not count."""

        def save() -> None:
            attempts = job.attempts - 1
            self.record(job, lease_s=lease_s, state="queued", progress=0.0, attempts=attempts)

        give_back(save, self._closing, "analysis")

    def _give_up(self, job: AnalysisJob) -> None:
        log.error("job.given_up", job=str(job.id), correlation_id=str(job.correlation_id))
        self.record(
            job,
            state="failed",
            problem_code="job.given_up",
            problem_detail=f"The analysis was started {MAX_ATTEMPTS} times and never finished; the"
            " video may be too long for this machine, or damaged.",
        )

    def check_consent(self, job: AnalysisJob) -> None:
        """Raise the refusal of `require_consent`, or StorageUnavailable."""
        self._require_consent(job.tenant_id, job.athlete_id)

    def _analyze(self, job: AnalysisJob, progress: "_Progress") -> SessionId:
        origin = Origin(
            tenant_id=job.tenant_id, actor=job.athlete_id, correlation_id=job.correlation_id
        )
        with self._media.local(job.tenant_id, job.video, prefix=job.prefix) as video:
            analysis = AnalysisRequest(
                video=video, athlete_id=job.athlete_id, exercise=job.exercise, name=job.name
            )
            analyzed = self._analyzer.analyze(analysis, origin=origin, progress=progress)
        return analyzed.report.session_id

    def record(
        self, job: AnalysisJob, *, lease_s: float | None = None, **changes: object
    ) -> AnalysisJob:
        """Store a change of a leased job, and wake those that wait for it."""
        saved = replace(job, revision=job.revision + 1, **changes)  # type: ignore[arg-type]
        if not self._store.save(self._owner, saved, LEASE_S if lease_s is None else lease_s):
            raise _TakenOver
        with self._changed:
            self._changed.notify_all()
        if saved.is_over:
            self._clear(saved)
        return saved

    def _clear(self, job: AnalysisJob) -> None:
        """Remove the upload: the session has a copy, and a failed job does not need it."""
        try:
            self._media.clear(job.tenant_id, job.prefix)
        except StorageUnavailable as away:
            log.warning("job.upload_stays", job=str(job.id), reason=away.detail)


def _with(usage: Usage, job: AnalysisJob) -> Usage:
    return replace(usage, waiting=usage.waiting + 1, day_bytes=usage.day_bytes + job.size)


class _Progress:
    """Progress of a running job, stored when it has grown enough.

    Raises _HandedBack on shutdown, and the refusal of an athlete who no longer agrees.
    """

    def __init__(self, jobs: AnalysisJobService, job: AnalysisJob) -> None:
        self._jobs = jobs
        self.job = job

    def __call__(self, share: float) -> None:
        if self._jobs.handing_back.is_set():
            raise _HandedBack
        if share >= self.job.progress + PROGRESS_STEP:
            self._jobs.check_consent(self.job)
            self.job = self._jobs.record(self.job, progress=share)
