"""Cue preferences of the signed-in user, over REST."""

from fastapi import APIRouter, Response

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.http.own_settings import require_user
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views.user_commands import CuePreferencesBody, change_cue_preferences
from domain.coaching.preferences import CuePreferences
from domain.users.commands import CuePreferencesMoved

router = APIRouter(prefix="/v1/me", tags=["live"], responses=problem_responses(401, 422, 503))


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
    expected = if_match.expected(
        caller, command_id, lambda: require_user(services, claims).cues, _etag, CuePreferencesMoved
    )
    change_cue_preferences(caller, claims.user_id, body, command_id, expected)
    return _with_etag(require_user(services, claims).cues, response)


def _with_etag(preferences: CuePreferences, response: Response) -> CuePreferencesBody:
    response.headers["ETag"] = _etag(preferences)
    response.headers["Cache-Control"] = "private, no-cache"
    return CuePreferencesBody.model_validate(preferences)


def _etag(preferences: CuePreferences) -> str:
    return etag_of(repr(preferences))
