"""A principle is shown by injecting a fault; a part that breaks its promise is found out.

Each is shown on ports: whoever gives them decides what is shown. Facts go to a tenant of the
doctor's own.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
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
"""Where the doctor's facts lie, for the log forgets nothing: nobody else's figures have them."""
ACTOR: Final = "doctor"
WITHIN_S: Final = 20.0
"""Longer than this nothing here takes, unless it waits for what it should not wait for."""

State = Literal["holds", "broken", "not applicable"]


class Broken(Exception):  # noqa: N818  the name states the finding
    """A principle does not hold. The text is one sentence."""


class NotHere(Exception):  # noqa: N818  nothing went wrong
    """Nothing of the kind is at work here. The text is one sentence."""


@dataclass(frozen=True)
class Principle:
    """A principle, and how it is shown. `show` gives a sentence, or raises Broken or NotHere."""

    name: str
    show: Callable[[], str]


@dataclass(frozen=True)
class Shown:
    """What came of showing a principle."""

    name: str
    state: State
    detail: str


def show_all(principles: Iterable[Principle], tell: Callable[[Shown], object]) -> tuple[Shown, ...]:
    """Show one after the other, and tell of each at once."""
    found: list[Shown] = []
    for principle in principles:
        found.append(_shown(principle))
        tell(found[-1])
    return tuple(found)


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
    """Where facts are written and read to show something: a log, and the commands to it."""

    log: EventLog
    commands: CommandHandler
    clock: Clock
    new_id: NewId

    def session(self) -> str:
        """Name a session that nobody has."""
        return f"doctor-{self.new_id()}"

    def write(self, *requests: Request, command_id: UUID | None = None) -> int:
        """Carry out commands; gives the position."""
        origin = Origin(tenant_id=TENANT, actor=ACTOR, correlation_id=self.new_id())
        wanted = self.new_id() if command_id is None else command_id
        return self.commands.execute(*requests, origin=origin, command_id=wanted).position

    def begin(self, session: str) -> Request:
        """Ask for a session to begin."""
        start = commands.StartSession(athlete_id=UserId(ACTOR), at=self.clock())
        return Request(SESSION, session, [start])

    def facts(self, session: str) -> Sequence[Any]:
        """Give what the log has of a session."""
        return self.log.load(TENANT, f"session-{session}")


def in_time(work: Callable[[], object], within_s: float) -> bool:
    """Do work on a thread; False where it is not over in time. Raises what the work raises."""
    done = Future[object]()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as failed:  # noqa: BLE001  raised where the result is asked for
            done.set_exception(failed)

    threading.Thread(target=run, daemon=True).start()
    try:
        done.result(within_s)
    except TimeoutError:
        return False
    return True
