"""Requests about assigned workouts, executed together with changes of sessions or permissions."""

from datetime import datetime
from typing import Final

from application.kernel.command_handler import Request
from domain.assignments import commands
from domain.assignments.assignments import ASSIGNMENTS
from domain.ids import SessionId, UserId
from domain.sessions.events import SessionCompleted

SESSION_PREFIX: Final = "assigned."
"""Beginning of the ids of sessions that perform assigned workouts."""


def note_completed(
    session_id: SessionId, completed: SessionCompleted, at: datetime
) -> list[Request]:
    """Return what a completed session means for assigned workouts, to execute together with it.

    After one without a set, its workout is open again.
    """
    if not completed.sets:
        return note_deleted(session_id, completed.athlete_id, at)
    note = commands.NoteCompleted(session_id=session_id, at=at)
    return _noted(session_id, completed.athlete_id, note)


def note_deleted(session_id: SessionId, athlete_id: UserId, at: datetime) -> list[Request]:
    """Return what a deleted session means for assigned workouts, to execute together with it."""
    return _noted(session_id, athlete_id, commands.NoteDeleted(session_id=session_id, at=at))


def note_restored(session_id: SessionId, athlete_id: UserId, at: datetime) -> list[Request]:
    """Return what a restored session means for assigned workouts, to execute together with it."""
    return _noted(session_id, athlete_id, commands.NoteRestored(session_id=session_id, at=at))


def _noted(
    session_id: SessionId, athlete_id: UserId, command: commands.AssignmentCommand
) -> list[Request]:
    is_assigned = session_id.startswith(SESSION_PREFIX)
    return [Request(ASSIGNMENTS, athlete_id, [command])] if is_assigned else []


def end_trainer(athlete_id: UserId, trainer_id: UserId, at: datetime) -> Request:
    """Return what the end of a trainer's permission means, to execute together with it."""
    return Request(ASSIGNMENTS, athlete_id, [commands.EndTrainer(trainer_id=trainer_id, at=at)])
