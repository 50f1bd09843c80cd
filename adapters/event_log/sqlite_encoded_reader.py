"""Reader of encoded events on SQLite: nothing is decoded."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from adapters.event_log.errors import storage_failures
from adapters.event_log.sqlite_recorder import EventRecorder, RowWithStream
from adapters.event_log.sqlite_values import DAMAGED_VALUE, check_values, to_time
from application.kernel.cloud_events import EncodedEvent
from domain.ids import TenantId


class SqliteEncodedLog:
    """An `EncodedLog` on a file that a `SqliteEventLog` has made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._recorder = EventRecorder(path)

    def close(self) -> None:
        """Close the file. The log must not be used afterwards."""
        self._recorder.datastore.close()

    def scan(
        self, *, after: int, limit: int, tenant_id: TenantId | None = None
    ) -> Sequence[EncodedEvent]:
        with storage_failures(self._path):
            rows = self._recorder.rows_after(after, limit, tenant_id)
        try:
            return _encoded(rows)
        except DAMAGED_VALUE:
            check_values([row[:2] for row in rows], [row[2:] for row in rows])
            raise


def _encoded(rows: Sequence[RowWithStream]) -> list[EncodedEvent]:
    return [
        EncodedEvent(
            event_id=UUID(bytes=event_id),
            tenant_id=TenantId(tenant_id),
            actor=actor,
            correlation_id=UUID(bytes=correlation_id),
            causation_id=None if causation_id is None else UUID(bytes=causation_id),
            stream=originator_id[len(tenant_id) + 1 :],
            version=version,
            position=position,
            recorded_at=to_time(recorded_at),
            name=name,
            schema_version=schema_version,
            payload=payload,
        )
        for tenant_id, originator_id, position, version, name, schema_version, payload,
            event_id, actor, correlation_id, causation_id, recorded_at in rows
    ]  # fmt: skip
