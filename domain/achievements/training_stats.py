"""Statistics behind achievements, computed after each training of an athlete.

A training is a completed session with at least one verified repetition or hold, as
`domain.sessions.verification` defines it; nothing else counts here. Days and weeks are those of the
athlete's calendar; weeks begin on Monday (C-52). A record exceeds the athlete's previous best in an
exercise: repetitions in a set, kilograms, or time held. The first result sets the mark and is not a
record; nor is equaling the mark.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from domain.achievements.definitions import RULES, Measure, Rule, Tier
from domain.ids import ExerciseId, SessionId
from domain.kernel import value

FORM_REPETITIONS: Final = 10
"""Repetitions that a session needs for its form to count; Kinelog's own choice."""

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)


@value
class Performed:
    """Best verified results of an exercise in a session; 0 where none was recorded."""

    exercise_id: ExerciseId
    most_repetitions: int = 0
    heaviest_kg: float = 0.0
    longest_hold_ms: int = 0

    @property
    def bests(self) -> tuple[float, ...]:
        """Values that can be a record, in a fixed order."""
        return float(self.most_repetitions), self.heaviest_kg, float(self.longest_hold_ms)


@value
class Training:
    """A completed session: `at` is its end, `day` the local day on which it began.

    `repetitions` are the verified ones. `form` is the mean over them, 0..1; None if none was
    measured.
    """

    session_id: SessionId
    at: datetime
    day: date
    repetitions: int
    form: float | None
    performed: tuple[Performed, ...]

    @property
    def is_training(self) -> bool:
        """True if anything was performed."""
        return self.repetitions > 0 or any(each.longest_hold_ms > 0 for each in self.performed)


@value
class TrainingStats:
    """Sums and bests up to a training.

    `days_in_a_row`, `weeks_in_a_row`: the longest streak so far. `exercises`: distinct exercises in
    all trainings; `exercises_in_a_workout`: the most in one. `hold_s`: the longest hold in whole
    seconds. `form`: the best mean form, 0..1, of a training with at least ten repetitions.
    """

    workouts: int = 0
    repetitions: int = 0
    days_in_a_row: int = 0
    weeks_in_a_row: int = 0
    records: int = 0
    exercises: int = 0
    exercises_in_a_workout: int = 0
    hold_s: int = 0
    form: float = 0.0

    def of(self, measure: Measure) -> float:
        """Return the value of a measure."""
        return float(getattr(self, measure))


@value
class Earned:
    """A rule met with a training, and the measured value."""

    rule: Rule
    figure: float
    training: Training


@value
class NextTier:
    """A rule that is not met yet, and the current value."""

    rule: Rule
    figure: float


def current_stats(trainings: Iterable[Training]) -> TrainingStats:
    """Return the statistics after all trainings, which may be in any order."""
    figures = [now for _, now in _after_each(trainings)]
    return figures[-1] if figures else TrainingStats()


def progress_stats(trainings: Iterable[Training], today: date) -> TrainingStats:
    """Return the statistics after all trainings, with the current streaks as of the local day.

    A streak that has ended is no progress: 0.
    """
    done = [each for each in trainings if each.is_training]
    days = {each.day for each in done}
    return replace(
        current_stats(done),
        days_in_a_row=_current_streak(days, today, DAY),
        weeks_in_a_row=_current_streak({_monday(day) for day in days}, _monday(today), WEEK),
    )


def next_tiers(
    figures: TrainingStats, has: Collection[tuple[str, Tier | None]]
) -> Iterator[NextTier]:
    """Yield the next unmet rule of each badge and family; `has` are those already earned."""
    seen: set[str] = set()
    for rule in RULES:
        if rule.key not in has and rule.name not in seen:
            seen.add(rule.name)
            yield NextTier(rule, figures.of(rule.measure))


def earned(trainings: Iterable[Training]) -> Iterator[Earned]:
    """Yield what each training earned; trainings may be in any order."""
    before = TrainingStats()
    for training, now in _after_each(trainings):
        for rule in RULES:
            figure = now.of(rule.measure)
            if before.of(rule.measure) < rule.least <= figure:
                yield Earned(rule, figure, training)
        before = now


def _after_each(trainings: Iterable[Training]) -> Iterator[tuple[Training, TrainingStats]]:
    so_far = _Accumulator()
    for training in sorted(trainings, key=lambda each: (each.at, each.session_id)):
        if training.is_training:
            yield training, so_far.after(training)


@dataclass
class _Accumulator:
    """Running totals over trainings."""

    figures: TrainingStats = field(default_factory=TrainingStats)
    days: set[date] = field(default_factory=set[date])
    weeks: set[date] = field(default_factory=set[date])
    bests: dict[ExerciseId, tuple[float, ...]] = field(
        default_factory=dict[ExerciseId, tuple[float, ...]]
    )

    def after(self, training: Training) -> TrainingStats:
        """Add a training and return the statistics."""
        was, done = self.figures, training.performed
        self.days.add(training.day)
        monday = _monday(training.day)
        self.weeks.add(monday)
        counts = training.form is not None and training.repetitions >= FORM_REPETITIONS
        self.figures = TrainingStats(
            workouts=was.workouts + 1,
            repetitions=was.repetitions + training.repetitions,
            days_in_a_row=max(was.days_in_a_row, _streak(self.days, training.day, DAY)),
            weeks_in_a_row=max(was.weeks_in_a_row, _streak(self.weeks, monday, WEEK)),
            records=was.records + sum(self._count_records(each) for each in done),
            exercises=len(self.bests),
            exercises_in_a_workout=max(was.exercises_in_a_workout, len(done)),
            hold_s=max(was.hold_s, *(each.longest_hold_ms // 1000 for each in done), 0),
            form=max(was.form, training.form or 0.0) if counts else was.form,
        )
        return self.figures

    def _count_records(self, performed: Performed) -> int:
        """Update the bests of an exercise; return the number of records."""
        marks = self.bests.get(performed.exercise_id)
        if marks is None:
            self.bests[performed.exercise_id] = performed.bests
            return 0
        pairs = list(zip(marks, performed.bests, strict=True))
        self.bests[performed.exercise_id] = tuple(map(max, pairs))
        return sum(0 < mark < best for mark, best in pairs)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _current_streak(days: set[date], today: date, step: timedelta) -> int:
    """Length of the streak that goes on; today breaks none, nor does a device that is ahead."""
    near = (today + step, today, today - step)
    return next((_streak(days, day, step) for day in near if day in days), 0)


def _streak(days: set[date], day: date, step: timedelta) -> int:
    """Length of the streak that contains `day`."""
    first = last = day
    while first - step in days:
        first -= step
    while last + step in days:
        last += step
    return (last - first) // step + 1
