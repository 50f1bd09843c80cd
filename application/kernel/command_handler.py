"""Command handler: load, decide, append, retry."""

import random
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final
from uuid import UUID

from opentelemetry.context import Context
from opentelemetry.trace import SpanKind

from application.kernel.cache import LruCache
from application.kernel.metrics import APPEND_SECONDS, COMMANDS, EVENTS_APPENDED
from application.kernel.ports import (
    AppendResult,
    Change,
    EventLog,
    StorageUnavailable,
    VersionConflict,
)
from application.kernel.tracing import (
    current_correlation_id,
    record_span,
    span,
    span_id_of,
    trace_context,
)
from domain.ids import TenantId
from domain.kernel import Decider, Origin, Rejected

ATTEMPTS: Final = 10
"""Version conflicts in a row before giving up. Each one means that another writer succeeded."""

CONTENDED_ATTEMPTS: Final = 200
"""The same, of commands to which a contended stream belongs. There is a pause between attempts."""

LONGEST_PAUSE_S: Final = 0.05

MAX_KEPT: Final = 100
"""States of contended streams in memory."""


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

    With a `snapshot`, the commands are decided on it without reading the stream. Later events are
    read if it is outdated, or refuses a command. `on_load` is called with the state that the
    commands are decided on, `on_append` with the state after their events, once those are stored.
    `followed_by` returns requests for other streams, from the new events and the state after them;
    they are stored together with this one.

    `contended`: all users of a tenant append to this stream, so conflicts are usual. It is tried
    more often, and its latest state is kept in memory, to which only later events are applied. The
    state has no personal data.
    """

    decider: Decider[Any, Any, Any]
    id: str
    commands: Sequence[Any]
    snapshot: Snapshot | None = None
    on_load: Callable[[Snapshot], object] | None = None
    on_append: Callable[[Snapshot], object] | None = None
    followed_by: Callable[[Sequence[Any], Any], Sequence["Request"]] | None = None
    contended: bool = False

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
        self._kept = LruCache[tuple[TenantId, str], Snapshot](MAX_KEPT)
        self._contended = Lock()

    def execute(self, *requests: Request, origin: Origin, command_id: UUID) -> AppendResult:
        """Decide all requests and store what they make happen in one transaction.

        A `command_id` that was carried out before is answered as it was then. Raises the
        refusals of the deciders, StorageUnavailable, or TooManyConflicts.
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
        turn: AbstractContextManager[object] = nullcontext()
        for attempt in range(1, CONTENDED_ATTEMPTS + 1):
            is_assumed = attempt == 1 and any(request.snapshot for request in requests)
            decided: list[_Decision] = []
            with turn:
                try:
                    appended = self._try(requests, origin, command_id, decided, read=attempt > 1)
                except VersionConflict:
                    appended = None
                except StorageUnavailable:
                    raise
                except Rejected:  # perhaps because it was carried out before
                    appended = self._log.done(origin.tenant_id, command_id)
                    is_final = appended is None and not is_assumed
                    if is_final and not self._is_stale(origin.tenant_id, decided):
                        raise
            if appended is not None:
                self._settled(appended.position)
                return appended
            if any(each.request.contended for each in decided):
                turn = self._contended  # threads of this process wait for each other from now on
                time.sleep(random.uniform(0, LONGEST_PAUSE_S))  # noqa: S311  no secret
            elif attempt >= ATTEMPTS:
                break
        raise TooManyConflicts

    def _try(
        self,
        requests: Sequence[Request],
        origin: Origin,
        command_id: UUID,
        decided: list["_Decision"],
        *,
        read: bool,
    ) -> AppendResult:
        """Decide and append once. What was decided before a refusal is in `decided`.

        `read`: events after a given snapshot are read.
        """
        for request in requests:
            self._decide(request, origin, decided, read=read)
        changes = [each.change for each in decided]
        if len({change.stream for change in changes}) < len(changes):
            raise ValueError("Two requests of one append are for the same stream.")
        appended = self._append(changes, origin, command_id)
        if not appended.repeated:
            for each in decided:
                if each.request.on_append is not None:
                    each.request.on_append(each.after)
        return appended

    def _is_stale(self, tenant_id: TenantId, decided: Sequence["_Decision"]) -> bool:
        """Return whether a stream has changed since it was read.

        Streams are read one after the other, so a refusal may come from a mixture of two moments.
        """
        return any(
            self._log.load(
                tenant_id, each.change.stream, after_version=each.change.expected_version
            )
            for each in decided
        )

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

    def _decide(
        self, request: Request, origin: Origin, decided: list["_Decision"], *, read: bool
    ) -> None:
        """Add the decision on a request, and those on the requests that follow it."""
        decider = request.decider
        before = self._before(request, origin.tenant_id, read=read)
        if request.on_load is not None:
            request.on_load(before)
        state = before.state
        events: list[Any] = []
        for command in request.commands:
            new = decider.decide(command, state)
            state = decider.fold(new, state)
            events.extend(new)
        change = Change(request.stream, before.version, events)
        decided.append(_Decision(request, change, Snapshot(before.version + len(events), state)))
        if request.followed_by is not None:
            for following in request.followed_by(events, state):
                self._decide(following, origin, decided, read=read)

    def _before(self, request: Request, tenant_id: TenantId, *, read: bool) -> Snapshot:
        """Return the state of a request's stream, from its snapshot and the events after that."""
        if request.snapshot is not None and not read:
            return request.snapshot
        decider, key = request.decider, (tenant_id, request.stream)
        kept = self._kept.get(key) if request.contended else None
        snapshot = request.snapshot or kept or Snapshot(0, decider.initial)
        history = self._log.load(tenant_id, request.stream, after_version=snapshot.version)
        state = decider.fold((recorded.event for recorded in history), snapshot.state)
        latest = Snapshot(snapshot.version + len(history), state)
        if request.contended:
            self._kept.put(key, latest)
        return latest


@dataclass(frozen=True, slots=True)
class _Decision:
    """Change that a request makes, and the state of its stream after it."""

    request: Request
    change: Change
    after: Snapshot


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
