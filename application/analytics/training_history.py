"""What training comes to over the years: runs of days, sums by exercise, and where form is going.

Pure: who asks brings the days, the sets and the figures, and says which day it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

DAY: Final = timedelta(days=1)

TREND_DAYS: Final = 28
"""A trend is told as the change in four weeks, whatever time its figures are from."""

FEWEST: Final = 3
"""Through two points there is always a line: it says nothing."""


@dataclass(frozen=True, slots=True)
class Streak:
    """Days without a gap, each with a completed session: from `start` to `end`, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many there are, 1 at least."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Streaks:
    """The streak that is going on, and the longest ever; None where there is none.

    Of equally long ones the newest counts.
    """

    current: Streak | None
    longest: Streak | None


def streaks(days: Iterable[date], today: date) -> Streaks:
    """Tell the streaks of training days, in any order.

    One that ends yesterday still goes on: today is not over.
    """
    runs = _runs(sorted(set(days)))
    longest = max(runs, key=lambda run: (run.days, run.start), default=None)
    newest = runs[-1] if runs else None
    goes_on = newest is not None and newest.end >= today - DAY
    return Streaks(newest if goes_on else None, longest)


def _runs(days: Sequence[date]) -> list[Streak]:
    if not days:
        return []
    gaps = [(before, after) for before, after in pairwise(days) if after - before > DAY]
    starts = [days[0], *(after for _, after in gaps)]
    ends = [*(before for before, _ in gaps), days[-1]]
    return [Streak(start, end) for start, end in zip(starts, ends, strict=True)]


@dataclass(frozen=True, slots=True)
class DoneSet:
    """What stands of a set: repetitions, milliseconds held, kilograms where they are known."""

    session_id: str
    exercise_id: str
    repetitions: int
    held_ms: int
    load_kg: float | None


@dataclass(frozen=True, slots=True)
class ExerciseSum:
    """What an exercise came to over some sessions; `volume_kg` is load times repetitions."""

    exercise_id: str
    sessions: int = 0
    sets: int = 0
    repetitions: int = 0
    held_ms: int = 0
    volume_kg: float = 0.0


def sums_by_exercise(done: Iterable[DoneSet]) -> tuple[ExerciseSum, ...]:
    """Sum up sets by exercise: that of most sessions first, of equals in order of id."""
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
        )
    return tuple(sorted(sums.values(), key=lambda totals: (-totals.sessions, totals.exercise_id)))


def trend(points: Sequence[tuple[datetime, float]]) -> float | None:
    """Say how much a figure changes in four weeks: the slope of the line of least squares.

    None for fewer than three points, and where all are of one moment.
    """
    if len(points) < FEWEST:
        return None
    since = min(at for at, _ in points)
    times = [(at - since) / timedelta(days=TREND_DAYS) for at, _ in points]
    mean_time = sum(times) / len(times)
    mean = sum(value for _, value in points) / len(points)
    spread = sum((time - mean_time) ** 2 for time in times)
    if not spread:
        return None
    together = sum(
        (time - mean_time) * (value - mean) for time, (_, value) in zip(times, points, strict=True)
    )
    return together / spread
