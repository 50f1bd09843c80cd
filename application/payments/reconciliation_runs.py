"""Reconciliations that are carried out in the background: daily, or when an administrator asks.

Each process that follows payments queues the run of the day, whose id is derived from tenant and
day, and carries out what is queued. A lease lets one process work on a run; if it dies, another one
begins the run again. A run reads only.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any, Final, Literal, Protocol
from uuid import UUID, uuid5

import structlog

from application.kernel.ports import Clock, StorageUnavailable
from application.kernel.read_models import Page, Window
from application.payments.reconciliation import Difference, Reconciliation, Unanswered
from domain.ids import TenantId
from domain.kernel import Rejected

RUNS: Final = UUID("019f1a9c-25b7-7c40-9d7e-5f3f6a1c8b03")
"""Namespace of the ids of runs."""

RunState = Literal["queued", "running", "succeeded", "failed"]

PERIOD: Final = timedelta(days=30)
"""Age of the oldest payments that a run compares."""

SETTLING: Final = timedelta(hours=1)
"""Age of the newest ones: what is paid right now differs until its webhook has come."""

LEASE: Final = timedelta(minutes=10)
"""Time in which a running process makes progress, before another one begins the run again."""

PROGRESS_PAUSE: Final = timedelta(seconds=5)
"""Time after which the next progress is stored, and the lease is renewed."""

MAX_ATTEMPTS: Final = 5
"""Attempts that a killed process or an outage of storage ended, after which a run fails."""

MAX_LISTED: Final = 200
"""Differences that a run stores; `differences_found` counts all of them."""

STALE: Final = timedelta(days=2)
"""Age of the last run from which a person must find out why there is no newer one."""

RUNS_KEPT: Final = timedelta(days=365)

POLL_S: Final = 10.0
"""Seconds between two looks for runs that are queued or due."""

log: Any = structlog.get_logger()


class _RunLostError(Exception):
    """The lease was exceeded, and another process has claimed the run, or finished it."""


class _ShutdownError(Exception):
    """The process shuts down, so that another one must continue."""


class ReconciliationNotFound(Rejected):
    """There is no reconciliation with this id."""

    code = "reconciliation.unknown"
    kind = "not_found"


@dataclass(frozen=True, slots=True)
class ReconciliationRun:
    """A comparison of the payments created from `begin` to `end` with their gateways.

    `attempts` is how often it was claimed and not put back. `payments` and `intents` are how many
    were compared so far. `reason` is the type of the error that made it fail, without its text.
    """

    id: UUID
    tenant_id: TenantId
    begin: datetime
    end: datetime
    requested_at: datetime
    due_at: datetime
    finished_at: datetime | None = None
    state: RunState = "queued"
    attempts: int = 0
    payments: int = 0
    intents: int = 0
    differences_found: int = 0
    unanswered_found: int = 0
    differences: tuple[Difference, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    reason: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has a result, or will have none."""
        return self.state in {"succeeded", "failed"}


class ReconciliationRuns(Protocol):
    """Store of runs. Every method raises StorageUnavailable."""

    def add(self, run: ReconciliationRun) -> bool:
        """Store a run; return False if its id exists, or another run of the tenant is not over."""
        ...

    def get(self, tenant_id: TenantId, run_id: UUID) -> ReconciliationRun | None:
        """Return a run of a tenant."""
        ...

    def unfinished(self, tenant_id: TenantId) -> ReconciliationRun | None:
        """Return the run of a tenant that is not over."""
        ...

    def save(self, run: ReconciliationRun) -> bool:
        """Replace a run unless it is over or was claimed again since; return whether it was."""
        ...

    def release(self, run: ReconciliationRun, due_at: datetime) -> bool:
        """Put a claimed run back into the queue, due at a time, without counting the attempt.

        Does nothing if it is over or was claimed again since. Returns whether it was put back.
        """
        ...

    def claim_due(self, now: datetime, until: datetime) -> ReconciliationRun | None:
        """Lease a run of any tenant that is not over and due, and return it with its attempts."""
        ...

    def latest(self) -> Sequence[ReconciliationRun]:
        """Return the latest run of each tenant that is over."""
        ...

    def page(self, tenant_id: TenantId, window: Window) -> Page[ReconciliationRun]:
        """Return a page of runs, newest first. Raises CursorInvalid."""
        ...


