"""Requests about programs, executed together with the completion of a session."""

from collections.abc import Sequence
from typing import Final

from application.kernel.command_handler import Request
from domain.ids import ProgramId, SessionId, WorkoutId
from domain.programs.commands import NotePerformed, PerformedExercise
from domain.programs.content import PlannedExercise
from domain.programs.programs import PROGRAMS
from domain.programs.progression import PerformedSet
from domain.sessions.events import ExercisePerformed, SessionCompleted
from domain.sessions.prescription_events import PrescribedLine
from domain.sessions.set_state import SetState
from domain.sessions.states import Completed

DAY: Final = ".day-"
"""What precedes the number of the day in the workout id of a session."""

MAX_DIGITS: Final = 3


def day_workout_id(program_id: ProgramId, day: int) -> WorkoutId:
    """Return the workout id of sessions that perform a day of a program."""
    return WorkoutId(f"{program_id}{DAY}{day}")


def note_completed(
    session_id: SessionId,
    completed: SessionCompleted,
    performed: Sequence[ExercisePerformed],
    session: Completed,
) -> list[Request]:
    """Return what a completed session means for a program, to execute together with it.

    Sessions that perform no day of a program, and those without a set, change nothing.
    """
    program_id, separator, number = (completed.workout_id or "").rpartition(DAY)
    if not separator or not number.isdecimal() or len(number) > MAX_DIGITS:
        return []
    if not completed.sets:
        return []
    note = NotePerformed(
        program_id=ProgramId(program_id),
        day=int(number),
        session_id=session_id,
        exercises=tuple(
            PerformedExercise(each.exercise_id, _performed_sets(each, session.performed))
            for each in performed
        ),
        lines=tuple(_planned(each) for each in session.lines),
        at=completed.at,
    )
    return [Request(PROGRAMS, completed.athlete_id, [note])]


def _planned(line: PrescribedLine) -> PlannedExercise:
    return PlannedExercise(
        line.exercise_id,
        line.sets,
        line.target_repetitions,
        line.target_hold_s,
        line.load_kg,
        line.rest_s,
        line.target_rpe,
    )


def _performed_sets(
    performed: ExercisePerformed, sets: Sequence[SetState]
) -> tuple[PerformedSet, ...]:
    """Convert the sets of an exercise in a session."""
    return tuple(
        PerformedSet(
            each.repetitions, each.held_ms / 1000, each.load_kg, each.form, sets[each.set - 1].line
        )
        for each in performed.sets
    )
