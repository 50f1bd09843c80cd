"""Changes of existing sessions over REST: delete, restore, tag, correct, contradict a fault."""

from fastapi import APIRouter, Response

from api.caller import CurrentCaller, Id
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views.session_changes import (
    CorrectedExercise,
    FaultFeedbackToGive,
    Tags,
    change_session_tags,
    correct_exercise,
    delete_session,
    give_fault_feedback,
    restore_session,
    tags_of,
)
from api.views.session_commands import Written
from domain.sessions.commands import TagsMoved

router = APIRouter(
    prefix="/v1/sessions", tags=["sessions"], responses=problem_responses(404, 409, 422, 503)
)


@router.delete(
    "/{session_id}",
    operation_id="deleteSession",
    summary="Delete a session with its recording",
    status_code=204,
)
def delete(session_id: Id, caller: CurrentCaller, command_id: CommandId) -> None:
    """Hide the session and leave it out of all totals.

    It can be restored for seven days; after that, its media are removed.
    """
    delete_session(caller, session_id, command_id)


@router.post(
    "/{session_id}:correct-exercise",
    operation_id="correctExercise",
    summary="Count a recorded session as another exercise",
)
def correct(
    session_id: Id, caller: CurrentCaller, body: CorrectedExercise, command_id: CommandId
) -> Written:
    """Replace the session by one with the right exercise; the wrong one is deleted.

    Comments are taken over. Share links to the recording end.
    """
    return correct_exercise(caller, session_id, body, command_id)


@router.post(
    "/{session_id}:restore",
    operation_id="restoreSession",
    summary="Restore a deleted session and its recording",
    status_code=204,
)
def restore(session_id: Id, caller: CurrentCaller, command_id: CommandId) -> None:
    """Restore the session; a recording that was deleted before it stays deleted."""
    restore_session(caller, session_id, command_id)


@router.put(
    "/{session_id}/fault-feedback",
    operation_id="giveFaultFeedback",
    summary="Contradict the judgment of a fault",
)
def give_feedback(
    session_id: Id, caller: CurrentCaller, body: FaultFeedbackToGive, command_id: CommandId
) -> Written:
    """Record the feedback, or take it back; the figures of the session do not change."""
    return give_fault_feedback(caller, session_id, body, command_id)


@router.get(
    "/{session_id}/tags",
    operation_id="getSessionTags",
    summary="The tags of a session",
    responses=WITH_ETAG,
)
def tags(session_id: Id, caller: CurrentCaller, response: Response) -> Tags:
    """Return the tags of a session, in their order."""
    return _tagged(tags_of(caller, session_id), response)


@router.put(
    "/{session_id}/tags",
    operation_id="changeSessionTags",
    summary="Replace the tags of a session",
    responses=WITH_ETAG | problem_responses(412),
)
def tag(
    *,
    session_id: Id,
    caller: CurrentCaller,
    response: Response,
    command_id: CommandId,
    body: Tags,
    if_match: IfMatch,
) -> Tags:
    """Replace all tags; with `If-Match`, only if they have not changed since."""
    expected = if_match.expected(
        caller, command_id, lambda: tags_of(caller, session_id), _etag, TagsMoved
    )
    change_session_tags(caller, session_id, body, command_id, expected)
    return _tagged(tags_of(caller, session_id), response)


def _tagged(current_tags: tuple[str, ...], response: Response) -> Tags:
    response.headers["ETag"] = _etag(current_tags)
    return Tags(tags=current_tags)


def _etag(current_tags: tuple[str, ...]) -> str:
    return etag_of("\n".join(current_tags))
