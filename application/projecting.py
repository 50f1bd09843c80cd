"""How read models follow the log: in batches, each row together with the position it rests on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from application.folding import folded
from application.ports import LogReader
from application.projection_tables import (
    Batch,
    Failure,
    PositionMoved,
    ProjectionTables,
    RowRefused,
    Table,
)
from application.read_models import Projection
from domain.kernel import Recorded, Rejected

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
    """How far a read model is. `lag` is in positions behind the log, `rows` of all tenants."""

    name: str
    version: int
    position: int
    lag: int
    rows: int
    served: bool
    failure: Failure | None


def prepare(
    log: LogReader, tables: ProjectionTables, projections: Sequence[Projection[Any]]
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
    tables: ProjectionTables,
    projections: Sequence[Projection[Any]],
    *,
    batch: int = LIVE_BATCH,
) -> tuple[Table, ...]:
    """Fold what has happened since into the live tables; returns where they stand now.

    A projection that raises on an event stays before it and is reported with its failure; it is
    tried again at the next call. The others go on.
    """
    return _Run(log, tables, lambda: tables.live(projections), batch).to_the_end()


def rebuild(
    log: LogReader,
    tables: ProjectionTables,
    *projections: Projection[Any],
    batch: int = REBUILD_BATCH,
) -> tuple[Table, ...]:
    """Fill fresh tables from the first event and put each in place of the live one.

    Several are filled from one reading of the log. Until the swap the live table is read, and
    never is an older state. Raises RebuildFailed when those that could be built are in place,
    RebuildSuperseded and LogBehind; a first table, which replaces nothing, is served as far as it
    got.
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
    log: LogReader, tables: ProjectionTables, projections: Sequence[Projection[Any]], batch: int
) -> tuple[Table, ...]:
    """Build and serve; a table that failed and would replace another is dropped and returned."""
    waiting = tuple(tables.begin(projection) for projection in projections)
    built: dict[str, Table] = {}
    while waiting:
        now = _Run(log, tables, _finding(tables, waiting), batch).to_the_end()
        placed = [_placed(tables, table) for table in now]
        built |= {table.projection.name: table for table in placed if table is not None}
        ahead = tuple(table for table in now if table.projection.name not in built)
        stalled = {(table.projection.name, table.position) for table in waiting}
        if any((table.projection.name, table.position) in stalled for table in ahead):
            raise LogBehind  # the live one is further, and the log has nothing more
        waiting = ahead
    return tuple(built[projection.name] for projection in projections)


def _finding(tables: ProjectionTables, wanted: Sequence[Table]) -> Callable[[], tuple[Table, ...]]:
    """Look for tables again. Raises RebuildSuperseded where one was dropped."""

    def look() -> tuple[Table, ...]:
        found = tuple(now for table in wanted if (now := tables.find(table)) is not None)
        if len(found) < len(wanted):
            raise RebuildSuperseded
        return found

    return look


def _placed(tables: ProjectionTables, table: Table) -> Table | None:
    """Serve a table that has caught up; None where the live one is ahead again."""
    if table.live:
        return table
    if table.failure is not None:
        tables.discard(table)
        return table
    return replace(table, live=True) if _swapped(tables, table) else None


def _swapped(tables: ProjectionTables, fresh: Table) -> bool:
    try:
        return tables.swap(fresh)
    except PositionMoved as dropped:
        raise RebuildSuperseded from dropped


def status(
    log: LogReader, tables: ProjectionTables, projections: Sequence[Projection[Any]]
) -> tuple[ProjectionStatus, ...]:
    """Tell how far each projection is; one that is not served stands at 0."""
    try:
        return _status(log, tables, projections)
    except PositionMoved:  # a table was swapped in between: look again
        return status(log, tables, projections)


def _status(
    log: LogReader, tables: ProjectionTables, projections: Sequence[Projection[Any]]
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
            failure=table.failure if table else None,
        )
        for projection, table in found
    )


@dataclass
class _Run:
    """Takes tables to the end of the log, all at the pace of the one furthest behind.

    `stuck` are the projections that failed in this run. `refused` are those whose rows the store
    would not take: the log is then read event by event until the one at fault is known.
    """

    log: LogReader
    tables: ProjectionTables
    look: Callable[[], tuple[Table, ...]]
    batch: int
    size: int = 0
    stuck: set[str] = field(default_factory=set[str])
    refused: dict[str, Failure] = field(default_factory=dict[str, Failure])

    def to_the_end(self) -> tuple[Table, ...]:
        """Fold until nothing is new; returns where the tables stand."""
        now = self.look()
        self.size = self.batch
        while behind := [table for table in now if table.projection.name not in self.stuck]:
            after = min(table.position for table in behind)
            events = self.log.scan(after=after, limit=self.size)
            if not events:
                break
            late = [table for table in behind if table.position < events[-1].position]
            now = self._step(now, late, events)
        return now

    def _step(
        self, now: tuple[Table, ...], late: Sequence[Table], events: Sequence[Recorded[Any]]
    ) -> tuple[Table, ...]:
        try:
            steps = {table.projection.name: self._folded(table, events) for table in late}
            self.tables.store([step for step in steps.values() if _says_something(step)])
        except PositionMoved:
            return self.look()
        except RowRefused as refused:
            if self.size == 1:
                failure = Failure(events[0].position, refused.detail)
                self.refused[refused.projection] = failure
            self.size = 1
            return now
        failed = {name for name, step in steps.items() if step.failure is not None}
        self.stuck |= failed
        self.size = self.batch if failed else self.size
        return tuple(_moved(table, steps.get(table.projection.name)) for table in now)

    def _folded(self, table: Table, events: Sequence[Recorded[Any]]) -> Batch:
        refusal = self.refused.get(table.projection.name)
        if refusal is not None:
            return Batch(table, table.position, {}, refusal)
        return folded(self.tables, table, events)


def _says_something(step: Batch) -> bool:
    return step.reached != step.table.position or step.failure != step.table.failure


def _moved(table: Table, step: Batch | None) -> Table:
    if step is None:
        return table
    return replace(table, position=step.reached, failure=step.failure)
