"""Cue preferences of the signed-in user, over REST."""

from typing import Final

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.http.idempotency import CommandId
from api.http.own_settings import execute_for_user, require_user
from api.problem_details import problem_responses
from api.views.base import Body
from domain.coaching.phrasebook import DEFAULT_LANGUAGE
from domain.coaching.preferences import CuePreferences, Frequency, Verbosity
from domain.users.commands import ChangeCuePreferences, CuePreferencesMoved

MAX_MUTED_CUES: Final = 100

router = APIRouter(prefix="/v1/me", tags=["live"], responses=problem_responses(401, 422, 503))


class CuePreferencesBody(Body):
    """Cue preferences of an athlete. Warnings of injury are always given."""

    model_config = ConfigDict(extra="forbid")

    frequency: Frequency = Field("usual", description="How often the coach gives cues.")
    praise: bool = Field(default=True, description="Whether good repetitions are praised.")
    verbosity: Verbosity = Field(
        "full",
        description="`captions`: text only; `short`: caption spoken; `full`: sentence spoken.",
    )
    language: str = Field(DEFAULT_LANGUAGE, max_length=35)
    muted: tuple[str, ...] = Field(
        (), max_length=MAX_MUTED_CUES, description="Ids of cues that are not given."
    )

    @property
    def preferences(self) -> CuePreferences:
        """Return the preferences. Raises CueLanguageUnknown."""
        return CuePreferences(
            self.frequency, self.praise, self.verbosity, self.language, self.muted
        )


@router.get(
    "/cue-preferences",
    operation_id="getCuePreferences",
    summary="Get your cue preferences",
    responses=WITH_ETAG,
)
def cue_preferences(
    services: Services, claims: CurrentClaims, response: Response
) -> CuePreferencesBody:
    """Return the caller's cue preferences, or the defaults."""
    return _with_etag(require_user(services, claims).cues, response)


@router.put(
    "/cue-preferences",
    operation_id="changeCuePreferences",
    summary="Replace your cue preferences",
    responses=WITH_ETAG | problem_responses(409, 412),
)
def change(
    *,
    response: Response,
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    body: CuePreferencesBody,
    if_match: IfMatch,
) -> CuePreferencesBody:
    """Replace the cue preferences from the next set on. Missing fields take their defaults."""
    new = body.preferences
    expected = if_match.expected(
        caller, command_id, lambda: require_user(services, claims).cues, _etag, CuePreferencesMoved
    )
    command = ChangeCuePreferences(preferences=new, expected=expected)
    user = execute_for_user(services, caller, claims, command_id, command)
    return _with_etag(user.cues, response)


def _with_etag(preferences: CuePreferences, response: Response) -> CuePreferencesBody:
    response.headers["ETag"] = _etag(preferences)
    response.headers["Cache-Control"] = "private, no-cache"
    return CuePreferencesBody.model_validate(preferences)


def _etag(preferences: CuePreferences) -> str:
    return etag_of(repr(preferences))
