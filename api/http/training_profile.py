"""Training settings of the signed-in user, over REST."""

from fastapi import APIRouter, Response
from pydantic import Field

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.http.idempotency import CommandId
from api.http.own_settings import require_user
from api.problem_details import problem_responses
from api.views.base import StrictBody
from api.views.user_commands import execute
from domain.personal import Personal
from domain.users.commands import ChangeTrainingProfile, TrainingProfileMoved
from domain.users.preferences import MAX_BODY_MASS_KG, MIN_BODY_MASS_KG, TrainingProfile

router = APIRouter(prefix="/v1/me", tags=["workouts"], responses=problem_responses(401, 422, 503))


class TrainingSettings(StrictBody):
    """Body mass for energy estimates, and whether workouts are written to HealthKit."""

    body_mass_kg: float | None = Field(
        None,
        ge=MIN_BODY_MASS_KG,
        le=MAX_BODY_MASS_KG,
        description="Default: that of a reference person.",
    )
    health_kit: bool = False


@router.get(
    "/training-settings",
    operation_id="getTrainingSettings",
    summary="Get your training settings",
    responses=WITH_ETAG,
)
def training(services: Services, claims: CurrentClaims, response: Response) -> TrainingSettings:
    """Return the caller's training settings."""
    return _with_etag(require_user(services, claims).training, response)


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
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    body: TrainingSettings,
    if_match: IfMatch,
) -> TrainingSettings:
    """Replace the caller's training settings. Workouts completed from now on use them."""
    mass = body.body_mass_kg
    profile = TrainingProfile(
        None if mass is None else Personal(claims.user_id, mass), body.health_kit
    )

    expected = if_match.expected(
        caller,
        command_id,
        lambda: require_user(services, claims).training,
        _etag,
        TrainingProfileMoved,
    )
    command = ChangeTrainingProfile(profile=profile, expected=expected)
    execute(caller, claims.user_id, command, command_id)
    return _with_etag(require_user(services, claims).training, response)


def _with_etag(profile: TrainingProfile, response: Response) -> TrainingSettings:
    response.headers["ETag"] = _etag(profile)
    response.headers["Cache-Control"] = "private, no-cache"
    return TrainingSettings(body_mass_kg=profile.mass_kg, health_kit=profile.healthkit)


def _etag(profile: TrainingProfile) -> str:
    return etag_of(f"{profile.mass_kg}, {profile.healthkit}")
