"""Reader of encoded events on SQLite: nothing is decoded."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from adapters.event_log.errors import storage_failures
from adapters.event_log.sqlite_recorder import EventRecorder
from application.kernel.cloud_events import EncodedEvent

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class SqliteEncodedLog:
    """An `EncodedLog` on a file that a `SqliteEventLog` has made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._recorder = EventRecorder(path)

    def close(self) -> None:
        """Close the file. The log must not be used afterwards."""
        self._recorder.datastore.close()

    def scan(self, *, after: int, limit: int) -> Sequence[EncodedEvent]:
        with storage_failures(self._path):
            rows = self._recorder.rows_after(after, limit)
        return [
            EncodedEvent(
                event_id=row.event_id,
                tenant_id=row.tenant_id,
                actor=row.actor,
                correlation_id=row.correlation_id,
                causation_id=row.causation_id,
                stream=row.originator_id[len(row.tenant_id) + 1 :],
                version=row.originator_version,
                position=row.position,
                recorded_at=EPOCH + timedelta(microseconds=row.recorded_at),
                name=row.topic,
                schema_version=row.schema_version,
                payload=row.state,
            )
            for row in rows
        ]
