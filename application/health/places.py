"""Places of health records: what tells them apart without ids, which files do not have."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final

from application.health.daily_figures import StoredRecord
from domain.health.batch import Measured
from projections.health_metric import HealthMetric

Place = tuple[str, int, int, str]
"""Metric, first and last second, and device of a record."""

StoredRecords = Callable[[str, tuple[datetime, datetime]], Iterable[HealthMetric]]
"""Gives the stored records of a metric that start in a period."""

CLOSE: Final = timedelta(hours=1)
"""Longest time between two records that are looked for together."""

SECOND: Final = timedelta(seconds=1)


def place_of(record: Measured | StoredRecord) -> Place:
    """Return the place of a record. Files have whole seconds."""
    start, end = (int(each.timestamp()) for each in (record.start, record.end))
    return record.metric, start, end, record.device


def stored_places(
    records: Iterable[Measured],
    stored: StoredRecords,
    is_other: Callable[[str], bool],
) -> set[Place]:
    """Return the places of records at which there is a stored one whose id `is_other`."""
    wanted, found = list(records), set[Place]()
    places = {place_of(each) for each in wanted}
    for metric, period in _periods(wanted):
        others = (row for row in stored(metric, period) if is_other(row.record_id))
        found |= places.intersection(place_of(StoredRecord.of(row)) for row in others)
    return found


def _periods(
    records: Iterable[Measured],
) -> Iterator[tuple[str, tuple[datetime, datetime]]]:
    """Yield each metric with the periods in which its records start, at most `CLOSE` apart."""
    in_order = sorted(records, key=attrgetter("metric", "start"))
    for metric, group in groupby(in_order, key=attrgetter("metric")):
        starts = [each.start for each in group]
        first = last = starts[0]
        for start in starts[1:]:
            if start - last > CLOSE:
                yield metric, (first - SECOND, last + SECOND)
                first = start
            last = start
        yield metric, (first - SECOND, last + SECOND)
