"""Event log on SQLite: one file, one write transaction at a time, on disk when a call returns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import convert

from adapters.event_log.codec import EVENTS, EventCodec
from adapters.event_log.errors import storage_failures
from adapters.event_log.grouping import by_stream
from adapters.event_log.sqlite_recorder import (
    EVENT_ID,
    EventRecorder,
    NewRow,
    RowWithStream,
    StoredRow,
)
from adapters.event_log.sqlite_values import DAMAGED_VALUE, EPOCH, MICROSECOND, check_values
from adapters.sql.private_files import make_private_file, make_private_folder
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


class SqliteEventLog:
    """An `EventLog` in a SQLite file. Creates the file and its folder if they do not exist.

    Threads and processes may share the file. Raises StorageUnavailable if it cannot be opened.
    """

    def __init__(
        self, path: Path, *, clock: Clock, new_id: NewId, codec: EventCodec = EVENTS
    ) -> None:
        self._path = path
        self._clock = clock
        self._new_id = new_id
        self._codec = codec
        self._recorder = EventRecorder(path)
        with storage_failures(path):
            make_private_folder(path.parent)
            make_private_file(path)
            self._recorder.create_table()

    def close(self) -> None:
        """Close the file. The log must not be used afterwards."""
        self._recorder.datastore.close()

    def append(
        self, changes: Sequence[Change], *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        parse_tenant_id(origin.tenant_id)
        event_ids: list[UUID] = []
        rows: list[NewRow] = []
        # Events are encoded before taking the write lock, so that other writers need not wait.
        for change in changes:
            originator_id = f"{origin.tenant_id}/{change.stream}"
            for version, event in enumerate(change.events, change.expected_version + 1):
                payload = self._codec.encode(event, originator_id)
                event_id = self._new_id()
                event_ids.append(event_id)
                rows.append(
                    (
                        originator_id,
                        version,
                        event.event_name,
                        event.schema_version,
                        payload,
                        event_id.bytes,
                    )
                )
        with storage_failures(self._path):
            return self._recorder.append(
                changes,
                rows,
                origin=origin,
                command_id=command_id.bytes,
                event_ids=tuple(event_ids),
                now=self._now,
            )

    def _now(self) -> int:
        return (self._clock() - EPOCH) // MICROSECOND

    def done(self, tenant_id: TenantId, command_id: UUID) -> AppendResult | None:
        with storage_failures(self._path):
            return self._recorder.answer(parse_tenant_id(tenant_id), command_id.bytes)

    def load(
        self,
        tenant_id: TenantId,
        stream: str,
        *,
        after_version: int = 0,
        keep_damaged: bool = False,
    ) -> Sequence[Recorded[Any]]:
        originator_id = f"{parse_tenant_id(tenant_id)}/{stream}"
        with storage_failures(self._path):
            rows = self._recorder.rows_of_stream(originator_id, after_version)
        streams = repeat((tenant_id, originator_id))
        return self._recorded(streams, rows, keep_damaged=keep_damaged)

    def load_many(
        self,
        tenant_id: TenantId,
        streams: Collection[str],
        *,
        after_versions: Mapping[str, int] = ALL_VERSIONS,
    ) -> Mapping[str, Sequence[Recorded[Any]]]:
        parse_tenant_id(tenant_id)
        wanted = {f"{tenant_id}/{stream}": after_versions.get(stream, 0) for stream in streams}
        with storage_failures(self._path):
            rows = self._recorder.rows_of_streams(wanted)
        return by_stream(streams, self._recorded_with_streams(rows))

    def scan(
        self, *, after: int, limit: int, keep_damaged: bool = False
    ) -> Sequence[Recorded[Any]]:
        with storage_failures(self._path):
            rows = self._recorder.rows_after(after, limit)
        return self._recorded_with_streams(rows, keep_damaged=keep_damaged)

    def head(self) -> int:
        with storage_failures(self._path):
            return self._recorder.max_notification_id() or 0

    def _recorded_with_streams(
        self, rows: Sequence[RowWithStream], *, keep_damaged: bool = False
    ) -> list[Recorded[Any]]:
        streams = [row[:2] for row in rows]
        return self._recorded(streams, [row[2:] for row in rows], keep_damaged=keep_damaged)

    def _recorded(
        self, streams: Iterable[tuple[str, str]], rows: Sequence[StoredRow], *, keep_damaged: bool
    ) -> list[Recorded[Any]]:
        """Decode rows; `streams` are the tenant and originator of each, and can be repeated."""
        try:
            return self._decoded(streams, rows, keep_damaged=keep_damaged)
        except DAMAGED_VALUE:
            check_values(streams, rows)
            raise

    def _decoded(
        self, streams: Iterable[tuple[str, str]], rows: Sequence[StoredRow], *, keep_damaged: bool
    ) -> list[Recorded[Any]]:
        origins: dict[tuple[object, ...], Origin] = {}  # shared by the events of a command
        decode = self._codec.decode
        recorded: list[Recorded[Any]] = []
        event_ids = convert([row[EVENT_ID] for row in rows], list[UUID])  # one call: UUID() is slow
        for (tenant_id, originator_id), event_id, (
            position, version, topic, schema_version, state, _,
            actor, correlation_id, causation_id, recorded_at,
        ) in zip(streams, event_ids, rows, strict=False):  # fmt: skip
            source = (tenant_id, actor, correlation_id, causation_id)
            origin = origins.get(source)
            if origin is None:
                origin = origins[source] = Origin(
                    tenant_id=TenantId(tenant_id),
                    actor=actor,
                    correlation_id=UUID(bytes=correlation_id),
                    causation_id=None if causation_id is None else UUID(bytes=causation_id),
                )
            try:
                event = decode(topic, schema_version, state, originator_id)
            except EventNotDecoded as obstacle:
                placed = obstacle.at(position, originator_id, version)
                if not (keep_damaged and isinstance(placed, EventUnreadable)):
                    raise placed from obstacle
                event = DamagedEvent(placed.detail)
            recorded.append(
                Recorded(
                    event_id,
                    origin,
                    originator_id[len(tenant_id) + 1 :],
                    version,
                    position,
                    EPOCH + recorded_at * MICROSECOND,
                    event,
                )
            )
        return recorded
