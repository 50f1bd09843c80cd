"""Profile of the signed-in user, over REST."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.http.idempotency import CommandId
from api.http.own_settings import execute_for_user, require_user
from api.problem_details import problem_responses
from api.views.base import Body
from application.users.accounts import Profile, replace_profile, to_profile
from domain.users.commands import MAX_NAME_LENGTH, ProfileMoved, UserCommand
from domain.users.identities import Units
from domain.users.user import Registered

MAX_TAG_LENGTH = 64
"""Maximum characters of a time zone name or language tag."""

router = APIRouter(prefix="/v1/me", tags=["auth"], responses=problem_responses(401, 422, 503))


class ProfileBody(Body):
    """Name, units, time zone and language of a user."""

    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, Field(max_length=MAX_NAME_LENGTH)] | None = Field(
        description="Display name, or null."
    )
    units: Units
    time_zone: str = Field(
        max_length=MAX_TAG_LENGTH,
        description="IANA time zone, which determines the user's days.",
        examples=["Europe/Berlin"],
    )
    locale: str = Field(
        max_length=MAX_TAG_LENGTH, description="BCP 47 language tag.", examples=["pt-BR"]
    )


@router.get("/profile", operation_id="getProfile", summary="Get your profile", responses=WITH_ETAG)
def profile(services: Services, claims: CurrentClaims, response: Response) -> ProfileBody:
    """Return the caller's profile."""
    return _with_etag(to_profile(require_user(services, claims)), response)


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
    new = Profile(body.username, body.units, body.time_zone, body.locale)

    def decide(user: Registered) -> Sequence[UserCommand]:
        if not if_match.matches(_etag(to_profile(user))):
            raise ProfileMoved
        return replace_profile(user, claims.user_id, new)

    return _with_etag(
        to_profile(execute_for_user(services, caller, claims, command_id, decide)), response
    )


def _with_etag(view: Profile, response: Response) -> ProfileBody:
    response.headers["ETag"] = _etag(view)
    response.headers["Cache-Control"] = "private, no-cache"
    return ProfileBody.model_validate(view)


def _etag(view: Profile) -> str:
    return etag_of(ProfileBody.model_validate(view).model_dump_json())
