"""Reader of the hash chain on PostgreSQL, with a reader's rights."""

from collections.abc import Mapping, Sequence
from typing import Final

from adapters.event_log.postgres_errors import place_of, storage_failures
from adapters.event_log.postgres_recorder import Datastore, EventRecorder
from application.audit.hash_chain import ChainedEvent
from domain.ids import TenantId

# Read as bytes: altered rows may hold times or ids that Python cannot represent.
SELECT: Final = """
SELECT position, originator_id, originator_version, topic, schema_version, state,
    uuid_send(event_id), tenant_id, actor, uuid_send(correlation_id), uuid_send(causation_id),
    timestamptz_send(recorded_at), previous_hash, hash
FROM kinelog.events AS e
"""
ALL: Final = f"{SELECT} WHERE position > %b ORDER BY position LIMIT %b".encode()
# Compare (tenant, position) rows, to make PostgreSQL use the index with that order: for a position
# alone it may prefer the index over all tenants.
OF_TENANT: Final = f"""
{SELECT} WHERE (tenant_id, position) > (%b::text, %b::bigint)
    AND (tenant_id, position) <= (%b::text, 9223372036854775807)
ORDER BY tenant_id, position LIMIT %b
""".encode()
NEWEST: Final = f"""
{SELECT} WHERE (tenant_id, position) <= (%b::text, %b::bigint)
    AND (tenant_id, position) >= (%b::text, -9223372036854775808)
ORDER BY tenant_id DESC, position DESC LIMIT 1
""".encode()
NAMED: Final = f"{SELECT} WHERE tenant_id = %b AND hash = %b LIMIT 1".encode()
FOLLOWING: Final = (
    f"{SELECT} WHERE tenant_id = %b AND previous_hash = %b AND position <> %b LIMIT 1".encode()
)
ORPHAN: Final = f"""
{SELECT} WHERE tenant_id = %b AND position > %b AND originator_version > 1 AND NOT EXISTS (
    SELECT FROM kinelog.events AS before
    WHERE before.originator_id = e.originator_id
        AND before.originator_version = e.originator_version - 1
) ORDER BY position LIMIT 1
""".encode()
ANSWERED: Final = b"SELECT tenant_id, max(position) FROM kinelog.command_log GROUP BY tenant_id"


class PostgresHashChain:
    """A `HashChainReader` on an upgraded database.

    The user of `conninfo` may take the role `kinelog_reader`.
    """

    def __init__(self, conninfo: str, *, patience_s: float = 5.0) -> None:
        self._place = place_of(conninfo)
        self._recorder = EventRecorder(
            Datastore(conninfo, "kinelog_reader", connections=1, patience_s=patience_s)
        )

    def close(self) -> None:
        """Close the connections. The reader must not be used afterwards."""
        self._recorder.datastore.close()

    def head(self) -> int:
        with storage_failures(self._place):
            return self._recorder.head()

    def links(
        self, *, after: int, limit: int, tenant_id: TenantId | None = None
    ) -> Sequence[ChainedEvent]:
        if tenant_id is None:
            return self._links(ALL, after, limit)
        return self._links(OF_TENANT, tenant_id, after, tenant_id, limit)

    def newest(self, tenant_id: TenantId, *, upto: int) -> ChainedEvent | None:
        return self._link(NEWEST, tenant_id, upto, tenant_id)

    def named(self, tenant_id: TenantId, own: bytes) -> ChainedEvent | None:
        return self._link(NAMED, tenant_id, own)

    def following(
        self, tenant_id: TenantId, previous: bytes, *, besides: int
    ) -> ChainedEvent | None:
        return self._link(FOLLOWING, tenant_id, previous, besides)

    def orphan(self, tenant_id: TenantId, *, after: int) -> ChainedEvent | None:
        return self._link(ORPHAN, tenant_id, after)

    def last_positions(self) -> Mapping[TenantId, int]:
        with storage_failures(self._place):
            return {TenantId(each): last for each, last in self._recorder.rows(ANSWERED, ())}

    def _link(self, statement: bytes, *parameters: object) -> ChainedEvent | None:
        return next(iter(self._links(statement, *parameters)), None)

    def _links(self, statement: bytes, *parameters: object) -> list[ChainedEvent]:
        with storage_failures(self._place):
            rows = self._recorder.rows(statement, parameters)
        return [
            ChainedEvent(
                position=position,
                originator_id=originator_id,
                version=version,
                name=name,
                schema_version=schema_version,
                payload=payload,
                event_id=event_id,
                tenant_id=TenantId(tenant_id),
                actor=actor,
                correlation_id=correlation_id,
                causation_id=cause,
                recorded_at_us=int.from_bytes(recorded_at, "big", signed=True),
                previous=previous,
                hash=own,
            )
            for position, originator_id, version, name, schema_version, payload, event_id,
                tenant_id, actor, correlation_id, cause, recorded_at, previous, own in rows
        ]  # fmt: skip
