"""Changes of a program, each with its reason as facts: names and numbers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from domain.ids import ExerciseId
from domain.kernel import value
from domain.programs.content import Day, PlannedExercise, Week

Target = Literal["load_kg", "repetitions", "hold_s"]

ReasonCode = Literal[
    "all_sets_reached",
    "range_completed",
    "repetition_added",
    "percentage_of_max",
    "deload_after_misses",
    "more_in_reserve",
    "less_in_reserve",
]

FactName = Literal[
    "sets",
    "target",
    "least",
    "sessions",
    "form",
    "min_form",
    "max_repetitions",
    "one_repetition_max_kg",
    "percentage",
    "misses",
    "reserve",
    "target_reserve",
]


@value
class Fact:
    """A fact of a reason: a number that was performed, or one of the rule."""

    name: FactName
    number: float


@value
class Change:
    """A target of an exercise that changes on days from `from_day` on, and the reason."""

    exercise_id: ExerciseId
    target: Target
    before: float | None
    after: float
    from_day: int
    code: ReasonCode
    facts: tuple[Fact, ...]


def apply_changes(weeks: tuple[Week, ...], changes: Sequence[Change]) -> tuple[Week, ...]:
    """Return the weeks after the changes of one day. Days before `from_day` stay as they are."""
    number, changed = 0, list[Week]()
    for week in weeks:
        days = list[Day]()
        for day in week.days:
            number += 1
            current = [each for each in changes if number >= each.from_day]
            days.append(Day(tuple(after_changes(each, current) for each in day.exercises)))
        changed.append(replace(week, days=tuple(days)))
    return tuple(changed)


def after_changes(exercise: PlannedExercise, changes: Sequence[Change]) -> PlannedExercise:
    """Return an exercise after the changes of one day, whenever they begin.

    It stays as it is if it has another target than one that changes, such as on a lighter day.
    """
    own = [each for each in changes if each.exercise_id == exercise.exercise_id]
    if not all(_has_target(exercise, each) for each in own):
        return exercise
    for change in own:
        exercise = _changed(exercise, change)
    return exercise


def _has_target(exercise: PlannedExercise, change: Change) -> bool:
    """Return whether an exercise has the target before a change; a chosen load may be any."""
    match change.target:
        case "load_kg":
            return exercise.load_kg is None or exercise.load_kg == change.before
        case "repetitions":
            return exercise.repetitions == change.before
        case "hold_s":
            return exercise.hold_s == change.before


def _changed(exercise: PlannedExercise, change: Change) -> PlannedExercise:
    match change.target:
        case "load_kg":
            return replace(exercise, load_kg=change.after)
        case "repetitions":
            return replace(exercise, repetitions=round(change.after))
        case "hold_s":
            return replace(exercise, hold_s=round(change.after))
