"""Training settings of the signed-in user, over REST."""

from fastapi import APIRouter, Response

from api.caller import CurrentCaller, CurrentClaims
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views.training_settings import (
    TrainingSettings,
    change_training_settings,
    get_training_profile,
)
from domain.users.commands import TrainingProfileMoved
from domain.users.preferences import TrainingProfile

router = APIRouter(prefix="/v1/me", tags=["workouts"], responses=problem_responses(401, 422, 503))


@router.get(
    "/training-settings",
    operation_id="getTrainingSettings",
    summary="Get your training settings",
    responses=WITH_ETAG,
)
def training(caller: CurrentCaller, _: CurrentClaims, response: Response) -> TrainingSettings:
    """Return the caller's training settings."""
    return _with_etag(get_training_profile(caller), response)


@router.put(
    "/training-settings",
    operation_id="changeTrainingSettings",
    summary="Replace your training settings",
    responses=WITH_ETAG | problem_responses(409, 412),
)
def change(
    *,
    response: Response,
    caller: CurrentCaller,
    _: CurrentClaims,
    command_id: CommandId,
    body: TrainingSettings,
    if_match: IfMatch,
) -> TrainingSettings:
    """Replace the caller's training settings. Workouts completed from now on use them."""
    expected = if_match.expected(
        caller, command_id, lambda: get_training_profile(caller), _etag, TrainingProfileMoved
    )
    change_training_settings(caller, body, command_id, expected)
    return _with_etag(get_training_profile(caller), response)


def _with_etag(profile: TrainingProfile, response: Response) -> TrainingSettings:
    response.headers["ETag"] = _etag(profile)
    response.headers["Cache-Control"] = "private, no-cache"
    return TrainingSettings.of(profile)


def _etag(profile: TrainingProfile) -> str:
    return etag_of(f"{profile.mass_kg}, {profile.healthkit}")
