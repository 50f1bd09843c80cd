"""Changes of existing sessions, even completed ones: inputs, and writes for REST and GraphQL."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.views.base import StrictBody, documented, write
from api.views.session_commands import Written
from application.caller import Caller
from application.users.resource_access import authorize_session, sees_tags
from domain.ids import SessionId
from domain.sessions.commands import SessionNotFound
from domain.sessions.feedback_commands import GiveFaultFeedback
from domain.sessions.tag_commands import ChangeTags
from domain.sessions.tags import MAX_TAG_LENGTH, MAX_TAGS
from domain.values import FaultFeedback

Tag = Annotated[str, documented(maxLength=MAX_TAG_LENGTH)]


class Tags(StrictBody):
    """The athlete's own tags of a session, by which it can be found."""

    tags: tuple[Tag, ...] = Field(
        max_length=100,
        json_schema_extra={"maxItems": MAX_TAGS},
        description="Ten at most, of thirty characters at most; each once, whatever its case."
        " New ones have no comma.",
        examples=[["legs", "before breakfast"]],
    )


@write
def delete_session(caller: Caller, session_id: str, command_id: UUID) -> Written:
    """Delete a session with its recording; it can be restored for seven days."""
    authorize_session(caller, "write", session_id)
    appended = caller.platform.sessions.delete(
        SessionId(session_id), origin=caller.origin(), command_id=command_id
    )
    return Written.of(session_id, appended)


class CorrectedExercise(StrictBody):
    """The exercise that was performed, by its id."""

    exercise_id: str


@write
def correct_exercise(
    caller: Caller, session_id: str, body: CorrectedExercise, command_id: UUID
) -> Written:
    """Count a session as another exercise; `sessionId` is the session that replaces it."""
    authorize_session(caller, "write", session_id)
    result = caller.platform.correction.correct(
        SessionId(session_id), body.exercise_id, origin=caller.origin(), command_id=command_id
    )
    return Written.of(result.session_id, result.appended)


@write
def restore_session(caller: Caller, session_id: str, command_id: UUID) -> Written:
    """Restore a session; a recording that was deleted before it stays deleted."""
    authorize_session(caller, "write", session_id)
    appended = caller.platform.sessions.restore(
        SessionId(session_id), origin=caller.origin(), command_id=command_id
    )
    return Written.of(session_id, appended)


@write
def change_session_tags(
    caller: Caller,
    session_id: str,
    body: Tags,
    command_id: UUID,
    expected: tuple[str, ...] | None = None,
) -> Written:
    """Replace all tags of a session."""
    authorize_session(caller, "write", session_id)
    command = ChangeTags(tags=body.tags, expected=expected)
    appended = caller.platform.sessions.execute(
        SessionId(session_id), command, origin=caller.origin(), command_id=command_id
    )
    return Written.of(session_id, appended)


def tags_of(caller: Caller, session_id: str) -> tuple[str, ...]:
    """Return the tags of a session. Raises SessionNotFound, also for analysts."""
    authorize_session(caller, "read", session_id)
    key = SessionId(session_id)
    athlete = caller.platform.owners.of_session(caller.tenant_id, key)
    if athlete is not None and not sees_tags(caller, athlete):
        raise SessionNotFound
    return caller.platform.sessions.tags(caller.tenant_id, key)


class FaultFeedbackToGive(StrictBody):
    """Feedback on a fault of a repetition; without `repetition`, of holds or of another cue."""

    set: int
    repetition: int | None = None
    fault: str
    feedback: FaultFeedback | None = Field(
        default=None, description="`wrong`, `missed`, or null to take feedback back."
    )


@write
def give_fault_feedback(
    caller: Caller, session_id: str, body: FaultFeedbackToGive, command_id: UUID
) -> Written:
    """Contradict the judgement of a fault; the figures of the session do not change."""
    authorize_session(caller, "write", session_id)
    command = GiveFaultFeedback(
        set=body.set,
        repetition=body.repetition,
        fault=body.fault,
        feedback=body.feedback,
        at=caller.platform.sessions.time(None),
    )
    appended = caller.platform.sessions.execute(
        SessionId(session_id), command, origin=caller.origin(), command_id=command_id
    )
    return Written.of(session_id, appended)
