"""Changes of a program, each with its reason as facts: names and numbers."""

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
    """A target of an exercise that changes on all days from `from_day` on, and the reason."""

    exercise_id: ExerciseId
    target: Target
    before: float | None
    after: float
    from_day: int
    code: ReasonCode
    facts: tuple[Fact, ...]


def apply_change(weeks: tuple[Week, ...], change: Change) -> tuple[Week, ...]:
    """Return the weeks after a change. Days before `from_day` stay as they are."""
    number, changed = 0, list[Week]()
    for week in weeks:
        days = list[Day]()
        for day in week.days:
            number += 1
            days.append(_changed_day(day, change) if number >= change.from_day else day)
        changed.append(replace(week, days=tuple(days)))
    return tuple(changed)


def _changed_day(day: Day, change: Change) -> Day:
    return Day(
        tuple(
            _changed(each, change) if each.exercise_id == change.exercise_id else each
            for each in day.exercises
        )
    )


def _changed(exercise: PlannedExercise, change: Change) -> PlannedExercise:
    match change.target:
        case "load_kg":
            return replace(exercise, load_kg=change.after)
        case "repetitions":
            return replace(exercise, repetitions=round(change.after))
        case "hold_s":
            return replace(exercise, hold_s=round(change.after))
