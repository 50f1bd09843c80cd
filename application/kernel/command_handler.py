"""Command handler: load, decide, append, retry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from application.kernel.ports import AppendResult, Change, EventLog, VersionConflict
from domain.kernel import Decider, Origin, Rejected

ATTEMPTS: Final = 10
"""Version conflicts in a row before giving up. Each one means that another writer succeeded."""


class TooManyConflicts(Rejected):
    """Too many concurrent changes. Nothing was written. Try again."""

    code = "stream.contended"
    kind = "unavailable"


@dataclass(frozen=True)
class Snapshot:
    """State of a stream after its first `version` events."""

    version: int
    state: Any


@dataclass(frozen=True)
class Request:
    """Commands for one stream, decided in order, all of them or none.

    With a `snapshot`, only later events are read. `on_load` is called with the state that the
    commands are decided on.
    """

    decider: Decider[Any, Any, Any]
    id: str
    commands: Sequence[Any]
    snapshot: Snapshot | None = None
    on_load: Callable[[Snapshot], object] | None = None

    @property
    def stream(self) -> str:
        """Name of the stream: category and id."""
        return f"{self.decider.category}-{self.id}"


class CommandHandler:
    """Executes commands against the event log.

    `settled` is called with the position of the last event, before `execute` returns. Embedded, it
    brings the projections up to date.
    """

    def __init__(self, log: EventLog, *, settled: Callable[[int], object]) -> None:
        self._log = log
        self._settled = settled

    def execute(self, *requests: Request, origin: Origin, command_id: UUID) -> AppendResult:
        """Decide all requests and store what they make happen in one transaction.

        A `command_id` that was carried out before is answered as it was then. Raises the
        refusals of the deciders, StorageUnavailable, or TooManyConflicts after ten conflicts.
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
        snapshot = request.snapshot or Snapshot(0, decider.initial)
        history = self._log.load(origin.tenant_id, request.stream, after_version=snapshot.version)
        state = decider.fold((recorded.event for recorded in history), snapshot.state)
        version = snapshot.version + len(history)
        if request.on_load is not None:
            request.on_load(Snapshot(version, state))
        events: list[Any] = []
        for command in request.commands:
            new = decider.decide(command, state)
            state = decider.fold(new, state)
            events.extend(new)
        return Change(request.stream, version, events)
