"""How whoever has signed in wants to be coached, over REST."""

from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Request, Response
from pydantic import ConfigDict, Field

from api.callers import AnyCaller, SignedInClaims
from api.commanding import CommandId
from api.http.auth import Services
from api.http.body import Body
from api.problems import documented, respond, title_of
from application.identity.accounts import Accounts
from application.identity.refusals import SignInEnded
from application.identity.tokens import AccessClaims
from domain.coaching.catalogue import DEFAULT_LANGUAGE
from domain.coaching.preferences import CuePreferences, Frequency, Verbosity
from domain.users.commands import ChangeCuePreferences, CuePreferencesMoved
from domain.users.user import Registered

MOST_MUTED: Final = 100

WITH_ETAG: Final[dict[int | str, dict[str, Any]]] = {
    200: {"headers": {"ETag": {"schema": {"type": "string"}}}}
}

router = APIRouter(prefix="/v1/me", tags=["live"], responses=documented(401, 422, 503))


class CueWishes(Body):
    """How an athlete wants to be coached; what may injure is told whatever is preferred."""

    model_config = ConfigDict(extra="forbid")

    frequency: Frequency = Field("usual", description="How often the coach speaks.")
    praise: bool = Field(default=True, description="Whether good repetitions are mentioned.")
    verbosity: Verbosity = Field(
        "full", description="Captions only, the caption spoken, or the whole sentence spoken."
    )
    language: str = Field(DEFAULT_LANGUAGE, max_length=35)
    muted: tuple[str, ...] = Field(
        (), max_length=MOST_MUTED, description="Ids of cues not to be spoken of."
    )

    @property
    def preferences(self) -> CuePreferences:
        """Say the same as a value. Raises CueLanguageUnknown."""
        return CuePreferences(
            self.frequency, self.praise, self.verbosity, self.language, self.muted
        )


IfMatch = Annotated[
    str | None,
    Header(description="The `ETag` of what is to be replaced; 412 where it was changed meanwhile."),
]


@router.get(
    "/cue-preferences",
    operation_id="cuePreferences",
    summary="How you want to be coached",
    responses=WITH_ETAG,
)
def cue_preferences(services: Services, claims: SignedInClaims, response: Response) -> CueWishes:
    """Tell the preferences of whoever asks; those of somebody who said nothing are the usual."""
    return _answered(_known(services.accounts, claims), response)


@router.put(
    "/cue-preferences",
    operation_id="changeCuePreferences",
    summary="Say how you want to be coached, from the next set on",
    response_model=CueWishes,
    responses=WITH_ETAG | documented(409, 412),
)
def change(
    *,
    request: Request,
    response: Response,
    caller: AnyCaller,
    services: Services,
    claims: SignedInClaims,
    command_id: CommandId,
    asked: CueWishes,
    if_match: IfMatch = None,
) -> CueWishes | Response:
    """Replace the preferences of whoever asks; what is left out is as usual."""
    accounts = services.accounts
    known = _known(accounts, claims)
    is_any = if_match is None or if_match.strip() == "*"
    if not is_any and _etag(known) not in _tags(if_match or ""):
        return _moved(request)
    wanted = asked.preferences
    command = ChangeCuePreferences(preferences=wanted, instead_of=None if is_any else known)
    try:
        accounts.ask(claims.user_id, [command], origin=caller.origin(), command_id=command_id)
    except CuePreferencesMoved:
        return _moved(request)
    return _answered(_known(accounts, claims), response)


def _known(accounts: Accounts, claims: AccessClaims) -> CuePreferences:
    user = accounts.user(claims.tenant_id, claims.user_id)
    if not isinstance(user, Registered):
        raise SignInEnded
    return user.cues


def _answered(preferences: CuePreferences, response: Response) -> CueWishes:
    response.headers["ETag"] = _etag(preferences)
    response.headers["Cache-Control"] = "private, no-cache"
    return CueWishes.model_validate(preferences)


def _etag(preferences: CuePreferences) -> str:
    """Name preferences by what they are (RFC 9110, section 8.8.3)."""
    return f'"{sha256(repr(preferences).encode()).hexdigest()[:16]}"'


def _tags(if_match: str) -> set[str]:
    return {tag.strip() for tag in if_match.split(",")}


def _moved(request: Request) -> Response:
    rule = CuePreferencesMoved
    said = title_of(rule)
    return respond(request, 412, code=rule.code, title=said, detail=said)
