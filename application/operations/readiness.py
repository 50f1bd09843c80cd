"""Readiness checks: try each dependency of a process.

All checks run in parallel, each on its own thread. A check that exceeds its time is reported as a
timeout, and no second attempt starts beside it. Results are reused for a moment, so many callers
cost no more than one.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Final, Literal

import structlog

from domain.kernel import Rejected

State = Literal["ok", "degraded", "failed"]

WITHIN_S: Final = 2.0
"""Time limit of a check, below the timeouts of callers. Kubernetes' default is one second."""
KEPT_S: Final = 1.0

log = structlog.get_logger()


class Degraded(Exception):  # noqa: N818  the check itself went well
    """A dependency responds, but not as well as it should. The text is one sentence."""


@dataclass(frozen=True)
class Check:
    """A check of a dependency. `probe` returns one sentence on its state, or raises.

    `needed`: without it, no request can be served, so callers should use another process. A
    dependency that only some requests need, or that all processes lose at the same time, is not
    needed: its failure counts as degraded.
    """

    name: str
    probe: Callable[[], str]
    needed: bool = True


@dataclass(frozen=True)
class Finding:
    """Result of a check. `code` is the code of the rejection, if any."""

    name: str
    state: State
    detail: str
    code: str
    duration_ms: float


@dataclass(frozen=True)
class Report:
    """Results of all checks."""

    findings: tuple[Finding, ...]

    @property
    def failed(self) -> tuple[Finding, ...]:
        """The findings that make the process unready."""
        return tuple(each for each in self.findings if each.state == "failed")

    @property
    def is_ready(self) -> bool:
        """Whether the process can serve requests, even if not all of them."""
        return not self.failed

    @property
    def state(self) -> State:
        """The worst state of all findings."""
        if self.failed:
            return "failed"
        degraded = any(each.state == "degraded" for each in self.findings)
        return "degraded" if degraded else "ok"


class _CheckRun:
    """A check and its latest attempt."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self._began = 0.0
        self._attempt: Future[Finding] | None = None

    def begin(self) -> Future[Finding]:
        """Start an attempt, unless the latest one is still running."""
        if self._attempt is None or self._attempt.done():
            self._attempt, self._began = Future(), time.monotonic()
            thread_name = f"readiness-{self.check.name}"
            Thread(target=self._try, args=(self._attempt,), name=thread_name, daemon=True).start()
        return self._attempt

    def _try(self, attempt: Future[Finding]) -> None:
        check = self.check
        try:
            attempt.set_result(self._finding("ok", check.probe(), "ok"))
        except Degraded as degraded:
            attempt.set_result(self._finding("degraded", str(degraded), "degraded"))
        except Rejected as refused:
            attempt.set_result(self._failure(refused.detail, refused.code))
        except Exception as unforeseen:
            log.exception("readiness.failed", check=check.name)
            reason = f"The check failed with {type(unforeseen).__name__}, which was logged."
            attempt.set_result(self._failure(reason, "internal"))

    def timed_out(self) -> Finding:
        """Return the finding of an attempt that exceeds its time."""
        waited_s = time.monotonic() - self._began
        return self._failure(f"No answer for {waited_s:.1f} s.", "timeout")

    def _failure(self, detail: str, code: str) -> Finding:
        return self._finding("failed" if self.check.needed else "degraded", detail, code)

    def _finding(self, state: State, detail: str, code: str) -> Finding:
        taken_ms = 1000 * (time.monotonic() - self._began)
        return Finding(self.check.name, state, detail, code, round(taken_ms, 1))


ENDING: Final = Finding(
    "process", "failed", "This process is shutting down. Use another one.", "ending", 0.0
)


class Readiness:
    """Runs all checks on demand, at most once per `kept_s`. Thread-safe."""

    def __init__(
        self, checks: Sequence[Check], *, within_s: float = WITHIN_S, kept_s: float = KEPT_S
    ) -> None:
        self._runs = [_CheckRun(check) for check in checks]
        self._within_s = within_s
        self._kept_s = kept_s
        self._lock = Lock()
        self._round: Future[Report] | None = None
        self._ended = 0.0
        self._is_ending = False

    def end(self) -> None:
        """Report the process as not ready from now on."""
        self._is_ending = True

    @property
    def is_ending(self) -> bool:
        """Whether the process is about to end, so that open connections should be closed."""
        return self._is_ending

    def report(self) -> Future[Report]:
        """Return the latest report, or one that completes within the time limit of a check."""
        if self._is_ending:
            ended = Future[Report]()
            ended.set_result(Report((ENDING,)))
            return ended
        with self._lock:
            latest = self._round
            if latest is not None and not (latest.done() and self._is_stale()):
                return latest
            begun = Future[Report]()
            Thread(target=self._go_round, args=(begun,), name="readiness", daemon=True).start()
            self._round = begun  # after start(), which may fail
        return begun

    def _is_stale(self) -> bool:
        return time.monotonic() - self._ended >= self._kept_s

    def _go_round(self, begun: Future[Report]) -> None:
        try:
            report = self._run_checks()
        except BaseException as failed:
            self._ended = time.monotonic()
            begun.set_exception(failed)
            raise
        self._ended = time.monotonic()
        begun.set_result(report)

    def _run_checks(self) -> Report:
        attempts = [(run, run.begin()) for run in self._runs]
        wait([attempt for _, attempt in attempts], timeout=self._within_s)
        findings = (
            attempt.result() if attempt.done() else run.timed_out() for run, attempt in attempts
        )
        return Report(tuple(findings))
