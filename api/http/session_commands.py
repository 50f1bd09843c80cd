"""Commands that perform a session over REST. Frames arrive in `api.http.live`."""

from fastapi import APIRouter, Response

from api.caller import CurrentCaller
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views import session_commands as writes
from api.views.session_commands import StartSession, Written

router = APIRouter(
    prefix="/v1/sessions", tags=["live"], responses=problem_responses(404, 409, 422, 503)
)


@router.post("", operation_id="startSession", summary="Start a session", status_code=201)
def start(
    caller: CurrentCaller, command_id: CommandId, body: StartSession, response: Response
) -> Written:
    """Start a session."""
    written = writes.start_session(caller, body, command_id)
    response.headers["Location"] = f"/v1/sessions/{written.session_id}"
    return written


router.post("/{session_id}/sets", operation_id="startSet", summary="Start a set", status_code=201)(
    writes.start_set
)
router.post("/{session_id}:complete", operation_id="completeSession", summary="Complete a session")(
    writes.complete_session
)
router.post(
    "/{session_id}/overrides",
    operation_id="overrideChecks",
    summary="Start despite a failed camera check",
    status_code=201,
)(writes.override_checks)
