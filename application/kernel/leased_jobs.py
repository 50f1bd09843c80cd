"""Leased jobs: long work that one process at a time does, and another continues if it dies.

Jobs look up finished work in the event log, so a job that is run again repeats none of it.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event
from typing import Any, Final, Generic, Literal, Protocol, TypeVar
from uuid import UUID, uuid4

import structlog

from application.kernel.leases import give_back, keep_alive
from application.kernel.outages import is_transient
from application.kernel.ports import StorageUnavailable
from application.kernel.subscription import Stopped
from domain.ids import TenantId
from domain.kernel import Rejected

LEASE_S: Final = 30.0
"""Length of a lease: a process that dies loses its job after it."""

RETRY_S: Final = 15.0
"""Pause of a job after an outage, such as one of the virus scanner."""

POLL_S: Final = 1.0
"""Interval at which a worker without a job looks for one."""

TURN_S: Final = 300.0
"""Time after which a job whose part is done lets the jobs of others go first."""

WATCH_S: Final = 5.0
"""Interval at which a running job looks whether it is still needed."""

PROGRESS_STEP: Final = 0.01
"""Progress is stored each time it has grown by this share."""

MAX_ATTEMPTS: Final = 5
"""Attempts without a result, after which a job is given up: it may crash every process."""

JobState = Literal["queued", "running", "finished"]

logger: Any = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class LeasedJob(ABC):
    """A job. Its id is that of the event that caused it.

    `progress` is the share that is done, and `revision` rises with each change. `attempts` counts
    those that ended without a result, with the current one.
    """

    id: UUID
    tenant_id: TenantId
    correlation_id: UUID
    created_at: datetime
    state: JobState = "queued"
    progress: float = 0.0
    revision: int = 1
    attempts: int = 0

    @property
    @abstractmethod
    def stream(self) -> str:
        """Stream whose event caused the job."""


Job = TypeVar("Job", bound=LeasedJob)
Job_contra = TypeVar("Job_contra", bound=LeasedJob, contravariant=True)


class JobLeases(Protocol[Job_contra]):
    """Leases on the jobs of a durable store. Raises StorageUnavailable."""

    def keep(self, owner: UUID, job: Job_contra, lease_s: float) -> bool:
        """Extend the lease; False if the owner has lost it."""
        ...

    def save(self, owner: UUID, job: Job_contra, lease_s: float) -> bool:
        """Store a claimed job and extend its lease; False if the owner has lost it."""
        ...


class Progress(Protocol):
    """Progress of the work on a job."""

    @property
    def attempts(self) -> int:
        """Attempts since a part was done for good, with the current one."""
        ...

    def __call__(self, share: float) -> None:
        """Note the share that is done, 0 to 1. Raises what ends the work: Stopped, NotNeeded."""
        ...

    def advance(self) -> None:
        """Note that a part is done for good: a later attempt continues after it."""
        ...


class NotNeeded(Exception):  # noqa: N818  not a failure
    """The result of a job is not needed any more, for example because its item was deleted."""


class _TakenOver(Exception):  # noqa: N818  not a failure: another worker continues the job
    """This worker has lost the lease of the job."""


class _TurnOver(Exception):  # noqa: N818  not a failure
    """The job lets others go first."""


@dataclass(frozen=True, kw_only=True)
class JobWorker(Generic[Job]):
    """Runs jobs of one kind, one after the other.

    `claim` leases a free job to an owner for so many seconds, `work` does it, `give_up` records
    that it has no result, and `abandon` removes what was left of one that is not needed. Each is
    idempotent by the log, so a job whose lease was lost does no harm. After a refusal of
    `repeated`, the job is tried again, and the attempt counts.
    """

    name: str
    claim: Callable[[UUID, float], Job | None]
    jobs: JobLeases[Job]
    is_needed: Callable[[Job], bool]
    work: Callable[[Job, Progress], None]
    give_up: Callable[[Job], None]
    abandon: Callable[[Job], None]
    repeated: tuple[type[Rejected], ...] = ()
    turn_s: float = TURN_S
    watch_s: float = WATCH_S
    owner: UUID = field(default_factory=uuid4)

    def run(self, stop: Event) -> None:
        """Run jobs until `stop` is set. The job in progress is released for another worker."""
        while not stop.is_set():
            if not self.run_next(stop):
                stop.wait(POLL_S)

    def run_next(self, stop: Event) -> bool:
        """Run the next job; return False if there is none."""
        try:
            job = self.claim(self.owner, LEASE_S)
            if job is None:
                return False
            with keep_alive(lambda: self.jobs.keep(self.owner, job, LEASE_S), LEASE_S / 3):
                self._carry_out(job, stop)
        except StorageUnavailable as away:
            logger.warning("jobs.unavailable", work=self.name, reason=away.detail)
            return False
        except _TakenOver:
            logger.warning("job.taken_over", work=self.name)
        return True

    def _carry_out(self, job: Job, stop: Event) -> None:
        progress = _RunningJob(self, job, stop)
        try:
            if job.attempts > MAX_ATTEMPTS:
                logger.error("job.given_up", work=self.name, stream=job.stream)
                self.give_up(job)
                self.save(job, 0.0, state="finished")
                return
            progress.job = self.save(job, LEASE_S, state="running")
            self._work(progress)
        except (_TakenOver, StorageUnavailable):
            raise
        except Exception:
            logger.exception("job.failed", work=self.name, stream=job.stream)
            self.save(progress.job, RETRY_S, state="queued")

    def _work(self, progress: "_RunningJob[Job]") -> None:
        """Do the work, and finish or release the job."""
        job = progress.job
        try:
            progress.require()
            self.work(job, progress)
        except NotNeeded:
            logger.info("job.not_needed", work=self.name, stream=job.stream)
            self.abandon(job)
        except (Stopped, _TurnOver):
            progress.release(0.0)
            return
        except self.repeated as refusal:  # this attempt counts
            logger.warning("job.repeated", work=self.name, stream=job.stream, code=refusal.code)
            self.save(progress.job, RETRY_S, state="queued")
            return
        except Rejected as refusal:
            if not is_transient(refusal):
                raise
            logger.warning("job.waits", work=self.name, stream=job.stream, reason=refusal.detail)
            progress.release(RETRY_S)
            return
        self.save(progress.job, 0.0, state="finished", progress=1.0)

    def save(self, job: Job, lease_s: float, **changes: Any) -> Job:
        """Store a change of a leased job."""
        saved = replace(job, revision=job.revision + 1, **changes)
        if not self.jobs.save(self.owner, saved, lease_s):
            raise _TakenOver
        return saved


class _RunningJob(Generic[Job]):
    """Progress of a running job, stored when it has grown enough."""

    def __init__(self, worker: JobWorker[Job], job: Job, stop: Event) -> None:
        self.job = job
        self._worker = worker
        self._stop = stop
        self._began_s = self._watched_s = time.monotonic()

    @property
    def attempts(self) -> int:
        return self.job.attempts

    def __call__(self, share: float) -> None:
        if self._stop.is_set():
            raise Stopped
        now_s = time.monotonic()
        if now_s - self._watched_s >= self._worker.watch_s:
            self._watched_s = now_s
            self.require()
        if share >= self.job.progress + PROGRESS_STEP:
            self.job = self._worker.save(self.job, LEASE_S, progress=min(share, 1.0))

    def advance(self) -> None:
        """Count attempts anew; let others go first when the turn is over."""
        self.job = self._worker.save(self.job, LEASE_S, attempts=1)
        if self._stop.is_set():
            raise Stopped
        self.require()
        if time.monotonic() - self._began_s >= self._worker.turn_s:
            raise _TurnOver

    def release(self, lease_s: float) -> None:
        """Queue the job again; this attempt does not count."""

        def save() -> None:
            attempts = self.job.attempts - 1
            self._worker.save(self.job, lease_s, state="queued", attempts=attempts)

        give_back(save, self._stop, self._worker.name)

    def require(self) -> None:
        """Require that the job is still needed. Raises NotNeeded."""
        if not self._worker.is_needed(self.job):
            raise NotNeeded
