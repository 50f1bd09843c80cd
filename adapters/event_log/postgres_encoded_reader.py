"""Reader of encoded events on PostgreSQL, for the relay: nothing is decoded."""

from collections.abc import Sequence

from adapters.event_log.postgres_errors import place_of, storage_failures
from adapters.event_log.postgres_recorder import Datastore, EventRecorder
from application.kernel.cloud_events import EncodedEvent
from domain.ids import TenantId


class PostgresEncodedLog:
    """An `EncodedLog` on an upgraded database.

    The user of `conninfo` may take the role `kinelog_reader`.
    """

    def __init__(self, conninfo: str, *, patience_s: float = 5.0) -> None:
        self._place = place_of(conninfo)
        self._recorder = EventRecorder(
            Datastore(conninfo, "kinelog_reader", connections=2, patience_s=patience_s)
        )

    def close(self) -> None:
        """Close the connections. The log must not be used afterwards."""
        self._recorder.datastore.close()

    def scan(
        self, *, after: int, limit: int, tenant_id: TenantId | None = None
    ) -> Sequence[EncodedEvent]:
        with storage_failures(self._place):
            rows = self._recorder.rows_after(after, limit, tenant_id)
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
