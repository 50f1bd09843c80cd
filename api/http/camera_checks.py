"""Camera checks that an athlete overrides, over REST."""

from fastapi import APIRouter

from api.caller import CurrentCaller, Id
from api.http.idempotency import CommandId
from api.http.session_commands import Written
from api.problem_details import problem_responses
from api.views import session_writes
from api.views.session_commands import OverrideChecks

router = APIRouter(
    prefix="/v1/sessions", tags=["live"], responses=problem_responses(404, 409, 422, 503)
)


@router.post(
    "/{session_id}/overrides",
    operation_id="overrideChecks",
    summary="Start despite a failed camera check",
    status_code=201,
)
def override(
    caller: CurrentCaller, command_id: CommandId, session_id: Id, body: OverrideChecks
) -> Written:
    """Record that the set under way began although camera checks failed; once for each set."""
    done = session_writes.override_checks(caller, session_id, body, command_id)
    return Written(session_id=session_id, position=done.position, repeated=done.repeated)
