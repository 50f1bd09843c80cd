"""Training history: streaks, totals by exercise, and form trends. Pure.

The caller supplies the days, the sets, the figures and today's date.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

DAY: Final = timedelta(days=1)

TREND_DAYS: Final = 28
"""A trend is the change in four weeks, regardless of the period its figures cover."""

FEWEST: Final = 3
"""Two points always fit a line, so they show no trend."""

SHORTEST: Final = timedelta(days=14)
"""A change within fewer days says little about four weeks."""


@dataclass(frozen=True, slots=True)
class Streak:
    """Consecutive days with a completed session each, from `start` to `end` inclusive."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Number of days, at least 1."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Streaks:
    """The current streak and the longest one; None if there is none.

    Of equally long ones, the newest counts.
    """

    current: Streak | None
    longest: Streak | None


def streaks(days: Iterable[date], today: date) -> Streaks:
    """Compute the streaks from training days in any order.

    A streak that ends yesterday is still current, because today is not over. Days in the future,
    of a device whose clock is wrong, do not end it.
    """
    runs = _runs(sorted(set(days)))
    longest = max(runs, key=lambda run: (run.days, run.start), default=None)
    current = (run for run in runs if run.start <= today + DAY and run.end >= today - DAY)
    return Streaks(next(current, None), longest)


def _runs(days: Sequence[date]) -> list[Streak]:
    if not days:
        return []
    gaps = [(before, after) for before, after in pairwise(days) if after - before > DAY]
    starts = [days[0], *(after for _, after in gaps)]
    ends = [*(before for before, _ in gaps), days[-1]]
    return [Streak(start, end) for start, end in zip(starts, ends, strict=True)]


@dataclass(frozen=True, slots=True)
class DoneSet:
    """Result of a set: repetitions, milliseconds held, the verified part of both, kilograms."""

    session_id: str
    exercise_id: str
    repetitions: int
    held_ms: int
    load_kg: float | None
    verified_repetitions: int
    verified_held_ms: int


@dataclass(frozen=True, slots=True)
class ExerciseSum:
    """Totals of an exercise over some sessions; `volume_kg` is load times repetitions.

    `verified_…` are the verified part of the figures.
    """

    exercise_id: str
    sessions: int = 0
    sets: int = 0
    repetitions: int = 0
    held_ms: int = 0
    volume_kg: float = 0.0
    verified_repetitions: int = 0
    verified_held_ms: int = 0


def sums_by_exercise(done: Iterable[DoneSet]) -> tuple[ExerciseSum, ...]:
    """Sum up sets by exercise: most sessions first, then by id."""
    sums: dict[str, ExerciseSum] = {}
    seen: set[tuple[str, str]] = set()
    for each in done:
        before = sums.get(each.exercise_id, ExerciseSum(each.exercise_id))
        is_first = (each.session_id, each.exercise_id) not in seen
        seen.add((each.session_id, each.exercise_id))
        sums[each.exercise_id] = replace(
            before,
            sessions=before.sessions + is_first,
            sets=before.sets + 1,
            repetitions=before.repetitions + each.repetitions,
            held_ms=before.held_ms + each.held_ms,
            volume_kg=before.volume_kg + (each.load_kg or 0.0) * each.repetitions,
            verified_repetitions=before.verified_repetitions + each.verified_repetitions,
            verified_held_ms=before.verified_held_ms + each.verified_held_ms,
        )
    return tuple(sorted(sums.values(), key=lambda totals: (-totals.sessions, totals.exercise_id)))


def trend(points: Sequence[tuple[datetime, float]]) -> float | None:
    """Return the change of a figure in four weeks: the slope of a least-squares line.

    None for fewer than three points, and if they lie within less than two weeks.
    """
    if len(points) < FEWEST:
        return None
    since, until = min(at for at, _ in points), max(at for at, _ in points)
    if until - since < SHORTEST:
        return None
    times = [(at - since) / timedelta(days=TREND_DAYS) for at, _ in points]
    mean_time = sum(times) / len(times)
    mean = sum(value for _, value in points) / len(points)
    spread = sum((time - mean_time) ** 2 for time in times)
    together = sum(
        (time - mean_time) * (value - mean) for time, (_, value) in zip(times, points, strict=True)
    )
    return together / spread
