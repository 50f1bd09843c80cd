"""A stream that a read model could not take waits until that is repaired, and is then caught up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from application.kernel.projection_fold import folded_again
from application.kernel.projection_store import (
    CheckpointConflict,
    ProjectionStore,
    QuarantinedStream,
    RowRefused,
    Table,
)
from application.kernel.read_models import History, Projection
from domain.ids import TenantId
from domain.kernel import Rejected


class StreamNotQuarantined(Rejected):
    """The projection follows this stream: nothing of it waits."""

    code = "projection.stream_not_parked"
    kind = "not_found"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parked stream of a projection, and how many of its events wait so far."""

    projection: str
    events: int
    parked: QuarantinedStream


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of a parked stream: events that are in the rows now, and what it still waits at.

    `parked` is None where the stream is followed again.
    """

    projection: str
    tenant_id: TenantId
    stream: str
    applied: int
    parked: QuarantinedStream | None


def waiting(
    log: History, tables: ProjectionStore, projections: Sequence[Projection[Any]]
) -> tuple[Waiting, ...]:
    """List what is parked, by projection and then in the order in which it was."""
    return tuple(
        Waiting(table.projection.name, len(_missing(log, table, parked)), parked)
        for table in tables.live(projections)
        if table.parked
        for parked in tables.parked(table)
    )


def retry(
    log: History,
    tables: ProjectionStore,
    projection: Projection[Any],
    tenant_id: TenantId,
    stream: str,
) -> Retried:
    """Fold the events that waited, in their order, and follow the stream again.

    Rows and the end of the waiting are stored together. An event that still cannot be taken keeps
    itself and those after it waiting; those before it are in the rows then. Other streams may have
    changed the same row meanwhile: a projection whose rows rest on several streams must not
    depend on the order between them. Raises StreamNotQuarantined.
    """
    while True:
        table, parked = _found(tables, projection, tenant_id, stream)
        events = _missing(log, table, parked)
        batch = folded_again(tables, table, parked, events)
        try:
            tables.store([batch])
        except CheckpointConflict:
            continue
        except RowRefused as refused:
            unfit = replace(parked, reason=refused.detail, stack="")
            return Retried(projection.name, tenant_id, stream, 0, unfit)
        still = batch.parked[0] if batch.parked else None
        applied = [each for each in events if still is None or each.version < still.version]
        return Retried(projection.name, tenant_id, stream, len(applied), still)


def _found(
    tables: ProjectionStore, projection: Projection[Any], tenant_id: TenantId, stream: str
) -> tuple[Table, QuarantinedStream]:
    for table in tables.live([projection]):
        for parked in tables.parked(table):
            if parked.key == (tenant_id, stream):
                return table, parked
    raise StreamNotQuarantined(f"{projection.name} follows {stream}: nothing of it waits.")


def _missing(log: History, table: Table, parked: QuarantinedStream) -> list[Any]:
    """Load the events that the table has passed by."""
    events = log.load(parked.tenant_id, parked.stream, after_version=parked.version - 1)
    return [recorded for recorded in events if recorded.position <= table.position]
