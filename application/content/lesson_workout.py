"""Workout of a lesson: its segments as exercises with sets, repetitions, tempo and range."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

from domain.content.lesson import Lesson
from domain.content.lesson_events import Segment
from domain.workouts.commands import MAX_REST_S
from domain.workouts.events import LessonPart, PrescribedExercise

USUAL_REST_S: Final = 60


def to_exercises(lesson: Lesson) -> tuple[PrescribedExercise, ...]:
    """Return the lines of a workout.

    Consecutive segments of one exercise with the same repetitions, or of holds, are its sets. The
    targets are those of the first one.
    """
    return tuple(_lines(lesson))


def _lines(lesson: Lesson) -> Iterator[PrescribedExercise]:
    for _, group in groupby(
        lesson.segments, key=lambda each: (each.content.exercise_id, each.content.repetitions)
    ):
        sets = list(group)
        content = sets[0].content
        yield PrescribedExercise(
            exercise_id=content.exercise_id,
            sets=len(sets),
            target_repetitions=content.repetitions,
            target_hold_s=None if content.held_s is None else max(1, round(content.held_s)),
            rest_s=_rest_s(sets),
            tempo=content.targets.tempo,
            range_of_motion_deg=content.targets.range_of_motion_deg,
            lesson=LessonPart(lesson.content_id, lesson.number, sets[0].number),
        )


def _rest_s(sets: Sequence[Segment]) -> int:
    """Return the shortest rest between two sets."""
    rests = [
        (after.content.span.start_ms - before.content.span.end_ms) // 1000
        for before, after in pairwise(sets)
    ]
    return min(*rests, MAX_REST_S) if rests else USUAL_REST_S
