"""Instrumented event log: duration of appends, and the events of each trace."""

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from application.kernel.ports import AppendResult, Change, EventLog
from application.kernel.telemetry import Telemetry, current_trace, span_id_of
from domain.ids import TenantId
from domain.kernel import Origin, Recorded


class InstrumentedEventLog:
    """An `EventLog` with metrics and spans.

    Each event of a sampled trace is a span whose id is derived from the event's id. Its consumers
    add their spans as children.
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
        with self._tracing.span("log append", kind="client") as span:
            appended = self._log.append(changes, origin=origin, command_id=command_id)
            ids = appended.event_ids
            span.tell({"kinelog.position": appended.position, "kinelog.events": len(ids)})
            if ids:
                self._note(changes, ids)
        return appended

    def _note(self, changes: Sequence[Change], event_ids: Sequence[UUID]) -> None:
        """Add a span for each event."""
        parent = current_trace()
        if parent is None:
            return
        events = [(change.stream, event) for change in changes for event in change.events]
        for event_id, (stream, event) in zip(event_ids, events, strict=True):
            self._tracing.note(
                f"event {event.event_name}",
                beneath=parent,
                span_id=span_id_of(event_id),
                attributes={"kinelog.stream": stream, "kinelog.event_id": str(event_id)},
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
