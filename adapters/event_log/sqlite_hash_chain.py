"""Reader of the hash chain on SQLite, which also reads corrupt or altered rows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from adapters.event_log.errors import storage_failures
from adapters.event_log.sqlite_recorder import EventRecorder
from adapters.event_log.sqlite_schema import EPOCH_US
from application.audit.hash_chain import ChainedEvent
from domain.ids import TenantId

# SQLite stores any type in any column, so values are cast to the column's type, which leaves valid
# values unchanged. Text is read as bytes, because it may not be valid text.
COLUMNS: Final = (
    "position, CAST(originator_id AS BLOB), CAST(originator_version AS INTEGER),"
    " CAST(topic AS BLOB), CAST(schema_version AS INTEGER), CAST(state AS BLOB),"
    " CAST(event_id AS BLOB), CAST(tenant_id AS BLOB), CAST(actor AS BLOB),"
    " CAST(correlation_id AS BLOB), CAST(causation_id AS BLOB), CAST(recorded_at AS INTEGER),"
    " CAST(previous_hash AS BLOB), CAST(hash AS BLOB)"
)
SELECT: Final = f"SELECT {COLUMNS} FROM events AS e"  # noqa: S608  constants
ALL: Final = f"{SELECT} WHERE position > ? ORDER BY position LIMIT ?"
OF_TENANT: Final = f"{SELECT} WHERE tenant_id = ? AND position > ? ORDER BY position LIMIT ?"
NEWEST: Final = f"{SELECT} WHERE tenant_id = ? AND position <= ? ORDER BY position DESC LIMIT 1"
NAMED: Final = f"{SELECT} WHERE tenant_id = ? AND hash = ? LIMIT 1"
FOLLOWING: Final = f"{SELECT} WHERE tenant_id = ? AND previous_hash = ? AND position <> ? LIMIT 1"
ORPHAN: Final = f"""
{SELECT} WHERE tenant_id = ? AND position > ? AND originator_version > 1 AND NOT EXISTS (
    SELECT 1 FROM events AS before
    WHERE before.originator_id = e.originator_id
        AND before.originator_version = e.originator_version - 1
) ORDER BY position LIMIT 1
"""  # noqa: S608  constants
ANSWERED: Final = "SELECT tenant_id, MAX(position) FROM command_log GROUP BY tenant_id"


class SqliteHashChain:
    """A `HashChainReader` in a SQLite file. Adds the chain to files that lack one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._recorder = EventRecorder(path)
        with storage_failures(path):
            self._recorder.create_table()

    def close(self) -> None:
        """Close the file. The reader must not be used afterwards."""
        self._recorder.datastore.close()

    def head(self) -> int:
        with storage_failures(self._path):
            return self._recorder.max_notification_id() or 0

    def links(
        self, *, after: int, limit: int, tenant_id: TenantId | None = None
    ) -> Sequence[ChainedEvent]:
        if tenant_id is None:
            return self._links(ALL, after, limit)
        return self._links(OF_TENANT, tenant_id, after, limit)

    def newest(self, tenant_id: TenantId, *, upto: int) -> ChainedEvent | None:
        return self._link(NEWEST, tenant_id, upto)

    def named(self, tenant_id: TenantId, own: bytes) -> ChainedEvent | None:
        return self._link(NAMED, tenant_id, own)

    def following(
        self, tenant_id: TenantId, previous: bytes, *, besides: int
    ) -> ChainedEvent | None:
        return self._link(FOLLOWING, tenant_id, previous, besides)

    def orphan(self, tenant_id: TenantId, *, after: int) -> ChainedEvent | None:
        return self._link(ORPHAN, tenant_id, after)

    def last_positions(self) -> Mapping[TenantId, int]:
        return {TenantId(tenant): position for tenant, position in self._rows(ANSWERED)}

    def _link(self, statement: str, *parameters: object) -> ChainedEvent | None:
        return next(iter(self._links(statement, *parameters)), None)

    def _links(self, statement: str, *parameters: object) -> list[ChainedEvent]:
        return [_link(row) for row in self._rows(statement, *parameters)]

    def _rows(self, statement: str, *parameters: object) -> list[Any]:
        with storage_failures(self._path):
            return self._recorder.raw_rows(statement, parameters)


def _link(row: tuple[Any, ...]) -> ChainedEvent:
    (
        position, originator_id, version, name, schema_version, payload, event_id,
        tenant_id, actor, correlation_id, causation_id, recorded_at, previous, own,
    ) = row  # fmt: skip
    return ChainedEvent(
        position=position,
        originator_id=_text(originator_id),
        version=version,
        name=_text(name),
        schema_version=schema_version,
        payload=payload,
        event_id=event_id,
        tenant_id=TenantId(tenant_id.decode(errors="replace")),  # may be requested, too
        actor=_text(actor),
        correlation_id=correlation_id,
        causation_id=causation_id,
        recorded_at_us=recorded_at - EPOCH_US,
        previous=previous,
        hash=own,
    )


def _text(content: bytes) -> str:
    """Decode text; invalid bytes become a character that no log would have stored."""
    return content.decode(errors="surrogateescape")
