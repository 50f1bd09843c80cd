"""Quarantined streams, stored in the transactions of their read model."""

from typing import Any, Final

import sqlalchemy as sa

from adapters.read_models.tables import PARKED
from application.kernel.projection_store import (
    CheckpointConflict,
    QuarantinedStream,
    StreamKey,
    Table,
    TableUpdate,
)
from domain.ids import TenantId

RELEASE: Final = PARKED.delete().where(
    PARKED.c.projection == sa.bindparam("of"),
    PARKED.c.generation == sa.bindparam("at_generation"),
    PARKED.c.tenant_id == sa.bindparam("tenant"),
    PARKED.c.stream == sa.bindparam("its_stream"),
)


def list_streams(connection: sa.Connection, table: Table) -> tuple[QuarantinedStream, ...]:
    """Return the quarantined streams of a table, oldest first."""
    query = sa.select(PARKED).where(*_of(table)).order_by(PARKED.c.position)
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
        query = sa.select(PARKED.c.tenant_id, PARKED.c.stream).where(*_of(update.table))
        there = {(TenantId(tenant), stream) for tenant, stream in connection.execute(query)}
        if missed - there:
            raise CheckpointConflict
    for key in update.released:
        connection.execute(RELEASE, _named(update.table, key))
    if update.quarantined:
        records = [_record(update.table, each) for each in update.quarantined]
        connection.execute(PARKED.insert(), records)


def _of(table: Table) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return (
        PARKED.c.projection == table.projection.name,
        PARKED.c.generation == table.generation,
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
