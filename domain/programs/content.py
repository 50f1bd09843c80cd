"""Content of a program: weeks of days, each with exercises, sets, targets, loads and rests."""

from collections.abc import Iterator
from typing import Final

from domain.ids import ExerciseId
from domain.kernel import value
from domain.motion.exercises.library import get_exercise
from domain.values import InvalidValue, check_rpe, within

MAX_WEEKS: Final = 16
MAX_DAYS_A_WEEK: Final = 7
MAX_EXERCISES_A_DAY: Final = 12
MAX_SETS: Final = 10
MAX_REPETITIONS: Final = 100
MAX_HOLD_S: Final = 600
MAX_LOAD_KG: Final = 1000.0
MAX_REST_S: Final = 600

Targets = tuple[ExerciseId, int | None, int | None, float | None]
"""An exercise with its repetitions, seconds to hold, and load in kg."""


@value
class PlannedExercise:
    """An exercise of a day: `sets`, each of `repetitions` or of `hold_s` seconds.

    `load_kg`: None stands for a load that the athlete chooses, or for the body's own weight.
    `target_rpe` is how hard a set should feel, 1 to 10 in steps of 0.5; None: no target.
    """

    exercise_id: ExerciseId
    sets: int
    repetitions: int | None
    hold_s: int | None = None
    load_kg: float | None = None
    rest_s: int = 90
    target_rpe: float | None = None

    @property
    def targets(self) -> Targets:
        """What a progression rule follows: lines with the same targets change together."""
        return self.exercise_id, self.repetitions, self.hold_s, self.load_kg


@value
class Day:
    """One training day."""

    exercises: tuple[PlannedExercise, ...]


@value
class Week:
    """One week of a program. A deload week has fewer sets, to recover."""

    days: tuple[Day, ...]
    is_deload: bool = False


def days_of(weeks: tuple[Week, ...]) -> Iterator[Day]:
    """Yield the days of all weeks, in order. They are counted from 1."""
    return (day for week in weeks for day in week.days)


def check_weeks(weeks: tuple[Week, ...]) -> None:
    """Check the limits of a program. Raises InvalidValue, InvalidRpe, UnknownExercise."""
    within("number of weeks", len(weeks), 1, MAX_WEEKS)
    for week in weeks:
        within("days of a week", len(week.days), 1, MAX_DAYS_A_WEEK)
        for day in week.days:
            within("exercises of a day", len(day.exercises), 1, MAX_EXERCISES_A_DAY)
            for exercise in day.exercises:
                _check_exercise(exercise)


def _check_exercise(exercise: PlannedExercise) -> None:
    is_hold = get_exercise(exercise.exercise_id).kind == "hold"
    if (exercise.repetitions is None) == (exercise.hold_s is None):
        raise InvalidValue("Give each exercise either repetitions or seconds to hold.")
    if is_hold != (exercise.hold_s is not None):
        target = "seconds to hold" if is_hold else "repetitions"
        raise InvalidValue(f"{exercise.exercise_id} needs a target in {target}.")
    within("sets", exercise.sets, 1, MAX_SETS)
    within("repetitions", exercise.repetitions or 1, 1, MAX_REPETITIONS)
    within("hold_s", exercise.hold_s or 1, 1, MAX_HOLD_S)
    within("rest_s", exercise.rest_s, 0, MAX_REST_S)
    if exercise.load_kg is not None:
        within("load_kg", exercise.load_kg, 0.0, MAX_LOAD_KG)
    check_rpe(exercise.target_rpe)
