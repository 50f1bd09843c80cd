"""Profile of the signed-in user, over REST."""

from fastapi import APIRouter, Response
from pydantic import Field

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.http.own_settings import require_user
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views.user_commands import ChangeProfile, Name, change_profile
from application.users.accounts import reveal
from domain.users.commands import ProfileMoved
from domain.users.identities import Units
from domain.users.preferences import Profile

router = APIRouter(prefix="/v1/me", tags=["auth"], responses=problem_responses(401, 422, 503))


class ProfileBody(ChangeProfile):
    """Name, units, time zone and language of a user."""

    username: Name | None = Field(description="Display name, or null.")
    units: Units = Field()  # pyright: ignore[reportIncompatibleVariableOverride]  a read-only body


@router.get("/profile", operation_id="getProfile", summary="Get your profile", responses=WITH_ETAG)
def profile(services: Services, claims: CurrentClaims, response: Response) -> ProfileBody:
    """Return the caller's profile."""
    return _with_etag(require_user(services, claims).profile, response)


@router.put(
    "/profile",
    operation_id="replaceProfile",
    summary="Replace your profile",
    responses=WITH_ETAG | problem_responses(409, 412),
)
def replace(
    *,
    response: Response,
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    body: ProfileBody,
    if_match: IfMatch,
) -> ProfileBody:
    """Replace the caller's profile."""
    expected = if_match.expected(
        caller, command_id, lambda: require_user(services, claims).profile, _etag, ProfileMoved
    )
    change_profile(caller, claims.user_id, body, command_id, expected)
    return _with_etag(require_user(services, claims).profile, response)


def _with_etag(view: Profile, response: Response) -> ProfileBody:
    response.headers["ETag"] = _etag(view)
    response.headers["Cache-Control"] = "private, no-cache"
    return _body(view)


def _etag(view: Profile) -> str:
    return etag_of(_body(view).model_dump_json())


def _body(view: Profile) -> ProfileBody:
    return ProfileBody(
        username=reveal(view.username),
        units=view.units,
        time_zone=view.time_zone,
        locale=view.locale,
    )
