"""What whoever has signed in tells of themselves, over REST."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.http.idempotency import CommandId
from api.http.own_settings import changed, known
from api.problem_details import problem_responses
from api.views.base import Body
from application.users.accounts import Profile, replace_profile, to_profile
from domain.users.commands import LONGEST_NAME, ProfileMoved, UserCommand
from domain.users.identities import Units
from domain.users.user import Registered

LONGEST_TAG = 64
"""Characters of a time zone's name or a language tag; those there are have fewer."""

router = APIRouter(prefix="/v1/me", tags=["auth"], responses=problem_responses(401, 422, 503))


class ProfileBody(Body):
    """How somebody is addressed, and in which units and times they are told."""

    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, Field(max_length=LONGEST_NAME)] | None = Field(
        description="Null where somebody does not say."
    )
    units: Units
    time_zone: str = Field(
        max_length=LONGEST_TAG,
        description="Of the IANA database: where their days begin.",
        examples=["Europe/Berlin"],
    )
    locale: str = Field(
        max_length=LONGEST_TAG, description="A language tag of BCP 47.", examples=["pt-BR"]
    )


@router.get(
    "/profile", operation_id="profile", summary="What you tell of yourself", responses=WITH_ETAG
)
def profile(services: Services, claims: CurrentClaims, response: Response) -> ProfileBody:
    """Tell the profile of whoever asks."""
    return _answered(to_profile(known(services, claims)), response)


@router.put(
    "/profile",
    operation_id="replaceProfile",
    summary="Tell it otherwise",
    responses=WITH_ETAG | problem_responses(409, 412),
)
def replace(
    *,
    response: Response,
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    asked: ProfileBody,
    believed: IfMatch,
) -> ProfileBody:
    """Replace all of the profile of whoever asks."""
    wanted = Profile(asked.username, asked.units, asked.time_zone, asked.locale)

    def wishes(user: Registered) -> Sequence[UserCommand]:
        if not believed.holds(_etag(to_profile(user))):
            raise ProfileMoved
        return replace_profile(user, claims.user_id, wanted)

    return _answered(to_profile(changed(services, caller, claims, command_id, wishes)), response)


def _answered(told: Profile, response: Response) -> ProfileBody:
    response.headers["ETag"] = _etag(told)
    response.headers["Cache-Control"] = "private, no-cache"
    return ProfileBody.model_validate(told)


def _etag(told: Profile) -> str:
    return etag_of(ProfileBody.model_validate(told).model_dump_json())
