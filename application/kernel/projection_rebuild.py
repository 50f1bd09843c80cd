"""Read models advance together over one reading of the log, each batch in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from application.kernel.ports import LogReader
from application.kernel.projection_fold import folded
from application.kernel.projection_store import (
    Batch,
    CheckpointConflict,
    ProjectionStore,
    RowRefused,
    StreamKey,
    Table,
)
from domain.kernel import Recorded


@dataclass
class Run:
    """Takes tables to the end of the log, all at the pace of the one furthest behind.

    `stuck` are the projections that failed in this run. `refused` are events whose rows the store
    would not take, by projection and position: the log is read event by event until they are known.
    """

    log: LogReader
    tables: ProjectionStore
    look: Callable[[], tuple[Table, ...]]
    batch: int
    may_park: Callable[[Table, StreamKey], bool]
    size: int = 0
    stuck: set[str] = field(default_factory=set[str])
    refused: dict[str, dict[int, str]] = field(default_factory=dict[str, dict[int, str]])

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
        except CheckpointConflict:
            return self.look()
        except RowRefused as refused:
            if self.size == 1:
                known = self.refused.setdefault(refused.projection, {})
                known[events[0].position] = refused.detail
            self.size = 1
            return now
        failed = {name for name, step in steps.items() if step.failure is not None}
        self.stuck |= failed
        if failed or any(step.parked for step in steps.values()):
            self.size = self.batch
        return tuple(_moved(table, steps.get(table.projection.name)) for table in now)

    def _folded(self, table: Table, events: Sequence[Recorded[Any]]) -> Batch:
        def may_park(stream: StreamKey) -> bool:
            return self.may_park(table, stream)

        refused = self.refused.get(table.projection.name, {})
        return folded(self.tables, table, events, may_park, refused)


def _says_something(step: Batch) -> bool:
    return step.reached != step.table.position or step.failure != step.table.failure


def _moved(table: Table, step: Batch | None) -> Table:
    if step is None:
        return table
    parked = table.parked.union(parked.key for parked in step.parked)
    return replace(table, position=step.reached, failure=step.failure, parked=parked)
