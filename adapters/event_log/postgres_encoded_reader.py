"""The relay reads the log of PostgreSQL as it lies there: nothing is decoded on the way."""

from collections.abc import Sequence

from adapters.event_log.postgres_errors import place_of, storage_failures
from adapters.event_log.postgres_recorder import Datastore, EventRecorder
from application.kernel.cloud_events import EncodedEvent


class PostgresEncodedLog:
    """A `EncodedLog` on an upgraded database.

    `conninfo` logs in as somebody who may take the role `kinelog_reader`.
    """

    def __init__(self, conninfo: str, *, patience_s: float = 5.0) -> None:
        self._place = place_of(conninfo)
        self._recorder = EventRecorder(
            Datastore(conninfo, "kinelog_reader", connections=2, patience_s=patience_s)
        )

    def close(self) -> None:
        """Let go of the server. The log is not used afterwards."""
        self._recorder.datastore.close()

    def scan(self, *, after: int, limit: int) -> Sequence[EncodedEvent]:
        with storage_failures(self._place):
            rows = self._recorder.rows_after(after, limit)
        return [
            EncodedEvent(
                event_id=event_id,
                tenant_id=tenant_id,
                actor=actor,
                correlation_id=correlation_id,
                causation_id=causation_id,
                stream=originator_id[len(tenant_id) + 1 :],
                version=version,
                position=position,
                recorded_at=recorded_at,
                name=name,
                schema_version=schema_version,
                payload=payload,
            )
            for position, originator_id, version, name, schema_version, payload, event_id,
                tenant_id, actor, correlation_id, causation_id, recorded_at in rows
        ]  # fmt: skip
