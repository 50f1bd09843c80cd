"""Measuring chunks of several sessions together, before each is tracked by itself."""

from collections.abc import Sequence
from dataclasses import replace

from application.live.chunk import FrameChunk
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import get_exercise
from domain.motion.signals.columns import MeasuredChunk, measure_all, measure_for
from domain.values import UnknownExercise


def measure_together(messages: Sequence[FrameChunk]) -> list[FrameChunk]:
    """Return the chunks, measured if there are several.

    Those of an unknown exercise remain as they are, and so do those without frames and those whose
    images are not analyzed yet. A custom exercise is known only if its definition comes with the
    chunk.
    """
    exercises = {at: found for at, each in enumerate(messages) if (found := _exercise(each))}
    if len(exercises) < 2:
        return list(messages)
    wanted = [(definition, messages[at].chunk) for at, definition in exercises.items()]
    try:
        measured = dict(zip(exercises, measure_all(wanted), strict=True))
    except Exception:  # noqa: BLE001  raised again where the chunk at fault is measured by itself
        return list(messages)
    return [
        replace(each, measured=measured[at]) if at in measured else each
        for at, each in enumerate(messages)
    ]


def _exercise(message: FrameChunk) -> ExerciseDefinition | None:
    """Return the exercise for which a chunk is measured, None if it cannot be."""
    if message.pictures or not len(message.chunk):
        return None
    try:
        return message.definition or get_exercise(message.exercise)
    except UnknownExercise:
        return None


def measured_for(definition: ExerciseDefinition, message: FrameChunk) -> MeasuredChunk:
    """Return a measured chunk; one measured for another exercise or other frames does not count."""
    measured = message.measured
    if (
        measured is not None
        and measured.definition is definition
        and measured.chunk is message.chunk
    ):
        return measured
    return measure_for(definition, message.chunk)
