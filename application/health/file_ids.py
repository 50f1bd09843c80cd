"""Ids of records of files: those under which an earlier import has stored the same records."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.health.batch import Measured
from domain.health.metrics import find_metric
from domain.kernel import Rejected
from projections.health_metric import HealthMetric


def beginning(record_id: str) -> str:
    """Return what the ids of a file's records that differ only in their value have in common."""
    return record_id.partition("-")[0]


def with_stored_ids(
    records: Sequence[Measured], rows: Iterable[HealthMetric]
) -> tuple[Measured, ...]:
    """Return records of a file, of which those that are stored have the ids of their rows.

    Files number records that differ only in their value in their own order, and another file may
    not have all of them. Those that are not stored share the ids that are left.
    """
    stored: dict[str, dict[str, float | None]] = defaultdict(dict)
    for row in rows:
        stored[beginning(row.record_id)][row.record_id] = row.value
    own = {each.id: each for each in records}
    ids: dict[str, str] = {}
    for record_id, each in own.items():
        left = stored.get(beginning(record_id), {})
        if left.keys() - {record_id}:
            same = [key for key, value in left.items() if value == _figure(each)]
            if same:
                ids[record_id] = record_id if record_id in same else same[0]
                del left[ids[record_id]]
    taken = frozenset(ids.values())
    free: dict[str, list[str]] = defaultdict(list)
    for record_id in own:
        if record_id not in taken:
            free[beginning(record_id)].append(record_id)
    for record_id in own:
        if record_id not in ids:
            ids[record_id] = free[beginning(record_id)].pop(0)
    return tuple(replace(each, id=ids[each.id]) for each in records)


def _figure(measured: Measured) -> float | None:
    try:
        return find_metric(measured.metric).normalize(measured.value, measured.unit)
    except Rejected:
        return None
