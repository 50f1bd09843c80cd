"""How a batch of events changes the rows of one read model, and which streams it leaves out."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from application.kernel.projection_store import (
    Batch,
    Failure,
    ProjectionStore,
    QuarantinedStream,
    RowKey,
    StreamKey,
    Table,
    Written,
)
from application.kernel.read_models import Projection
from application.users.authorization import owners_of
from domain.kernel import Recorded

Keyed = list[tuple[Recorded[Any], tuple[RowKey, ...]]]
"""Events of interest with the rows that they concern."""

MayPark = Callable[[StreamKey], bool]
"""Whether a table may go on without a stream."""


def folded(
    tables: ProjectionStore,
    table: Table,
    events: Sequence[Recorded[Any]],
    may_park: MayPark,
    refused: Mapping[int, str],
) -> Batch:
    """Fold the events that the table does not have yet.

    At least one event must be newer than the table. Where the projection raises on an event, its
    stream is left out from there on if it may be; otherwise the batch stops before the event and
    tells the failure. `refused`: events whose rows the store would not hold, by position, and why.
    Nothing is raised here for what a projection cannot take.
    """
    new = [recorded for recorded in events if recorded.position > table.position]
    owners = owners_of(new)
    fold = _Fold(table.projection, table.parked, refused)
    rows = fold.rows(tables, table, new)
    ends = [parked for key, parked in fold.broken.items() if not may_park(key)]
    if not ends:
        parked = tuple(fold.broken.values())
        skipped = frozenset(fold.skipped)
        return Batch(table, new[-1].position, rows, parked=parked, skipped=skipped, owners=owners)
    first = min(ends, key=lambda parked: parked.position)
    failure = Failure(first.position, first.reason)
    before = [recorded for recorded in new if recorded.position < failure.position]
    if not before:
        return Batch(table, table.position, {}, failure)
    told = folded(tables, table, before, may_park, refused)
    return replace(told, table=table, failure=failure)


def folded_again(
    tables: ProjectionStore,
    table: Table,
    parked: QuarantinedStream,
    events: Sequence[Recorded[Any]],
) -> Batch:
    """Fold the events of a parked stream, up to the first that still cannot be taken.

    The table stays where it is. The stream is followed again, or parked at that event.
    """
    fold = _Fold(table.projection, frozenset(), {})
    rows = fold.rows(tables, table, events)
    still = tuple(fold.broken.values())
    released = frozenset({parked.key})
    owners = owners_of(events)
    return Batch(table, table.position, rows, parked=still, released=released, owners=owners)


@dataclass
class _Fold:
    """One batch on its way into one table.

    `broken`: streams with an event that cannot be taken, the first one of each. `skipped`: parked
    streams that had events in the batch.
    """

    projection: Projection[Any]
    parked: frozenset[StreamKey]
    refused: Mapping[int, str]
    broken: dict[StreamKey, QuarantinedStream] = field(
        default_factory=dict[StreamKey, QuarantinedStream]
    )
    skipped: set[StreamKey] = field(default_factory=set[StreamKey])

    def rows(
        self, tables: ProjectionStore, table: Table, events: Sequence[Recorded[Any]]
    ) -> dict[RowKey, Written]:
        """Give the rows that are changed, as they are after the events."""
        keyed = self._keyed(events)
        touched = {key for _, keys in keyed for key in keys}
        return self._evolved(keyed, tables.rows(table, touched))

    def _keyed(self, events: Sequence[Recorded[Any]]) -> Keyed:
        keyed: Keyed = []
        for recorded in events:
            if self._is_left_out(recorded):
                continue
            if recorded.position in self.refused:
                self._park(recorded, self.refused[recorded.position], "")
                continue
            try:
                keys = self.projection.keys(recorded)
            except Exception as error:  # noqa: BLE001  whatever is wrong with it, the others go on
                self._break(recorded, error)
                continue
            if keys:
                tenant = recorded.origin.tenant_id
                keyed.append((recorded, tuple((tenant, key) for key in keys)))
        return keyed

    def _evolved(self, keyed: Keyed, before: Mapping[RowKey, Any]) -> dict[RowKey, Written]:
        """Fold; a row is written with the position of the last event that made a new one of it.

        An event may concern several rows: where it breaks one of them, none has it.
        """
        rows = dict(before)
        written: dict[RowKey, Written] = {}
        for recorded, keys in keyed:
            if self.broken and self._is_after_break(recorded):
                continue
            try:
                evolved = [(key, self.projection.evolve(rows.get(key), recorded)) for key in keys]
            except Exception as error:  # noqa: BLE001  whatever is wrong with it, the others go on
                self._break(recorded, error)
                continue
            for key, row in evolved:
                if row is not rows.get(key):
                    rows[key] = row
                    written[key] = Written(row, recorded.stream, recorded.position)
        return written

    def _is_left_out(self, recorded: Recorded[Any]) -> bool:
        if not self.parked and not self.broken:
            return False
        key = _stream(recorded)
        if key in self.parked:
            self.skipped.add(key)
            return True
        return key in self.broken

    def _is_after_break(self, recorded: Recorded[Any]) -> bool:
        broken = self.broken.get(_stream(recorded))
        return broken is not None and broken.position < recorded.position

    def _break(self, recorded: Recorded[Any], error: Exception) -> None:
        stack = "".join(traceback.format_exception(error))
        self._park(recorded, f"{type(error).__name__}: {error}", stack)

    def _park(self, recorded: Recorded[Any], reason: str, stack: str) -> None:
        tenant, stream = key = _stream(recorded)
        self.broken[key] = QuarantinedStream(
            tenant, stream, recorded.version, recorded.position, reason, stack
        )


def _stream(recorded: Recorded[Any]) -> StreamKey:
    return recorded.origin.tenant_id, recorded.stream
