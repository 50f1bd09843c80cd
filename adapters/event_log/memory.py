"""Event log in memory, for tests and trials, with all rules enforced."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any
from uuid import UUID

from adapters.event_log.codec import EVENTS, EventCodec
from adapters.event_log.versions import require_versions
from application.kernel.ports import ALL_VERSIONS, AppendResult, Change, Clock, NewId
from domain.ids import TenantId
from domain.kernel import Origin, Recorded
from domain.tenants.tenant_id import parse_tenant_id


class MemoryEventLog:
    """An `EventLog` in memory. One lock makes every append a transaction."""

    def __init__(self, *, clock: Clock, new_id: NewId, codec: EventCodec = EVENTS) -> None:
        self._clock = clock
        self._new_id = new_id
        self._codec = codec
        self._lock = Lock()
        self._log: list[Recorded[Any]] = []
        self._streams: dict[tuple[TenantId, str], list[Recorded[Any]]] = {}
        self._results: dict[tuple[TenantId, UUID], AppendResult] = {}

    def append(
        self, changes: Sequence[Change], *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        tenant_id = parse_tenant_id(origin.tenant_id)
        for change in changes:
            for event in change.events:  # refuse what no log could store
                self._codec.encode(event, f"{tenant_id}/{change.stream}")
        with self._lock:
            earlier = self._results.get((tenant_id, command_id))
            if earlier is not None:
                return replace(earlier, repeated=True)
            require_versions(changes, lambda stream: len(self._stream(tenant_id, stream)))
            added = self._record(changes, origin)
            position = added[-1].position if added else 0
            self._results[tenant_id, command_id] = AppendResult(position)
            return AppendResult(position, event_ids=tuple(each.event_id for each in added))

    def _record(self, changes: Sequence[Change], origin: Origin) -> list[Recorded[Any]]:
        """Add the events and return them."""
        now = self._clock()
        recorded_at = max(now, self._log[-1].recorded_at) if self._log else now
        added: list[Recorded[Any]] = []
        for change in changes:
            stream = self._streams.setdefault((origin.tenant_id, change.stream), [])
            for event in change.events:
                recorded = Recorded(
                    event_id=self._new_id(),
                    origin=origin,
                    stream=change.stream,
                    version=len(stream) + 1,
                    position=len(self._log) + 1,
                    recorded_at=recorded_at,
                    event=event,
                )
                stream.append(recorded)
                self._log.append(recorded)
                added.append(recorded)
        return added

    def _stream(self, tenant_id: TenantId, stream: str) -> list[Recorded[Any]]:
        return self._streams.get((tenant_id, stream), [])

    def done(self, tenant_id: TenantId, command_id: UUID) -> AppendResult | None:
        with self._lock:
            earlier = self._results.get((parse_tenant_id(tenant_id), command_id))
        return None if earlier is None else replace(earlier, repeated=True)

    def load(
        self,
        tenant_id: TenantId,
        stream: str,
        *,
        after_version: int = 0,
        keep_damaged: bool = False,
    ) -> Sequence[Recorded[Any]]:
        del keep_damaged  # none is stored
        parse_tenant_id(tenant_id)
        with self._lock:
            return self._stream(tenant_id, stream)[after_version:]

    def load_many(
        self,
        tenant_id: TenantId,
        streams: Collection[str],
        *,
        after_versions: Mapping[str, int] = ALL_VERSIONS,
    ) -> Mapping[str, Sequence[Recorded[Any]]]:
        parse_tenant_id(tenant_id)
        with self._lock:
            return {
                stream: self._stream(tenant_id, stream)[after_versions.get(stream, 0) :]
                for stream in streams
            }

    def scan(
        self, *, after: int, limit: int, keep_damaged: bool = False
    ) -> Sequence[Recorded[Any]]:
        del keep_damaged  # none is stored
        with self._lock:
            return self._log[after : after + limit]

    def head(self) -> int:
        with self._lock:
            return len(self._log)
