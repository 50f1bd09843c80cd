"""How a command is carried out: load, decide, append; decide again if the stream moved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from application.kernel.ports import AppendResult, Change, EventLog, VersionConflict
from domain.kernel import Decider, Origin, Rejected

ATTEMPTS: Final = 10
"""Races lost in a row before giving up. Each one means that somebody else got on."""


class TooManyConflicts(Rejected):
    """Others keep changing this at the same time; nothing was written, and asking again is safe."""

    code = "stream.contended"
    kind = "unavailable"


@dataclass(frozen=True)
class Snapshot:
    """What a stream came to, after so many of its events."""

    version: int
    state: Any


@dataclass(frozen=True)
class Request:
    """Commands for one stream, decided in order, all of them or none.

    `commands` may be told by the stream's events so far: what is summed up of them is then decided
    on the same events, also where the stream moves meanwhile. Of a stream of which something is
    `snapshot` only later events are read.
    """

    decider: Decider[Any, Any, Any]
    id: str
    commands: Sequence[Any] | Callable[[Sequence[Any]], Sequence[Any]]
    snapshot: Snapshot | None = None

    @property
    def stream(self) -> str:
        """The stream's name: category and id."""
        return f"{self.decider.category}-{self.id}"


class CommandHandler:
    """Carries out commands against the log.

    `settled` is called with the position reached, before the caller gets its answer: embedded, it
    brings the projections up to date.
    """

    def __init__(self, log: EventLog, *, settled: Callable[[int], object]) -> None:
        self._log = log
        self._settled = settled

    def execute(self, *requests: Request, origin: Origin, command_id: UUID) -> AppendResult:
        """Decide all requests and store what they make happen in one transaction.

        A `command_id` that was carried out before is answered as it was then. Raises what the
        deciders refuse with, StorageUnavailable, or TooManyConflicts after ten lost races.
        """
        for _ in range(ATTEMPTS):
            if done := self._log.done(origin.tenant_id, command_id):
                return done
            changes = [self._decide(request, origin) for request in requests]
            try:
                appended = self._log.append(changes, origin=origin, command_id=command_id)
            except VersionConflict:
                continue
            self._settled(appended.position)
            return appended
        raise TooManyConflicts

    def _decide(self, request: Request, origin: Origin) -> Change:
        decider = request.decider
        known = request.snapshot or Snapshot(0, decider.initial)
        history = self._log.load(origin.tenant_id, request.stream, after_version=known.version)
        news = [recorded.event for recorded in history]
        state = decider.fold(news, known.state)
        events: list[Any] = []
        asked = request.commands
        for command in asked(news) if callable(asked) else asked:
            happened = decider.decide(command, state)
            state = decider.fold(happened, state)
            events.extend(happened)
        return Change(request.stream, known.version + len(history), events)
