"""How a batch of events changes the rows of one read model, up to the first that it cannot take."""

from collections.abc import Mapping, Sequence
from typing import Any

from application.projection_tables import (
    Batch,
    Failure,
    ProjectionTables,
    RowKey,
    Table,
    Written,
)
from application.read_models import Projection
from domain.kernel import Recorded

Keyed = list[tuple[Recorded[Any], tuple[RowKey, ...]]]
"""Events of interest with the rows that they concern."""


def folded(tables: ProjectionTables, table: Table, events: Sequence[Recorded[Any]]) -> Batch:
    """Fold the events that the table does not have yet.

    At least one event must be newer than the table. The batch stops before an event that the
    projection raises on, and says so; nothing is raised for it here.
    """
    new = [recorded for recorded in events if recorded.position > table.position]
    keyed, failure = _keyed(table.projection, new)
    touched = {key for _, keys in keyed for key in keys}
    rows, broken = _evolved(table.projection, keyed, tables.rows(table, touched))
    failure = broken or failure
    if failure is None:
        return Batch(table, new[-1].position, rows)
    earlier = (recorded.position for recorded in new if recorded.position < failure.position)
    return Batch(table, max(earlier, default=table.position), rows, failure)


def _keyed(
    projection: Projection[Any], events: Sequence[Recorded[Any]]
) -> tuple[Keyed, Failure | None]:
    keyed: Keyed = []
    for recorded in events:
        try:
            keys = projection.keys(recorded)
        except Exception as error:  # noqa: BLE001  whatever is wrong with it, the others go on
            return keyed, _failure(recorded, error)
        if keys:
            tenant = recorded.origin.tenant_id
            keyed.append((recorded, tuple((tenant, key) for key in keys)))
    return keyed, None


def _evolved(
    projection: Projection[Any], keyed: Keyed, before: Mapping[RowKey, Any]
) -> tuple[dict[RowKey, Written], Failure | None]:
    """Fold; a row is written with the position of the last event that made a new one of it.

    An event may concern several rows: where it breaks one of them, none has it.
    """
    rows = dict(before)
    written: dict[RowKey, Written] = {}
    for recorded, keys in keyed:
        try:
            evolved = [(key, projection.evolve(rows.get(key), recorded)) for key in keys]
        except Exception as error:  # noqa: BLE001  whatever is wrong with it, the others go on
            return written, _failure(recorded, error)
        for key, row in evolved:
            if row is not rows.get(key):
                rows[key] = row
                written[key] = Written(row, recorded.stream, recorded.position)
    return written, None


def _failure(recorded: Recorded[Any], error: Exception) -> Failure:
    return Failure(recorded.position, f"{type(error).__name__}: {error}")
