"""How read models follow the log: in batches, each row together with the position it rests on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from application.kernel.ports import LogReader
from application.kernel.projection_rebuild import Run
from application.kernel.projection_store import (
    CheckpointConflict,
    ProjectionStore,
    StreamKey,
    Table,
)
from application.kernel.read_models import Projection
from domain.kernel import Rejected

LIVE_BATCH: Final = 500
"""Events per transaction while following the log."""

REBUILD_BATCH: Final = 2000
"""Events per transaction while filling a table that nobody reads yet."""


class RebuildSuperseded(Rejected):
    """Another rebuild of the same projection began; this one gave way to it."""

    code = "projection.rebuild_superseded"


class RebuildFailed(Rejected):
    """The projection cannot digest an event; what was served before is still served."""

    code = "projection.rebuild_failed"
    kind = "unavailable"


class LogBehind(Rejected):
    """The read models have seen more than the log holds: they were filled from another log."""

    code = "projection.log_behind"


@dataclass(frozen=True, slots=True)
class ProjectionStatus:
    """How far a read model is. `lag` is in positions behind the log, `rows` of all tenants.

    `parked`: streams that it goes on without.
    """

    name: str
    version: int
    position: int
    lag: int
    rows: int
    served: bool
    parked: int


def prepare(
    log: LogReader, tables: ProjectionStore, projections: Sequence[Projection[Any]]
) -> tuple[Table, ...]:
    """Build, before anything is served, what has no table of its present version yet.

    Returns where each projection stands, in order. One that could not be built in its new version
    is not live and tells its failure; the version before it stays in place. Raises
    RebuildSuperseded where another process builds the same at the same time, and LogBehind.
    """
    served = {table.projection.name: table for table in tables.live(projections)}
    head = log.head()
    if any(table.position > head for table in served.values()):
        raise LogBehind
    missing = [projection for projection in projections if projection.name not in served]
    built = {table.projection.name: table for table in _built(log, tables, missing, REBUILD_BATCH)}
    now = served | built
    return tuple(now[projection.name] for projection in projections)


def catch_up(
    log: LogReader,
    tables: ProjectionStore,
    projections: Sequence[Projection[Any]],
    *,
    batch: int = LIVE_BATCH,
) -> tuple[Table, ...]:
    """Fold what has happened since into the live tables; returns where they stand now.

    A projection that raises on an event parks the event's stream, with the reason, and goes on
    with all others; `application.kernel.quarantine` takes such a stream up again.
    """
    return Run(log, tables, lambda: tables.live(projections), batch, _anything).to_the_end()


def _anything(_table: Table, _stream: StreamKey) -> bool:
    return True


def rebuild(
    log: LogReader,
    tables: ProjectionStore,
    *projections: Projection[Any],
    batch: int = REBUILD_BATCH,
) -> tuple[Table, ...]:
    """Fill fresh tables from the first event and put each in place of the live one.

    Several are filled from one reading of the log. Until the swap the live table is read, and
    never is an older state. Streams that the live table goes on without may be parked in the fresh
    one too, if they still have to; any other that cannot be taken ends the building. Raises
    RebuildFailed when those that could be built are in place, RebuildSuperseded and LogBehind; a
    first table, which replaces nothing, parks what it cannot take.
    """
    built = _built(log, tables, projections, batch)
    failures = [
        f"{table.projection.name} failed at position {failure.position}: {failure.reason}"
        for table in built
        if (failure := table.failure) is not None and not table.live
    ]
    if failures:
        raise RebuildFailed("; ".join(failures))
    return built


def _built(
    log: LogReader, tables: ProjectionStore, projections: Sequence[Projection[Any]], batch: int
) -> tuple[Table, ...]:
    """Build and serve; a table that failed and would replace another is dropped and returned."""
    may_park = _as_before(tables, projections)
    waiting = tuple(tables.begin(projection) for projection in projections)
    built: dict[str, Table] = {}
    while waiting:
        now = Run(log, tables, _finding(tables, waiting), batch, may_park).to_the_end()
        placed = [_placed(tables, table) for table in now]
        built |= {table.projection.name: table for table in placed if table is not None}
        ahead = tuple(table for table in now if table.projection.name not in built)
        stalled = {(table.projection.name, table.position) for table in waiting}
        if any((table.projection.name, table.position) in stalled for table in ahead):
            raise LogBehind  # the live one is further, and the log has nothing more
        waiting = ahead
    return tuple(built[projection.name] for projection in projections)


def _as_before(
    tables: ProjectionStore, projections: Sequence[Projection[Any]]
) -> Callable[[Table, StreamKey], bool]:
    """Let fresh tables park what those now being read go on without, and first tables anything."""
    served = {projection.name: tables.served(projection) for projection in projections}

    def may_park(table: Table, stream: StreamKey) -> bool:
        before = served[table.projection.name]
        return before is None or stream in before.parked

    return may_park


def _finding(tables: ProjectionStore, wanted: Sequence[Table]) -> Callable[[], tuple[Table, ...]]:
    """Look for tables again. Raises RebuildSuperseded where one was dropped."""

    def look() -> tuple[Table, ...]:
        found = tuple(now for table in wanted if (now := tables.find(table)) is not None)
        if len(found) < len(wanted):
            raise RebuildSuperseded
        return found

    return look


def _placed(tables: ProjectionStore, table: Table) -> Table | None:
    """Serve a table that has caught up; None where the live one is ahead again."""
    if table.live:
        return table
    if table.failure is not None:
        tables.discard(table)
        return table
    return replace(table, live=True) if _swapped(tables, table) else None


def _swapped(tables: ProjectionStore, fresh: Table) -> bool:
    try:
        return tables.swap(fresh)
    except CheckpointConflict as dropped:
        raise RebuildSuperseded from dropped


def status(
    log: LogReader, tables: ProjectionStore, projections: Sequence[Projection[Any]]
) -> tuple[ProjectionStatus, ...]:
    """Tell how far each projection is; one that is not served stands at 0."""
    try:
        return _status(log, tables, projections)
    except CheckpointConflict:  # a table was swapped in between: look again
        return status(log, tables, projections)


def _status(
    log: LogReader, tables: ProjectionStore, projections: Sequence[Projection[Any]]
) -> tuple[ProjectionStatus, ...]:
    head = log.head()
    live = {table.projection.name: table for table in tables.live(projections)}
    found = [(projection, live.get(projection.name)) for projection in projections]
    return tuple(
        ProjectionStatus(
            name=projection.name,
            version=projection.version,
            position=table.position if table else 0,
            lag=max(0, head - (table.position if table else 0)),
            rows=tables.count(table) if table else 0,
            served=table is not None,
            parked=len(table.parked) if table else 0,
        )
        for projection, table in found
    )
