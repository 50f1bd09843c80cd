"""Loads that differ by rounding only, such as those in pounds: they become equal.

A rule changes lines of the same load together, and compares loads exactly.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from domain.programs.changes import Change
from domain.programs.content import Day, PlannedExercise, Week, days_of

TOLERANCE_KG: Final = 0.01
"""Loads that differ by less are equal: a load in pounds is recorded to the gram."""


def with_equal_loads(weeks: tuple[Week, ...], before: tuple[Week, ...]) -> tuple[Week, ...]:
    """Return weeks in which each load that equals one of `before` is exactly that one."""

    def equalized(exercise: PlannedExercise) -> PlannedExercise:
        if exercise.load_kg is None:
            return exercise
        return replace(exercise, load_kg=_equal_load(exercise.load_kg, before))

    return tuple(
        replace(week, days=tuple(Day(tuple(map(equalized, day.exercises))) for day in week.days))
        for week in weeks
    )


def to_equal_loads(changes: Iterable[Change], weeks: tuple[Week, ...]) -> tuple[Change, ...]:
    """Return changes in which each new load that equals one of `weeks` is exactly that one.

    A change to a load that equals the one before is left out.
    """
    equalized = (
        replace(each, after=_equal_load(each.after, weeks)) if each.target == "load_kg" else each
        for each in changes
    )
    return tuple(each for each in equalized if each.after != each.before)


def _equal_load(load_kg: float, weeks: tuple[Week, ...]) -> float:
    """Return the nearest load of these weeks if it equals this one, else this one."""
    loads = (each.load_kg for day in days_of(weeks) for each in day.exercises)
    near = (each for each in loads if each is not None and abs(each - load_kg) < TOLERANCE_KG)
    return min(near, key=lambda each: abs(each - load_kg), default=load_kg)
