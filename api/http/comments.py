"""Comments of trainers on sessions over REST."""

from fastapi import APIRouter, Response

from api.caller import CurrentCaller, Id
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views import comments as views
from api.views.base import Body
from api.views.comments import SessionComments

router = APIRouter(
    prefix="/v1/sessions", tags=["sessions"], responses=problem_responses(404, 422, 503)
)


class CommentWritten(Body):
    """Result of a command: the log has it up to `position`."""

    session_id: str
    comment_id: str
    position: int
    repeated: bool


@router.get(
    "/{session_id}/comments",
    operation_id="listSessionComments",
    summary="List comments on a session",
)
def list_comments(session_id: Id, caller: CurrentCaller) -> SessionComments:
    """Return the comments of trainers on a session, in order."""
    return views.get_comments(caller, session_id)


@router.post(
    "/{session_id}/comments",
    operation_id="commentOnSession",
    summary="Comment on a session",
    status_code=201,
    responses=problem_responses(409),
)
def comment(
    session_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: views.NewComment,
    response: Response,
) -> CommentWritten:
    """Comment on a repetition or a moment of a session of an athlete who lets you see it."""
    written = views.comment_on_session(caller, session_id, body, command_id)
    response.headers["Location"] = f"/v1/sessions/{session_id}/comments"
    return CommentWritten.model_validate(written)


@router.delete(
    "/{session_id}/comments/{comment_id}",
    operation_id="deleteComment",
    summary="Delete a comment of yours",
)
def delete(
    session_id: Id, comment_id: Id, caller: CurrentCaller, command_id: CommandId
) -> CommentWritten:
    """Delete a comment of yours, also after the athlete has withdrawn your access."""
    return CommentWritten.model_validate(
        views.delete_comment(caller, session_id, comment_id, command_id)
    )
