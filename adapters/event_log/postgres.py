"""Event log on PostgreSQL: one database call per append, isolated by tenant.

`adapters.migrations.upgrade` must have prepared the database before a log is opened.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from adapters.event_log.codec import EVENTS, EventCodec, EventNotStorable
from adapters.event_log.grouping import by_stream
from adapters.event_log.postgres_errors import place_of, storage_failures
from adapters.event_log.postgres_recorder import Datastore, EventRecorder, StoredRow
from application.kernel.ports import (
    ALL_VERSIONS,
    AppendResult,
    Change,
    Clock,
    DamagedEvent,
    EventNotDecoded,
    EventUnreadable,
    NewId,
)
from domain.ids import TenantId
from domain.kernel import Origin, Recorded
from domain.tenants.tenant_id import parse_tenant_id

LONGEST_TEXT = 2000
"""Largest size of a stream's name or an actor in bytes: an index entry has room for 2704."""


class PostgresEventLog:
    """An `EventLog` in PostgreSQL 15 or later. Any thread or process may use it.

    `conninfo` is a libpq connection string whose user may take the role `kinelog_app`, and
    `reader_conninfo` (by default the same) one whose user may take `kinelog_reader`. Appending and
    loading see one tenant only, by row-level security; `scan` and `head` see all. Each role opens
    at most `connections`, and a caller waits at most `patience_s` seconds for one. Connections are
    opened on first use. Raises StorageUnavailable.
    """

    def __init__(
        self,
        conninfo: str,
        *,
        clock: Clock,
        new_id: NewId,
        codec: EventCodec = EVENTS,
        reader_conninfo: str | None = None,
        connections: int = 8,
        patience_s: float = 5.0,
    ) -> None:
        self._clock = clock
        self._new_id = new_id
        self._codec = codec
        self._place = place_of(conninfo)
        self._app = EventRecorder(
            Datastore(conninfo, "kinelog_app", connections=connections, patience_s=patience_s)
        )
        self._reader = EventRecorder(
            Datastore(
                reader_conninfo or conninfo,
                "kinelog_reader",
                connections=connections,
                patience_s=patience_s,
            )
        )

    def close(self) -> None:
        """Close the connections. The log must not be used afterwards."""
        self._app.datastore.close()
        self._reader.datastore.close()

    @property
    def pools(self) -> dict[str, Any]:
        """Its connection pools by purpose, for metrics."""
        return {"log": self._app.datastore.pool, "log_readers": self._reader.datastore.pool}

    def append(
        self, changes: Sequence[Change], *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        tenant_id = parse_tenant_id(origin.tenant_id)
        changes = list(changes)
        events = [event for change in changes for event in change.events]
        encode, new_id = self._codec.encode, self._new_id
        parameters = (
            tenant_id,
            command_id,
            self._clock(),
            _text(origin.actor),
            origin.correlation_id,
            origin.causation_id,
            [_text(change.stream) for change in changes],
            [change.expected_version for change in changes],
            [len(change.events) for change in changes],
            [event.event_name for event in events],
            [event.schema_version for event in events],
            [
                encode(event, f"{tenant_id}/{change.stream}")
                for change in changes
                for event in change.events
            ],
            [new_id() for _ in events],
        )
        with storage_failures(self._place):
            return self._app.append(changes, parameters)

    def done(self, tenant_id: TenantId, command_id: UUID) -> AppendResult | None:
        with storage_failures(self._place):
            return self._app.answer(parse_tenant_id(tenant_id), command_id)

    def load(
        self,
        tenant_id: TenantId,
        stream: str,
        *,
        after_version: int = 0,
        keep_damaged: bool = False,
    ) -> Sequence[Recorded[Any]]:
        parse_tenant_id(tenant_id)
        with storage_failures(self._place):
            rows = self._app.rows_of_stream(tenant_id, _text(stream), after_version)
        return self._recorded(rows, keep_damaged=keep_damaged)

    def load_many(
        self,
        tenant_id: TenantId,
        streams: Collection[str],
        *,
        after_versions: Mapping[str, int] = ALL_VERSIONS,
    ) -> Mapping[str, Sequence[Recorded[Any]]]:
        parse_tenant_id(tenant_id)
        wanted = {_text(stream): after_versions.get(stream, 0) for stream in streams}
        with storage_failures(self._place):
            rows = self._app.rows_of_streams(tenant_id, wanted)
        return by_stream(wanted, self._recorded(rows))

    def scan(
        self, *, after: int, limit: int, keep_damaged: bool = False
    ) -> Sequence[Recorded[Any]]:
        with storage_failures(self._place):
            rows = self._reader.rows_after(after, limit)
        return self._recorded(rows, keep_damaged=keep_damaged)

    def head(self) -> int:
        with storage_failures(self._place):
            return self._reader.head()

    def _recorded(
        self, rows: Iterable[StoredRow], *, keep_damaged: bool = False
    ) -> list[Recorded[Any]]:
        origins: dict[tuple[object, ...], Origin] = {}  # shared by the events of a command
        decode = self._codec.decode
        recorded: list[Recorded[Any]] = []
        for (
            position, originator, version, topic, schema_version, state, event_id,
            tenant_id, actor, correlation_id, cause, recorded_at,
        ) in rows:  # fmt: skip
            # Keyed by integer: the hash of a UUID is computed in slow Python code.
            source = (tenant_id, actor, correlation_id.int, cause and cause.int)
            origin = origins.get(source)
            if origin is None:
                origin = origins[source] = Origin(
                    tenant_id=TenantId(tenant_id),
                    actor=actor,
                    correlation_id=correlation_id,
                    causation_id=cause,
                )
            try:
                event = decode(topic, schema_version, state, originator)
            except EventNotDecoded as obstacle:
                placed = obstacle.at(position, originator, version)
                if not (keep_damaged and isinstance(placed, EventUnreadable)):
                    raise placed from obstacle
                event = DamagedEvent(placed.detail)
            recorded.append(
                Recorded(
                    event_id,
                    origin,
                    originator[len(tenant_id) + 1 :],
                    version,
                    position,
                    recorded_at,
                    event,
                )
            )
        return recorded


def _text(text: str) -> str:
    """Return a name that PostgreSQL can store; raise EventNotStorable for any other."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as half:
        raise EventNotStorable("Half of a surrogate pair cannot be stored in a name.") from half
    if "\x00" in text:
        raise EventNotStorable("The character NUL cannot be stored in a name.")
    if size > LONGEST_TEXT:
        raise EventNotStorable(f"A name of {size} bytes cannot be stored, only {LONGEST_TEXT}.")
    return text
