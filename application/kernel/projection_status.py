"""Progress and lag of the projections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from application.kernel.ports import LogReader
from application.kernel.projection_store import CheckpointConflict, ProjectionStore
from application.kernel.subscription import Lag, lag_of
from domain.kernel import Projection


@dataclass(frozen=True, slots=True)
class ProjectionStatus:
    """Progress of a read model. `lag` is in positions behind the log, `rows` of all tenants.

    `quarantined`: the number of streams that it skips.
    """

    name: str
    version: int
    position: int
    lag: int
    rows: int
    served: bool
    quarantined: int


@dataclass(frozen=True)
class ProjectionLag:
    """Lag of a read model, None if it is not built. `quarantined`: number of skipped streams."""

    name: str
    lag: Lag | None
    quarantined: int = 0


def status(
    log: LogReader, tables: ProjectionStore, projections: Sequence[Projection[Any]]
) -> tuple[ProjectionStatus, ...]:
    """Return the progress of each projection; one without a live table is at position 0."""
    try:
        return _status(log, tables, projections)
    except CheckpointConflict:  # a table was swapped in between
        return status(log, tables, projections)


def projection_lags(
    log: LogReader,
    tables: ProjectionStore,
    projections: Sequence[Projection[Any]],
    *,
    now: datetime,
) -> tuple[ProjectionLag, ...]:
    """Return the lag of each read model."""
    live = {table.projection.name: table for table in tables.live(projections)}
    head = log.head()  # read after the tables, so that none is ahead of it

    def recorded_after(position: int) -> datetime | None:
        return next((each.recorded_at for each in log.scan(after=position, limit=1)), None)

    lags = {  # most read models are at the same position: look up each position once
        position: lag_of(position, head=head, now=now, recorded_after=recorded_after)
        for position in {table.position for table in live.values()}
    }
    return tuple(
        ProjectionLag(name, lags[live[name].position], len(live[name].quarantined))
        if name in live
        else ProjectionLag(name, None)
        for name in (projection.name for projection in projections)
    )


def _status(
    log: LogReader, tables: ProjectionStore, projections: Sequence[Projection[Any]]
) -> tuple[ProjectionStatus, ...]:
    head = log.head()
    live = {table.projection.name: table for table in tables.live(projections)}
    present = [(projection, live.get(projection.name)) for projection in projections]
    return tuple(
        ProjectionStatus(
            name=projection.name,
            version=projection.version,
            position=table.position if table else 0,
            lag=max(0, head - (table.position if table else 0)),
            rows=tables.count(table) if table else 0,
            served=table is not None,
            quarantined=len(table.quarantined) if table else 0,
        )
        for projection, table in present
    )
