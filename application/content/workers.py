"""Workers of content: each runs the jobs of one step, one after the other."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any, Final
from uuid import UUID, uuid4

import structlog

from application.content.jobs import (
    ENDED,
    ContentJob,
    ContentJobStore,
    NotNeeded,
    Progress,
    Step,
    waiting_item,
)
from application.kernel.leases import keep_alive
from application.kernel.ports import EventLog, StorageUnavailable
from application.kernel.subscription import Stopped, is_transient
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
"""Attempts without a result, after which a file is rejected: it may crash every process."""

logger: Any = structlog.get_logger()


class _TakenOver(Exception):  # noqa: N818  not a failure: another worker continues the job
    """This worker has lost the lease of the job."""


class _TurnOver(Exception):  # noqa: N818  not a failure
    """The job lets others go first."""


@dataclass(frozen=True)
class ContentWorker:
    """Runs the jobs of one step.

    `work` does one, `give_up` rejects its file, and `abandon` removes what was left of it.
    Each method of `work` is idempotent by the log, so a job whose lease was lost does no harm.
    """

    step: Step
    jobs: ContentJobStore
    log: EventLog
    work: Callable[[ContentJob, Progress], None]
    give_up: Callable[[ContentJob], None]
    abandon: Callable[[ContentJob], None]
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
            job = self.jobs.claim(self.owner, self.step, LEASE_S)
            if job is None:
                return False
            with keep_alive(lambda: self.jobs.keep(self.owner, job, LEASE_S), LEASE_S / 3):
                self._carry_out(job, stop)
        except StorageUnavailable as away:
            logger.warning("content_jobs.unavailable", reason=away.detail)
            return False
        except _TakenOver:
            logger.warning("content_job.taken_over", step=self.step)
        return True

    def _carry_out(self, job: ContentJob, stop: Event) -> None:
        if job.attempts > MAX_ATTEMPTS:
            logger.error("content_job.given_up", content=job.content_id, step=job.step)
            self.give_up(job)
            self.save(job, 0.0, state="finished")
            return
        progress = _RunningJob(self, self.save(job, LEASE_S, state="running"), stop)
        try:
            self._work(progress)
        except (_TakenOver, StorageUnavailable):
            raise
        except Exception:
            logger.exception("content_job.failed", content=job.content_id, step=job.step)
            self.save(progress.job, RETRY_S, state="queued")

    def _work(self, progress: "_RunningJob") -> None:
        """Do the work, and finish or release the job."""
        job = progress.job
        try:
            progress.require()
            self.work(job, progress)
        except NotNeeded:
            logger.info("content_job.not_needed", content=job.content_id, step=job.step)
            self.abandon(job)
        except (Stopped, _TurnOver):
            self._release(progress.job, 0.0)
            return
        except ENDED as refusal:  # this attempt counts
            content, code = job.content_id, refusal.code
            logger.warning("content_job.repeated", content=content, step=job.step, code=code)
            self.save(progress.job, RETRY_S, state="queued")
            return
        except Rejected as refusal:
            if not is_transient(refusal):
                raise
            logger.warning("content_job.waits", content=job.content_id, reason=refusal.detail)
            self._release(progress.job, RETRY_S)
            return
        self.save(progress.job, 0.0, state="finished", progress=1.0)

    def _release(self, job: ContentJob, lease_s: float) -> None:
        """Queue the job again; this attempt does not count."""
        self.save(job, lease_s, state="queued", attempts=job.attempts - 1)

    def save(self, job: ContentJob, lease_s: float, **changes: Any) -> ContentJob:
        """Store a change of a leased job."""
        saved = replace(job, revision=job.revision + 1, **changes)
        if not self.jobs.save(self.owner, saved, lease_s):
            raise _TakenOver
        return saved


class _RunningJob:
    """Progress of a running job, stored when it has grown enough."""

    def __init__(self, worker: ContentWorker, job: ContentJob, stop: Event) -> None:
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

    def require(self) -> None:
        """Require that the item still waits for the step. Raises NotNeeded."""
        if waiting_item(self._worker.log, self.job) is None:
            raise NotNeeded
