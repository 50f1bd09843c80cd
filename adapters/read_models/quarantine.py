"""Streams that a read model goes on without are kept beside it, in the same transactions."""

from typing import Any, Final

import sqlalchemy as sa

from adapters.read_models.tables import PARKED
from application.kernel.projection_store import (
    Batch,
    CheckpointConflict,
    QuarantinedStream,
    StreamKey,
    Table,
)
from domain.ids import TenantId

RELEASE: Final = PARKED.delete().where(
    PARKED.c.projection == sa.bindparam("of"),
    PARKED.c.generation == sa.bindparam("at_generation"),
    PARKED.c.tenant_id == sa.bindparam("tenant"),
    PARKED.c.stream == sa.bindparam("its_stream"),
)


def parked(connection: sa.Connection, table: Table) -> tuple[QuarantinedStream, ...]:
    """List the streams that a table goes on without, in the order in which they were parked."""
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


def park(connection: sa.Connection, batch: Batch) -> None:
    """Release and park the streams that a batch says.

    The batch's table is locked already. Raises CheckpointConflict if a stream that it skipped
    or released is not parked any more: another runner has read it up to here meanwhile.
    """
    if missed := batch.skipped | batch.released:
        query = sa.select(PARKED.c.tenant_id, PARKED.c.stream).where(*_of(batch.table))
        there = {(TenantId(tenant), stream) for tenant, stream in connection.execute(query)}
        if missed - there:
            raise CheckpointConflict
    for key in batch.released:
        connection.execute(RELEASE, _named(batch.table, key))
    if batch.parked:
        records = [_record(batch.table, parked) for parked in batch.parked]
        connection.execute(PARKED.insert(), records)


def _of(table: Table) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return (
        PARKED.c.projection == table.projection.name,
        PARKED.c.generation == table.generation,
    )


def _named(table: Table, key: StreamKey) -> dict[str, Any]:
    of = {"of": table.projection.name, "at_generation": table.generation}
    return {**of, "tenant": key[0], "its_stream": key[1]}


def _record(table: Table, parked: QuarantinedStream) -> dict[str, Any]:
    return {
        "projection": table.projection.name,
        "generation": table.generation,
        "tenant_id": parked.tenant_id,
        "stream": parked.stream,
        "version": parked.version,
        "position": parked.position,
        "reason": parked.reason,
        "stack": parked.stack,
    }
