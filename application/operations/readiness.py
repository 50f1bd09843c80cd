"""Whether a process can do its work, dependency by dependency: tried, not assumed.

All checks run at the same time, each on a thread of its own. One that does not answer in time is
told so, and no second one is begun beside it. What was found counts for a moment, so that many who
ask cost no more than one.
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
"""Less than the patience of those who ask; Kubernetes has one second unless told otherwise."""
KEPT_S: Final = 1.0

log = structlog.get_logger()


class Degraded(Exception):  # noqa: N818  the check itself went well
    """A dependency answers, and not as well as it should. The text is one sentence."""


@dataclass(frozen=True)
class Check:
    """How a dependency is tried. `look` gives a sentence on how it is, or raises.

    `needed`: without it no request is served, and others should be asked instead. What only some
    requests need, or all processes miss at the same time, is not: it is told as degraded.
    """

    name: str
    look: Callable[[], str]
    needed: bool = True


@dataclass(frozen=True)
class Finding:
    """What came of a check. `code` is that of the refusal, where there was one."""

    name: str
    state: State
    detail: str
    code: str
    duration_ms: float


@dataclass(frozen=True)
class Report:
    """What came of all checks."""

    findings: tuple[Finding, ...]

    @property
    def failed(self) -> tuple[Finding, ...]:
        """What keeps the process from its work."""
        return tuple(each for each in self.findings if each.state == "failed")

    @property
    def is_ready(self) -> bool:
        """Whether requests can be served, even if not all of them."""
        return not self.failed

    @property
    def state(self) -> State:
        """The worst there is."""
        if self.failed:
            return "failed"
        degraded = any(each.state == "degraded" for each in self.findings)
        return "degraded" if degraded else "ok"


class _Tried:
    """A check, and its last attempt."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self._began = 0.0
        self._attempt: Future[Finding] | None = None

    def begin(self) -> Future[Finding]:
        """Try now, unless the last attempt is still under way."""
        if self._attempt is None or self._attempt.done():
            self._attempt, self._began = Future(), time.monotonic()
            named = f"readiness-{self.check.name}"
            Thread(target=self._try, args=(self._attempt,), name=named, daemon=True).start()
        return self._attempt

    def _try(self, attempt: Future[Finding]) -> None:
        check = self.check
        try:
            attempt.set_result(self._found("ok", check.look(), "ok"))
        except Degraded as degraded:
            attempt.set_result(self._found("degraded", str(degraded), "degraded"))
        except Rejected as refused:
            attempt.set_result(self._bad(refused.detail, refused.code))
        except Exception as unforeseen:
            log.exception("readiness.failed", check=check.name)
            reason = f"The check failed with {type(unforeseen).__name__}; it is in our log."
            attempt.set_result(self._bad(reason, "internal"))

    def timed_out(self) -> Finding:
        """Say that there is no answer yet."""
        waited_s = time.monotonic() - self._began
        return self._bad(f"It has not answered for {waited_s:.1f} s.", "timeout")

    def _bad(self, detail: str, code: str) -> Finding:
        return self._found("failed" if self.check.needed else "degraded", detail, code)

    def _found(self, state: State, detail: str, code: str) -> Finding:
        taken_ms = 1000 * (time.monotonic() - self._began)
        return Finding(self.check.name, state, detail, code, round(taken_ms, 1))


ENDING: Final = Finding(
    "process", "failed", "This process is about to end: ask another one.", "ending", 0.0
)


class Readiness:
    """Tries all checks when asked, at most once in `kept_s`. Any thread may ask."""

    def __init__(
        self, checks: Sequence[Check], *, within_s: float = WITHIN_S, kept_s: float = KEPT_S
    ) -> None:
        self._tried = [_Tried(check) for check in checks]
        self._within_s = within_s
        self._kept_s = kept_s
        self._lock = Lock()
        self._round: Future[Report] | None = None
        self._ended = 0.0
        self._is_ending = False

    def end(self) -> None:
        """Say from now on that the process is not ready, whatever it could still do."""
        self._is_ending = True

    @property
    def is_ending(self) -> bool:
        """Whether the process is about to end: what stays open is let go of."""
        return self._is_ending

    def look(self) -> Future[Report]:
        """Give what is found, by now or soon: within the time that a check may take."""
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
            self._round = begun  # only now: where no thread could begin, the next one tries again
        return begun

    def _is_stale(self) -> bool:
        return time.monotonic() - self._ended >= self._kept_s

    def _go_round(self, begun: Future[Report]) -> None:
        try:
            report = self._found()
        except BaseException as failed:
            self._ended = time.monotonic()
            begun.set_exception(failed)
            raise
        self._ended = time.monotonic()
        begun.set_result(report)

    def _found(self) -> Report:
        attempts = [(tried, tried.begin()) for tried in self._tried]
        wait([attempt for _, attempt in attempts], timeout=self._within_s)
        found = (
            attempt.result() if attempt.done() else tried.timed_out() for tried, attempt in attempts
        )
        return Report(tuple(found))
