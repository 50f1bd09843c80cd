"""A set may begin although the camera does not see what it should; that it did is written down."""

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from api.caller import CurrentCaller, Id
from api.http.idempotency import CommandId
from api.http.session_commands import Written
from api.problem_details import problem_responses
from api.session_changes import override_checks
from api.views.base import Body
from domain.sessions import commands

router = APIRouter(
    prefix="/v1/sessions", tags=["live"], responses=problem_responses(404, 409, 422, 503)
)


class Override(Body):
    """Which checks were not right, and when, in ms since the session began."""

    model_config = ConfigDict(extra="forbid")

    set: int
    checks: tuple[str, ...] = Field(description="Of `light`, `body`, `view` and `people`.")
    at_ms: int


@router.post(
    "/{session_id}/overrides",
    operation_id="overrideChecks",
    summary="Count all the same, with a red light before the camera",
    status_code=201,
)
def override(
    caller: CurrentCaller, command_id: CommandId, session_id: Id, asked: Override
) -> Written:
    """Write down that the set which is under way was begun against advice; once for each set."""
    command = commands.OverrideChecks(set=asked.set, checks=asked.checks, at_ms=asked.at_ms)
    done = override_checks(caller, session_id, command, command_id)
    return Written(session_id=session_id, position=done.position, repeated=done.repeated)
