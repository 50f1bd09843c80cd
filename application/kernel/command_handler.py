"""Command handler: load, decide, append, retry."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from opentelemetry.context import Context
from opentelemetry.trace import SpanKind

from application.kernel.metrics import APPEND_SECONDS, COMMANDS, EVENTS_APPENDED
from application.kernel.ports import AppendResult, Change, EventLog, VersionConflict
from application.kernel.tracing import (
    current_correlation_id,
    record_span,
    span,
    span_id_of,
    trace_context,
)
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
    brings the projections up to date. Each execution is a span and a count; each event of a sampled
    trace is a span whose id is derived from the event's id, so that its consumers can find it.
    """

    def __init__(self, log: EventLog, *, settled: Callable[[int], object]) -> None:
        self._log = log
        self._settled = settled

    def execute(self, *requests: Request, origin: Origin, command_id: UUID) -> AppendResult:
        """Decide all requests and store what they make happen in one transaction.

        A `command_id` that was carried out before is answered as it was then. Raises the
        refusals of the deciders, StorageUnavailable, or TooManyConflicts after ten conflicts.
        """
        categories = sorted({request.decider.category for request in requests})
        attributes = {"kinelog.tenant": origin.tenant_id, "kinelog.command_id": str(command_id)}
        try:
            with span(f"command {' '.join(categories)}", _context(origin), attributes=attributes):
                appended = self._execute(requests, origin, command_id)
        except Exception as failed:
            outcome = failed.code if isinstance(failed, Rejected) else type(failed).__name__
            _count(categories, outcome)
            raise
        _count(categories, "repeated" if appended.repeated else "done")
        return appended

    def _execute(
        self, requests: Sequence[Request], origin: Origin, command_id: UUID
    ) -> AppendResult:
        for _ in range(ATTEMPTS):
            if done := self._log.done(origin.tenant_id, command_id):
                return done
            changes = [self._decide(request, origin) for request in requests]
            try:
                appended = self._append(changes, origin, command_id)
            except VersionConflict:
                continue
            self._settled(appended.position)
            return appended
        raise TooManyConflicts

    def _append(self, changes: Sequence[Change], origin: Origin, command_id: UUID) -> AppendResult:
        began = time.perf_counter()
        with span("log append", kind=SpanKind.CLIENT) as current:
            appended = self._log.append(changes, origin=origin, command_id=command_id)
            if current.is_recording() and not appended.repeated:
                ids = appended.event_ids
                current.set_attributes(
                    {"kinelog.position": appended.position, "kinelog.events": len(ids)}
                )
                _record_events(changes, ids)
        if not appended.repeated:
            APPEND_SECONDS.observe(time.perf_counter() - began)
            EVENTS_APPENDED.inc(sum(len(change.events) for change in changes))
        return appended

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


def _context(origin: Origin) -> Context | None:
    """Return the context of a command: the current one in the origin's trace, else by its cause."""
    if current_correlation_id() == origin.correlation_id:
        return None
    return trace_context(origin.correlation_id, origin.causation_id)


def _count(categories: Iterable[str], outcome: str) -> None:
    for category in categories:
        COMMANDS.labels(category, outcome).inc()


def _record_events(changes: Sequence[Change], event_ids: Sequence[UUID]) -> None:
    events = [(change.stream, event) for change in changes for event in change.events]
    for event_id, (stream, event) in zip(event_ids, events, strict=True):
        attributes = {"kinelog.stream": stream, "kinelog.event_id": str(event_id)}
        span_id = span_id_of(event_id)
        record_span(f"event {event.event_name}", span_id=span_id, attributes=attributes)
