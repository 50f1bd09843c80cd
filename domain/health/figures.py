"""Daily figures of metrics: one source for each stretch of time, so nothing counts twice."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Final, Protocol

from domain.health.events import Goal, Source
from domain.health.metrics import Metric, find_metric, metrics
from domain.kernel import value

INSTANT: Final = timedelta(microseconds=1)
"""Length that an instant has when records are compared."""


HALF: Final = 0.5
"""Share of a record that records of the days before and after must cover to replace it."""


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


Days = Mapping[date, Sequence[Stored]]
"""Records by the day that they belong to."""


def daily_figures(
    records: Days, day: date, sources: Callable[[str], Sequence[Source]]
) -> tuple[Figure, ...]:
    """Return the figures of a day, in the order of metric names.

    `records` has those of the day before and the day after, too; `sources` returns the order of the
    sources of a metric. See `counted_records`. A metric without counted records has no figure.
    """
    by_metric: defaultdict[str, dict[date, list[Stored]]] = defaultdict(dict)
    for near in _with_neighbors(day):
        for each in records.get(near, ()):
            by_metric[each.metric].setdefault(near, []).append(each)
    figures = (
        _figure(metrics()[name], of_metric, day, sources(name))
        for name, of_metric in sorted(by_metric.items())
        if name in metrics()
    )
    return tuple(each for each in figures if each is not None)


def _figure(metric: Metric, records: Days, day: date, sources: Sequence[Source]) -> Figure | None:
    kept = counted_records(records, day, sources)
    if not kept:
        return None
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
        len(records[day]) - len(kept),
        tuple(Origin(source, device, len(each)) for (source, device), each in origins.items()),
    )


def _by_origin(records: Iterable[Stored]) -> dict[tuple[Source, str], list[Stored]]:
    origins: dict[tuple[Source, str], list[Stored]] = {}
    for each in records:
        origins.setdefault((each.source, each.device), []).append(each)
    return origins


def counted_records(records: Days, day: date, sources: Sequence[Source]) -> list[Stored]:
    """Return the records of a metric and day that count.

    Of records of different origins that overlap in time, the one of the preferred source counts;
    among devices of one source, that of the device with most records. A record of the day
    before or after, such as the same activity from another device, replaces one of this day if it
    covers at least half of it; among devices of one source, that of the day before.
    """
    before, own_day, after = (records.get(near, ()) for near in _with_neighbors(day))
    kept = _without_duplicates(own_day, sources)
    if not _touches(before, kept) and not _touches(kept, after):
        return kept
    before, after = (_without_duplicates(near, sources) for near in (before, after))
    counted_before = _not_replaced(before, (), kept, sources)
    counted_after = _not_replaced(after, kept, (), sources)
    return _not_replaced(kept, counted_before, counted_after, sources)


def _not_replaced(
    records: Sequence[Stored],
    before: Sequence[Stored],
    after: Sequence[Stored],
    sources: Sequence[Source],
) -> list[Stored]:
    """Return the records of a day that none of the days before and after replaces."""
    found: list[Stored] = []
    for (source, device), own in _by_origin(records).items():
        place = sources.index(source)
        preferred = (each for each in (*before, *after) if sources.index(each.source) < place)
        earlier = (each for each in before if each.source == source and each.device != device)
        covered = _Covered(map(_span, (*preferred, *earlier)))
        found.extend(each for each in own if covered.share(_span(each)) < HALF)
    return found


def _touches(earlier: Sequence[Stored], later: Sequence[Stored]) -> bool:
    """Return whether a record of a day lasts until one of the day after has begun."""
    if not earlier or not later:
        return False
    return max(_span(each)[1] for each in earlier) > min(each.start for each in later)


def _with_neighbors(day: date) -> tuple[date, date, date]:
    """Return the day before, the day, and the day after."""
    return day - timedelta(days=1), day, day + timedelta(days=1)


def _without_duplicates(records: Iterable[Stored], sources: Sequence[Source]) -> list[Stored]:
    """Return records of one day, of which none overlaps with one of a preferred origin."""
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


class _Covered:
    """Time that spans cover together."""

    def __init__(self, spans: Iterable[tuple[datetime, datetime]]) -> None:
        self._spans = _union(spans)
        self._starts = [start for start, _ in self._spans]
        lengths = (end - start for start, end in self._spans)
        self._before = [*accumulate(lengths, initial=timedelta())]

    def share(self, span: tuple[datetime, datetime]) -> float:
        """Return the share of a span that is covered, 0..1."""
        start, end = span
        return (self._until(end) - self._until(start)) / (end - start)

    def _until(self, at: datetime) -> timedelta:
        """Return how much time before `at` is covered."""
        number = bisect_right(self._starts, at)
        if not number:
            return timedelta()
        start, end = self._spans[number - 1]
        return self._before[number - 1] + min(at, end) - start


def is_reached(goal: Goal, figure: float) -> bool:
    """Return whether a daily figure reaches a goal, to the decimals of the metric.

    Raises MetricUnknown.
    """
    target = find_metric(goal.metric).round(goal.target)
    return figure >= target if goal.direction == "at_least" else figure <= target


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
