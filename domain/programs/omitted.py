"""Targets of exertion that a revision leaves out: they stay, so older clients remove none."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from domain.ids import ExerciseId
from domain.programs.content import Day, PlannedExercise, Week, days_of
from domain.workouts.omitted import places

Line = tuple[int, int]
"""Number of a day over all weeks, from 1, and of an exercise of it, from 1."""


def keep_targets(
    weeks: tuple[Week, ...], omitted: frozenset[Line], before: tuple[Week, ...]
) -> tuple[Week, ...]:
    """Return weeks in which the omitted lines have the targets that they had before.

    Each is that of the same day and exercise: the second line of an exercise has that of its second
    line, wherever it is.
    """
    if not omitted:
        return weeks
    earlier = {
        (number, *place): exercise.target_rpe
        for number, day in enumerate(days_of(before), 1)
        for place, exercise in _placed(day)
    }
    numbers = count(1)

    def kept(day: Day) -> Day:
        number = next(numbers)
        exercises = tuple(
            replace(exercise, target_rpe=earlier.get((number, *place)))
            if (number, line) in omitted
            else exercise
            for line, (place, exercise) in enumerate(_placed(day), 1)
        )
        return replace(day, exercises=exercises)

    return tuple(replace(week, days=tuple(map(kept, week.days))) for week in weeks)


def _placed(day: Day) -> Iterator[tuple[tuple[ExerciseId, int], PlannedExercise]]:
    """Yield each exercise of a day with how many lines of it are above."""
    yield from zip(places(each.exercise_id for each in day.exercises), day.exercises, strict=True)
