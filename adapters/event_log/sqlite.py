"""Event log on SQLite: one file, one write transaction at a time, on disk when a call returns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from adapters.event_log.codec import EVENTS, EventCodec
from adapters.event_log.errors import storage_failures
from adapters.event_log.grouping import by_stream
from adapters.event_log.sqlite_recorder import EventRecorder, NewRow, StoredRow
from adapters.sql.private_files import make_private_file, make_private_folder
from application.kernel.ports import AppendResult, Change, Clock, NewId
from domain.ids import TenantId
from domain.kernel import Origin, Recorded
from domain.tenants.tenant_id import parse_tenant_id

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


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
        tenant_id = parse_tenant_id(origin.tenant_id)
        rows = [row for change in changes for row in self._rows(change, origin)]
        with storage_failures(self._path):
            return self._recorder.append(
                changes, rows, tenant_id=tenant_id, command_id=command_id.bytes, now=self._now
            )

    def _rows(self, change: Change, origin: Origin) -> Iterable[NewRow]:
        """Encode the events before taking the write lock, so that other writers need not wait."""
        tenant_id, cause = origin.tenant_id, origin.causation_id
        originator_id = f"{tenant_id}/{change.stream}"
        correlation = origin.correlation_id.bytes
        causation = None if cause is None else cause.bytes
        for version, event in enumerate(change.events, change.expected_version + 1):
            yield (
                originator_id,
                version,
                event.event_name,
                event.schema_version,
                self._codec.encode(event, originator_id),
                self._new_id().bytes,
                tenant_id,
                origin.actor,
                correlation,
                causation,
            )

    def _now(self) -> int:
        return (self._clock() - EPOCH) // MICROSECOND

    def done(self, tenant_id: TenantId, command_id: UUID) -> AppendResult | None:
        with storage_failures(self._path):
            return self._recorder.answer(parse_tenant_id(tenant_id), command_id.bytes)

    def load(
        self, tenant_id: TenantId, stream: str, *, after_version: int = 0
    ) -> Sequence[Recorded[Any]]:
        originator_id = f"{parse_tenant_id(tenant_id)}/{stream}"
        with storage_failures(self._path):
            rows = self._recorder.rows_of_stream(originator_id, after_version)
        return self._recorded(rows)

    def load_many(
        self, tenant_id: TenantId, streams: Collection[str]
    ) -> Mapping[str, Sequence[Recorded[Any]]]:
        originators = [f"{parse_tenant_id(tenant_id)}/{stream}" for stream in streams]
        with storage_failures(self._path):
            rows = self._recorder.rows_of_streams(originators)
        return by_stream(streams, self._recorded(rows))

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]:
        with storage_failures(self._path):
            rows = self._recorder.rows_after(after, limit)
        return self._recorded(rows)

    def head(self) -> int:
        with storage_failures(self._path):
            return self._recorder.max_notification_id() or 0

    def _recorded(self, stored: Iterable[StoredRow]) -> list[Recorded[Any]]:
        origins: dict[tuple[object, ...], Origin] = {}  # shared by the events of a command
        decode = self._codec.decode
        recorded: list[Recorded[Any]] = []
        for row in stored:
            cause = row.causation_id
            # Keyed by integer: the hash of a UUID is computed in slow Python code.
            source = (row.tenant_id, row.actor, row.correlation_id.int, cause and cause.int)
            if source not in origins:
                origins[source] = _origin(row)
            recorded.append(
                Recorded(
                    row.event_id,
                    origins[source],
                    row.originator_id[len(row.tenant_id) + 1 :],
                    row.originator_version,
                    row.position,
                    EPOCH + timedelta(0, 0, row.recorded_at),
                    decode(row.topic, row.schema_version, row.state, row.originator_id),
                )
            )
        return recorded


def _origin(row: StoredRow) -> Origin:
    return Origin(
        tenant_id=TenantId(row.tenant_id),
        actor=row.actor,
        correlation_id=row.correlation_id,
        causation_id=row.causation_id,
    )