@dataclass(frozen=True)
class ReconciliationService:
    """Queues and carries out runs. Every step is idempotent."""

    reconciliation: Reconciliation
    runs: ReconciliationRuns
    clock: Clock
    fresh: Callable[[], bool]
    """Waits until the read model of payments is up to date; returns whether it is."""

    def start(self, tenant_id: TenantId, run_id: UUID) -> tuple[ReconciliationRun, bool]:
        """Queue a run; return it, or else the one that is under way, and whether it existed."""
        now = self.clock()
        end = now - SETTLING
        run = ReconciliationRun(run_id, tenant_id, end - PERIOD, end, now, now)
        while not self.runs.add(run):
            found = self.runs.get(tenant_id, run_id) or self.runs.unfinished(tenant_id)
            if found is not None:  # else that one has ended in between
                return found, True
        return run, False

    def get(self, tenant_id: TenantId, run_id: UUID) -> ReconciliationRun:
        """Return a run. Raises ReconciliationNotFound."""
        run = self.runs.get(tenant_id, run_id)
        if run is None:
            raise ReconciliationNotFound
        return run

    def start_daily(self, tenants: Iterable[TenantId], starts_at: timedelta) -> None:
        """Queue the run of the day, which begins at a time of day in UTC, for each tenant."""
        day = (self.clock() - starts_at).date()
        for tenant_id in tenants:
            run_id = uuid5(RUNS, f"{tenant_id}/{day.isoformat()}")
            if self.runs.get(tenant_id, run_id) is None:
                self.start(tenant_id, run_id)

    def run_due(self, stop: Event) -> int:
        """Carry out the runs that are due; return how many. Raises StorageUnavailable.

        After `stop`, the run under way ends at its next payment, and is due for another process.
        """
        begun = 0
        while not stop.is_set():
            now = self.clock()
            run = self.runs.claim_due(now, now + LEASE)
            if run is None:
                break
            begun += 1
            self._carry_out(run, stop)
        return begun

    def _carry_out(self, run: ReconciliationRun, stop: Event) -> None:
        if run.attempts > MAX_ATTEMPTS:
            self._end(replace(run, state="failed", reason="TooManyAttempts"))
            return
        note = self._progress_of(run, stop)
        try:
            if not self.fresh():
                log.warning("reconciliation.waits", tenant=run.tenant_id, code="read_models.stale")
                self.runs.release(run, self.clock() + LEASE)
                return
            report = self.reconciliation.compare(run.tenant_id, run.begin, run.end, progress=note)
        except _RunLostError:
            log.warning("reconciliation.lost", tenant=run.tenant_id)
            return
        except _ShutdownError:
            self._release(run)
            return
        except StorageUnavailable:
            raise
        except Exception as error:  # it is logged, and its type is stored
            log.exception("reconciliation.failed", tenant=run.tenant_id)
            if stop.is_set():  # something that was closed may have caused it
                self._release(run)
                return
            self._end(replace(run, state="failed", reason=type(error).__name__))
            return
        self._end(
            replace(
                run,
                state="succeeded",
                payments=report.payments,
                intents=report.intents,
                differences_found=len(report.differences),
                unanswered_found=len(report.unanswered),
                differences=report.differences[:MAX_LISTED],
                unanswered=report.unanswered[:MAX_LISTED],
            )
        )

    def _progress_of(self, run: ReconciliationRun, stop: Event) -> Callable[[int, int], None]:
        """Return a function that stores progress. It raises _RunLostError and _ShutdownError."""
        saved_at = self.clock()

        def note(payments: int, intents: int) -> None:
            nonlocal saved_at
            if stop.is_set():
                raise _ShutdownError
            now = self.clock()
            if now - saved_at < PROGRESS_PAUSE:
                return
            saved_at = now
            progress = replace(run, payments=payments, intents=intents, due_at=now + LEASE)
            if not self.runs.save(progress):
                raise _RunLostError

        return note

    def _release(self, run: ReconciliationRun) -> None:
        """Let another process begin a run again at once."""
        if self.runs.release(run, self.clock()):
            log.info("reconciliation.released", tenant=run.tenant_id)

    def _end(self, run: ReconciliationRun) -> None:
        done = replace(run, finished_at=self.clock())
        if not self.runs.save(done):
            log.warning("reconciliation.lost", tenant=run.tenant_id)
            return
        log.info(
            "reconciliation.done",
            tenant=done.tenant_id,
            state=done.state,
            payments=done.payments,
            differences=done.differences_found,
            unanswered=done.unanswered_found,
        )


def follow_reconciliations(
    service: ReconciliationService,
    tenants: Callable[[], Iterable[TenantId]],
    starts_at: timedelta,
    stop: Event,
) -> None:
    """Queue daily runs and carry out what is due, until stopped. Errors are tried again."""
    while not stop.wait(POLL_S):
        try:
            service.start_daily(tenants(), starts_at)
            service.run_due(stop)
        except Rejected as unavailable:
            log.warning(
                "reconciliation.interrupted", code=unavailable.code, reason=unavailable.detail
            )
        except Exception:
            log.exception("reconciliation.interrupted")


def problems_of(latest: Sequence[ReconciliationRun], now: datetime) -> list[str]:
    """Return a sentence for each tenant whose latest run is old, failed, or found something."""
    problems: list[str] = []
    for run in latest:
        finished = run.finished_at or run.requested_at
        if now - finished > STALE:
            problems.append(f"{run.tenant_id}: the last reconciliation ended on {finished:%F}.")
        elif run.state == "failed":
            problems.append(f"{run.tenant_id}: the last reconciliation failed ({run.reason}).")
        elif run.differences_found or run.unanswered_found:
            problems.append(
                f"{run.tenant_id}: {run.differences_found} differences from gateways,"
                f" {run.unanswered_found} not compared."
            )
    return problems
