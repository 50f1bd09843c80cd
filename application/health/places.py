"""Places of health records: what tells them apart without ids, which files do not have."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final

from application.health.daily_figures import StoredRecord
from domain.health.batch import Measured
from domain.health.events import Record
from projections.health_metric import HealthMetric

Place = tuple[str, int, int, str]
"""Metric, first and last second, and device of a record."""

StoredRecords = Callable[[str, tuple[datetime, datetime]], Iterable[HealthMetric]]
"""Gives the stored records of a metric that start in a period."""

CLOSE: Final = timedelta(hours=1)
"""Longest time between two records that are looked for together."""

SECOND: Final = timedelta(seconds=1)

FILE_ID: Final = re.compile(r"[0-9a-f]{40}(-[0-9]+)?")
"""An id that follows from the content of a record of a file."""


def place_of(record: Measured | Record | StoredRecord) -> Place:
    """Return the place of a record.

    Files have whole seconds, and names of devices without characters that cannot be printed, such
    as the space in "Apple Watch" that cannot break.
    """
    start, end = (int(each.timestamp()) for each in (record.start, record.end))
    device = "".join(each for each in record.device if each.isprintable()).strip()
    return record.metric, start, end, device


def replaced_ids(records: Iterable[Record], stored: StoredRecords) -> Iterator[str]:
    """Yield the ids of stored records of files that are at the places of records of a device.

    Records of files replace none.
    """
    of_device = [each for each in records if not FILE_ID.fullmatch(each.id)]
    ids = (row.record_id for row in rows_at_places(of_device, stored))
    return filter(FILE_ID.fullmatch, ids)


def rows_at_places(
    records: Iterable[Measured | Record], stored: StoredRecords
) -> Iterator[HealthMetric]:
    """Yield the stored records that are at the places of records."""
    wanted = list(records)
    places = {place_of(each) for each in wanted}
    for metric, period in _periods(wanted):
        rows = stored(metric, period)
        yield from (row for row in rows if place_of(StoredRecord.of(row)) in places)


def _periods(
    records: Iterable[Measured | Record],
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
