"""Daily figures of metrics: one source for each stretch of time, so nothing counts twice."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final, Protocol

from domain.health.events import Goal, Source
from domain.health.metrics import Metric, metrics
from domain.kernel import value

INSTANT: Final = timedelta(microseconds=1)
"""Length that an instant has when records are compared."""


class Stored(Protocol):
    """A stored record."""

    @property
    def metric(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...
    @property
    def source(self) -> Source: ...
    @property
    def device(self) -> str: ...


@value
class Origin:
    """A source with a device of it, and how many records of the figure come from there."""

    source: Source
    device: str
    records: int


@value
class Figure:
    """A metric on one day, from `records` without `duplicates`, in the unit of the metric."""

    metric: str
    figure: float
    low: float
    high: float
    records: int
    duplicates: int
    origins: tuple[Origin, ...]


def daily_figures(
    records: Iterable[Stored], sources: Callable[[str], Sequence[Source]]
) -> tuple[Figure, ...]:
    """Return the figures of the records of one day, in the order of metric names.

    `sources` returns the order of the sources of a metric. Of records of different origins that
    overlap in time, the one of the preferred source counts; among devices of one source, that of
    the device with most records.
    """
    in_order = sorted(records, key=lambda each: each.metric)
    return tuple(
        _figure(metrics()[name], list(group), sources(name))
        for name, group in groupby(in_order, key=lambda each: each.metric)
        if name in metrics()
    )


def _figure(metric: Metric, records: Sequence[Stored], sources: Sequence[Source]) -> Figure:
    kept = without_duplicates(records, sources)
    values = [each.value for each in kept]
    match metric.daily:
        case "sum":
            figure = sum(values)
        case "mean":
            figure = sum(values) / len(values)
        case "latest":
            figure = max(kept, key=lambda each: (each.end, each.start, each.value)).value
    origins = _by_origin(kept)
    return Figure(
        metric.name,
        metric.round(figure),
        min(values),
        max(values),
        len(kept),
        len(records) - len(kept),
        tuple(Origin(source, device, len(each)) for (source, device), each in origins.items()),
    )


def _by_origin(records: Iterable[Stored]) -> dict[tuple[Source, str], list[Stored]]:
    origins: dict[tuple[Source, str], list[Stored]] = {}
    for each in records:
        origins.setdefault((each.source, each.device), []).append(each)
    return origins


def without_duplicates(records: Iterable[Stored], sources: Sequence[Source]) -> list[Stored]:
    """Return records of which none overlaps with one of a preferred origin."""
    origins = _by_origin(records)

    def rank(origin: tuple[Source, str]) -> tuple[int, int, str]:
        source, device = origin
        return sources.index(source), -len(origins[origin]), device

    kept: list[Stored] = []
    taken: list[tuple[datetime, datetime]] = []
    for origin in sorted(origins, key=rank):
        free = [each for each in origins[origin] if not _overlaps(taken, _span(each))]
        kept.extend(free)
        for span in _union(map(_span, free)):
            insort(taken, span)
    return kept


def _span(record: Stored) -> tuple[datetime, datetime]:
    return record.start, max(record.end, record.start + INSTANT)


def _union(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return the same time as spans that do not overlap, in order."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _overlaps(taken: Sequence[tuple[datetime, datetime]], span: tuple[datetime, datetime]) -> bool:
    """Return whether a span shares time with one of those taken, which do not overlap."""
    start, end = span
    before = bisect_left(taken, (end,)) - 1  # the last one that starts before this ends
    return before >= 0 and taken[before][1] > start


def is_reached(goal: Goal, figure: float) -> bool:
    """Return whether a daily figure reaches a goal."""
    return figure >= goal.target if goal.direction == "at_least" else figure <= goal.target


def streak(goal: Goal, figures: Mapping[date, float], today: date) -> int:
    """Return for how many days in a row the goal was reached, up to today or yesterday.

    Today breaks nothing: it is not over yet.
    """
    reached = {day for day, figure in figures.items() if is_reached(goal, figure)}
    day = today if today in reached else today - timedelta(days=1)
    length = 0
    while day in reached:
        length, day = length + 1, day - timedelta(days=1)
    return length
