"""Trends: daily figures of a metric as a bounded number of points."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal

from domain.health.figures import Figure
from domain.kernel import value

Step = Literal["day", "week", "month"]
"""How much time a point stands for. Weeks begin on Monday."""

MOST_POINTS: Final = 106
"""Points of one trend: two years in weeks, or 15 weeks in days."""


@value
class Point:
    """The mean of the daily figures from `start` to `end`, of `days` days that have records.

    `low` and `high` are the extreme values of single records.
    """

    start: date
    end: date
    figure: float
    low: float
    high: float
    days: int
    records: int


def step_of(first: date, last: date) -> Step:
    """Return the smallest step with which a range has at most MOST_POINTS points."""
    days = (last - first).days + 1
    if days <= MOST_POINTS:
        return "day"
    return "week" if days <= 7 * (MOST_POINTS - 1) else "month"


def trend(figures: Mapping[date, Figure], first: date, last: date) -> tuple[Point, ...]:
    """Return the points of a range, oldest first; steps without records have none."""
    step = step_of(first, last)
    groups: dict[date, list[tuple[date, Figure]]] = {}
    for day in sorted(figures):
        if first <= day <= last:
            groups.setdefault(beginning(day, step), []).append((day, figures[day]))
    return tuple(
        _point(max(start, first), min(_end(start, step), last), [figure for _, figure in group])
        for start, group in groups.items()
    )


def beginning(day: date, step: Step) -> date:
    """Return the first day of the step in which a day lies."""
    match step:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)


def _end(start: date, step: Step) -> date:
    match step:
        case "day":
            return start
        case "week":
            return start + timedelta(days=6)
        case "month":
            return (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _point(start: date, end: date, figures: Sequence[Figure]) -> Point:
    mean = sum(each.figure for each in figures) / len(figures)
    return Point(
        start,
        end,
        figures[0].figure if len(figures) == 1 else round(mean, 2),
        min(each.low for each in figures),
        max(each.high for each in figures),
        len(figures),
        sum(each.records for each in figures),
    )
