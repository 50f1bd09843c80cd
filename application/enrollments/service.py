"""Enrollment service: follow the schedules of plans that were chosen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult
from domain.enrollments.commands import EnrollmentCommand, NoteDeleted, NotePerformed
from domain.enrollments.enrollment import ENROLLMENT
from domain.ids import EnrollmentId, PlanId, SessionId, UserId
from domain.kernel import Origin
from domain.sessions.events import SessionCompleted

ENROLLMENTS: Final = UUID("019f1a44-6c2e-7d1b-8f52-2b7a90c4e6d4")
"""Namespace of the ids of enrollments."""


def enrollment_id_of(user_id: UserId, plan_id: PlanId) -> EnrollmentId:
    """Return the id of a user's enrollment in a plan: there is one, which can be renewed."""
    return EnrollmentId(str(uuid5(ENROLLMENTS, f"{user_id}/{plan_id}")))


@dataclass(frozen=True)
class EnrollmentService:
    """Changes enrollments of callers who are authorized."""

    commands: CommandHandler

    def execute(
        self,
        enrollment_id: EnrollmentId,
        command: EnrollmentCommand,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Execute a command of one enrollment. Raises refusals."""
        request = Request(ENROLLMENT, enrollment_id, [command])
        return self.commands.execute(request, origin=origin, command_id=command_id)


def note_completed(
    session_id: SessionId, completed: SessionCompleted, now: datetime
) -> list[Request]:
    """Return what a completed session means for an enrollment, to execute together with it.

    The id of a session names the enrollment that scheduled it. Other sessions change nothing. One
    without a set performs no workout. It counts for the day on which it began (C-52). A day after
    tomorrow comes from a wrong clock: then it counts for today.
    """
    if not completed.sets:
        return note_deleted(session_id, completed.athlete_id)
    day = completed.started_at.astimezone(ZoneInfo(completed.time_zone)).date()
    today = now.date()
    note = NotePerformed(
        user_id=completed.athlete_id,
        session_id=session_id,
        workout_id=completed.workout_id,
        on=day if day <= today + timedelta(days=1) else today,
        began_at=completed.started_at,
    )
    return _of_enrollment(session_id, note)


def note_deleted(session_id: SessionId, athlete_id: UserId) -> list[Request]:
    """Return what a deleted session means for an enrollment, to execute together with it."""
    return _of_enrollment(session_id, NoteDeleted(user_id=athlete_id, session_id=session_id))


def _of_enrollment(session_id: SessionId, command: EnrollmentCommand) -> list[Request]:
    enrollment_id, *rest = session_id.rsplit(".", maxsplit=2)
    if len(rest) < len(("session key", "number")):
        return []
    return [Request(ENROLLMENT, enrollment_id, [command])]
