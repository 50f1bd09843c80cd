"""Daily figures of a range, folded from records once and cached by month.

The key of a month has the number of records of each day and the time of the last change. So a sync
makes only the months outdated whose records it changed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from application.kernel.cache import Cache, personal_key
from application.kernel.read_models import ReadModels, Scalar
from domain.health.choices import HealthChoices
from domain.health.events import Source
from domain.health.figures import Figure, Origin, daily_figures
from domain.ids import TenantId, UserId
from domain.values import InvalidValue
from projections.health_metric import HEALTH_METRIC, HealthMetric, user_metric_day

MAX_RECORDS: Final = 100_000
"""Records of the days that one request returns: more than one a second for a day."""

MAX_FOLDED: Final = 400_000
"""Records that one request folds: a year of a watch that measures a thousand times a day, which
takes about ten seconds. The figures are cached."""

ONE_DAY: Final = timedelta(days=1)

Figures = dict[str, dict[date, Figure]]
"""Figures by metric and day; days without records are missing."""

Stamp = tuple[int, Scalar]
"""Number of records, and when the last of them was changed."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A row that is not deleted."""

    metric: str
    value: float
    start: datetime
    end: datetime
    source: Source
    device: str

    @classmethod
    def of(cls, row: HealthMetric) -> "StoredRecord":
        """Return a row as a record. Raises ValueError for a deleted one."""
        metric, figure, start, end = row.metric, row.value, row.start, row.end
        if metric is None or figure is None or start is None or end is None:
            raise ValueError(f"The record {row.record_id} of a day is deleted.")
        return cls(metric, figure, start, end, row.source, row.device)


@dataclass(frozen=True, slots=True)
class _Month:
    """Days of one month that have records of a metric, and the key of their figures.

    `read` are these days and their neighbors, which may have the same records.
    """

    metric: str
    days: tuple[date, ...]
    read: tuple[date, ...]
    key: str


@dataclass(frozen=True)
class DailyFigures:
    """Reads daily figures. `read` sees all rows, so each call names the person."""

    read: ReadModels
    cache: Cache

    def of(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        names: Sequence[str],
        first: date,
        last: date,
        choices: HealthChoices,
    ) -> Figures:
        """Return the figures of some metrics from `first` to `last`.

        Raises InvalidValue if more than MAX_FOLDED records have to be folded for it.
        """
        stamps = self.stamps(tenant_id, user_id, names, first - ONE_DAY, last + ONE_DAY)
        figures: Figures = {name: {} for name in names}
        missing: list[_Month] = []
        for month in _months(tenant_id, user_id, stamps, (first, last), choices):
            cached = self.cache.get(month.key)
            if cached is None:
                missing.append(month)
            else:
                figures[month.metric].update(_decoded(cached))
        records = sum(stamps[each.metric, day][0] for each in missing for day in each.read)
        if records > MAX_FOLDED:
            raise InvalidValue(f"These days have over {MAX_FOLDED} records: ask for fewer days.")
        for month in missing:
            folded = self._fold(tenant_id, user_id, month, choices)
            self.cache.put(month.key, _encoded(folded))
            figures[month.metric].update(folded)
        return figures

    def stamps(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        names: Sequence[str],
        first: date,
        last: date,
    ) -> dict[tuple[str, date], Stamp]:
        """Return the stamp of each metric and day with records, in order."""
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        wanted = {
            user_metric_day(user_id, name, day): (name, day) for name in names for day in days
        }
        stamps = self.read.stamps(
            HEALTH_METRIC, tenant_id, "user_metric_day", list(wanted), "log_position"
        )
        return {place: stamps[key] for key, place in wanted.items() if key in stamps}

    def records(
        self, tenant_id: TenantId, user_id: UserId, metric: str, days: Sequence[date]
    ) -> dict[date, list[StoredRecord]]:
        """Return the records of a metric by day."""
        wanted = {user_metric_day(user_id, metric, day): day for day in days}
        rows = self.read.by(HEALTH_METRIC, tenant_id, "user_metric_day", list(wanted))
        return {day: [StoredRecord.of(row) for row in rows[key]] for key, day in wanted.items()}

    def _fold(
        self, tenant_id: TenantId, user_id: UserId, month: _Month, choices: HealthChoices
    ) -> dict[date, Figure]:
        records = self.records(tenant_id, user_id, month.metric, month.read)
        return {
            day: figure
            for day in month.days
            for figure in daily_figures(records, day, choices.sources)
        }


def stamp_parts(stamps: Mapping[tuple[str, date], Stamp]) -> list[str]:
    """Return stamps as parts of a cache key."""
    return [f"{name} {day} {count} {last}" for (name, day), (count, last) in stamps.items()]


def _months(
    tenant_id: TenantId,
    user_id: UserId,
    stamps: Mapping[tuple[str, date], Stamp],
    wanted: tuple[date, date],
    choices: HealthChoices,
) -> list[_Month]:
    """Return the months of the wanted days, the first to the last, that have records."""
    first, last = wanted
    places = (each for each in stamps if first <= each[1] <= last)
    months: list[_Month] = []
    for (name, _, _), of_month in groupby(
        places, lambda each: (each[0], each[1].year, each[1].month)
    ):
        days = tuple(day for _, day in of_month)
        near = {day + offset for day in days for offset in (-ONE_DAY, timedelta(), ONE_DAY)}
        read = tuple(sorted(day for day in near if (name, day) in stamps))
        parts = stamp_parts({(name, day): stamps[name, day] for day in read})
        order = ",".join(choices.sources(name))
        named = ["health-figures/3", order, f"{days[0]}", f"{days[-1]}", *parts]
        months.append(_Month(name, days, read, personal_key(tenant_id, user_id, named)))
    return months


def _encoded(figures: Mapping[date, Figure]) -> bytes:
    return json.dumps({day.isoformat(): asdict(each) for day, each in figures.items()}).encode()


def _decoded(content: bytes) -> dict[date, Figure]:
    days: dict[str, Any] = json.loads(content)
    return {date.fromisoformat(day): figure_of(each) for day, each in days.items()}


def figure_of(fields: Mapping[str, Any]) -> Figure:
    """Return a figure from its fields in JSON."""
    origins = tuple(Origin(**each) for each in fields["origins"])
    own: dict[str, Any] = {**fields, "origins": origins}
    return Figure(**own)
