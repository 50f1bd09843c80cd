"""Display settings of the signed-in user, over REST."""

from fastapi import APIRouter, Response

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.http.own_settings import require_user
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views.user_commands import DisplayInput, change_display
from api.views.users import DisplayBody
from domain.users.commands import DisplayMoved
from domain.users.preferences import Display

router = APIRouter(prefix="/v1/me", tags=["auth"], responses=problem_responses(401, 422, 503))


@router.get(
    "/display", operation_id="getDisplay", summary="Get your display settings", responses=WITH_ETAG
)
def display(services: Services, claims: CurrentClaims, response: Response) -> DisplayBody:
    """Return the caller's display settings."""
    return _with_etag(require_user(services, claims).display, response)


@router.put(
    "/display",
    operation_id="changeDisplay",
    summary="Replace your display settings",
    responses=WITH_ETAG | problem_responses(409, 412),
)
def change(
    *,
    response: Response,
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    body: DisplayInput,
    if_match: IfMatch,
) -> DisplayBody:
    """Replace the caller's display settings. Missing fields take their defaults."""
    expected = if_match.expected(
        caller, command_id, lambda: require_user(services, claims).display, _etag, DisplayMoved
    )
    change_display(caller, claims.user_id, body, command_id, expected)
    return _with_etag(require_user(services, claims).display, response)


def _with_etag(view: Display, response: Response) -> DisplayBody:
    response.headers["ETag"] = _etag(view)
    response.headers["Cache-Control"] = "private, no-cache"
    return DisplayBody.model_validate(view)


def _etag(view: Display) -> str:
    return etag_of(repr(view))
