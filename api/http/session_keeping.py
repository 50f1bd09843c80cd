"""Sessions over REST as their athlete looks after them: deleted, and brought back for a while."""

from fastapi import APIRouter

from api.callers import AnyCaller, Id
from api.commanding import CommandId
from api.problems import documented
from api.session_keeping import delete_session, restore_session

router = APIRouter(
    prefix="/v1/sessions", tags=["sessions"], responses=documented(404, 409, 422, 503)
)


@router.delete(
    "/{session_id}",
    operation_id="deleteSession",
    summary="Delete a session with its recording; for seven days it can be brought back",
    status_code=204,
)
def delete(session_id: Id, caller: AnyCaller, command_id: CommandId) -> None:
    """Show it no more, and count it in no sum. The recording's media are removed after a week."""
    delete_session(caller, session_id, command_id)


@router.post(
    "/{session_id}:restore",
    operation_id="restoreSession",
    summary="Bring a deleted session back, with the recording that was deleted with it",
    status_code=204,
)
def restore(session_id: Id, caller: AnyCaller, command_id: CommandId) -> None:
    """Show it again as it was; a recording that was deleted before it stays deleted."""
    restore_session(caller, session_id, command_id)
