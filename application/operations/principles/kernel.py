"""Kernel of the data-flow checks: each injects a fault and observes the result.

Each check works on ports, which the caller supplies. Events go to a tenant of their own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock, EventLog, NewId
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Rejected
from domain.sessions import commands
from domain.sessions.session import SESSION

TENANT: Final = TenantId("kinelog-doctor")
"""Tenant of the doctor's events: the log is append-only, and these must not affect real figures."""
ACTOR: Final = "doctor"
WITHIN_S: Final = 20.0
"""Time limit of each step; a step that exceeds it waits for something that it should not."""

State = Literal["holds", "broken", "not applicable"]


class Broken(Exception):  # noqa: N818  the name states the finding
    """A principle does not hold. The text is one sentence."""


class NotHere(Exception):  # noqa: N818  nothing went wrong
    """The principle does not apply to this installation. The text is one sentence."""


@dataclass(frozen=True)
class Principle:
    """A principle and its check. `show` returns one sentence, or raises Broken or NotHere."""

    name: str
    show: Callable[[], str]


@dataclass(frozen=True)
class Shown:
    """Result of a check."""

    name: str
    state: State
    detail: str


def show_all(principles: Iterable[Principle], tell: Callable[[Shown], object]) -> tuple[Shown, ...]:
    """Run the checks in order, and pass each result to `tell` at once."""
    results: list[Shown] = []
    for principle in principles:
        results.append(_shown(principle))
        tell(results[-1])
    return tuple(results)


def _shown(principle: Principle) -> Shown:
    try:
        return Shown(principle.name, "holds", principle.show())
    except NotHere as elsewhere:
        return Shown(principle.name, "not applicable", str(elsewhere))
    except Broken as broken:
        return Shown(principle.name, "broken", str(broken))
    except Rejected as refused:
        return Shown(principle.name, "broken", f"It could not be shown: {refused.detail}")


@dataclass(frozen=True)
class Patient:
    """The log and the command handler under test."""

    log: EventLog
    commands: CommandHandler
    clock: Clock
    new_id: NewId

    def session(self) -> str:
        """Return an unused session id."""
        return f"doctor-{self.new_id()}"

    def write(self, *requests: Request, command_id: UUID | None = None) -> int:
        """Execute commands; return the position."""
        origin = Origin(tenant_id=TENANT, actor=ACTOR, correlation_id=self.new_id())
        request_id = self.new_id() if command_id is None else command_id
        return self.commands.execute(*requests, origin=origin, command_id=request_id).position

    def begin(self, session: str) -> Request:
        """Build the request that starts a session."""
        start = commands.StartSession(athlete_id=UserId(ACTOR), at=self.clock())
        return Request(SESSION, session, [start])

    def facts(self, session: str) -> Sequence[Any]:
        """Return the events of a session in the log."""
        return self.log.load(TENANT, f"session-{session}")
