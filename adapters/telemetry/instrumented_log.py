"""An event log that tells how long appends take, and in each trace which events it led to."""

import time
from collections.abc import Collection, Mapping, Sequence
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from application.kernel.ports import AppendResult, Change, EventLog, NewId
from application.kernel.telemetry import Telemetry, current_trace, span_id_of
from domain.ids import TenantId
from domain.kernel import Origin, Recorded

_made: ContextVar[list[UUID] | None] = ContextVar("kinelog_event_ids", default=None)


def remembered(new_id: NewId) -> NewId:
    """Make ids as before; the log that is observed learns those of its own appends."""

    def make() -> UUID:
        made, identity = _made.get(), new_id()
        if made is not None:
            made.append(identity)
        return identity

    return make


class ObservedEventLog:
    """An `EventLog` whose ids are made by a `remembered` maker.

    Each event of a sampled trace is a point of it, named by the event's id: whoever reads the event
    later can tell of their work beneath that.
    """

    def __init__(self, log: EventLog, telemetry: Telemetry) -> None:
        self._log = log
        self._tracing = telemetry.tracing
        self._metrics = telemetry.metrics

    def append(
        self, changes: Sequence[Change], *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        began = time.perf_counter()
        if not self._tracing.samples(origin.correlation_id):
            appended = self._log.append(changes, origin=origin, command_id=command_id)
        else:
            appended = self._traced(changes, origin, command_id)
        if not appended.repeated:
            events = sum(len(change.events) for change in changes)
            self._metrics.appended(events, time.perf_counter() - began)
        return appended

    def _traced(self, changes: Sequence[Change], origin: Origin, command_id: UUID) -> AppendResult:
        made: list[UUID] = []
        token = _made.set(made)
        try:
            with self._tracing.span("log append", kind="client") as span:
                appended = self._log.append(changes, origin=origin, command_id=command_id)
                span.tell({"kinelog.position": appended.position, "kinelog.events": len(made)})
                if not appended.repeated:
                    self._tell(changes, made)
        finally:
            _made.reset(token)
        return appended

    def _tell(self, changes: Sequence[Change], made: Sequence[UUID]) -> None:
        """Tell of each event; ids that a lost connection made in vain come before the last ones."""
        here = current_trace()
        events = [(change.stream, event) for change in changes for event in change.events]
        if here is None:
            return
        for identity, (stream, event) in zip(made[len(made) - len(events) :], events, strict=True):
            self._tracing.note(
                f"event {event.event_name}",
                beneath=here,
                span_id=span_id_of(identity),
                attributes={"kinelog.stream": stream, "kinelog.event_id": str(identity)},
            )

    def done(self, tenant_id: TenantId, command_id: UUID) -> AppendResult | None:
        return self._log.done(tenant_id, command_id)

    def load(
        self, tenant_id: TenantId, stream: str, *, after_version: int = 0
    ) -> Sequence[Recorded[Any]]:
        return self._log.load(tenant_id, stream, after_version=after_version)

    def load_many(
        self, tenant_id: TenantId, streams: Collection[str]
    ) -> Mapping[str, Sequence[Recorded[Any]]]:
        return self._log.load_many(tenant_id, streams)

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]:
        return self._log.scan(after=after, limit=limit)

    def head(self) -> int:
        return self._log.head()
