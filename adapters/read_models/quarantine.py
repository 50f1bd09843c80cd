"""Quarantined streams, stored in the transactions of their read model."""

from typing import Any, Final

import sqlalchemy as sa

from adapters.read_models.tables import QUARANTINE
from application.kernel.projection_store import (
    CheckpointConflict,
    QuarantinedStream,
    StreamKey,
    Table,
    TableUpdate,
)
from domain.ids import TenantId

RELEASE: Final = QUARANTINE.delete().where(
    QUARANTINE.c.projection == sa.bindparam("of"),
    QUARANTINE.c.generation == sa.bindparam("at_generation"),
    QUARANTINE.c.tenant_id == sa.bindparam("tenant"),
    QUARANTINE.c.stream == sa.bindparam("its_stream"),
)


def list_streams(connection: sa.Connection, table: Table) -> tuple[QuarantinedStream, ...]:
    """Return the quarantined streams of a table, oldest first."""
    query = sa.select(QUARANTINE).where(*_of(table)).order_by(QUARANTINE.c.position)
    return tuple(
        QuarantinedStream(
            TenantId(record.tenant_id),
            record.stream,
            record.version,
            record.position,
            record.reason,
            record.stack,
        )
        for record in connection.execute(query)
    )


def store(connection: sa.Connection, update: TableUpdate) -> None:
    """Store which streams an update quarantines and releases.

    The table is locked already. Raises CheckpointConflict if a stream that the update skipped or
    released is no longer in quarantine: another runner has released it.
    """
    if missed := update.skipped | update.released:
        query = sa.select(QUARANTINE.c.tenant_id, QUARANTINE.c.stream).where(*_of(update.table))
        stored = {(TenantId(tenant), stream) for tenant, stream in connection.execute(query)}
        if missed - stored:
            raise CheckpointConflict
    for key in update.released:
        connection.execute(RELEASE, _named(update.table, key))
    if update.quarantined:
        records = [_record(update.table, each) for each in update.quarantined]
        connection.execute(QUARANTINE.insert(), records)


def _of(table: Table) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return (
        QUARANTINE.c.projection == table.projection.name,
        QUARANTINE.c.generation == table.generation,
    )


def _named(table: Table, key: StreamKey) -> dict[str, Any]:
    of = {"of": table.projection.name, "at_generation": table.generation}
    return {**of, "tenant": key[0], "its_stream": key[1]}


def _record(table: Table, broken: QuarantinedStream) -> dict[str, Any]:
    return {
        "projection": table.projection.name,
        "generation": table.generation,
        "tenant_id": broken.tenant_id,
        "stream": broken.stream,
        "version": broken.version,
        "position": broken.position,
        "reason": broken.reason,
        "stack": broken.stack,
    }
