"""What the training of whoever has signed in is reckoned with, over REST."""

from collections.abc import Sequence

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from api.caller import CurrentCaller, CurrentClaims
from api.http.auth import Services
from api.http.conditional_requests import WITH_ETAG, IfMatch, etag_of
from api.http.idempotency import CommandId
from api.http.own_settings import changed, known
from api.problem_details import problem_responses
from api.views.base import Body
from domain.personal import Personal
from domain.users.commands import ChangeTrainingProfile, TrainingProfileMoved
from domain.users.training_profile import HEAVIEST_KG, LIGHTEST_KG, TrainingProfile
from domain.users.user import Registered

router = APIRouter(prefix="/v1/me", tags=["workouts"], responses=problem_responses(401, 422, 503))


class Training(Body):
    """What energy is estimated with, and whether workouts are meant for HealthKit, too."""

    model_config = ConfigDict(extra="forbid")

    body_mass_kg: float | None = Field(
        None, ge=LIGHTEST_KG, le=HEAVIEST_KG, description="Without it, that of a reference person."
    )
    health_kit: bool = False


@router.get(
    "/training",
    operation_id="trainingProfile",
    summary="What your training is reckoned with",
    responses=WITH_ETAG,
)
def training(services: Services, claims: CurrentClaims, response: Response) -> Training:
    """Tell the training profile of whoever asks."""
    return _answered(known(services, claims).training, response)


@router.put(
    "/training",
    operation_id="changeTrainingProfile",
    summary="Say what your training is to be reckoned with",
    responses=WITH_ETAG | problem_responses(409, 412),
)
def change(
    *,
    response: Response,
    caller: CurrentCaller,
    services: Services,
    claims: CurrentClaims,
    command_id: CommandId,
    asked: Training,
    believed: IfMatch,
) -> Training:
    """Replace the training profile of whoever asks; workouts completed from now on follow it."""
    mass = asked.body_mass_kg
    profile = TrainingProfile(
        None if mass is None else Personal(claims.user_id, mass), asked.health_kit
    )

    def wishes(user: Registered) -> Sequence[ChangeTrainingProfile]:
        if not believed.holds(_etag(user.training)):
            raise TrainingProfileMoved
        return [ChangeTrainingProfile(profile=profile)]

    return _answered(changed(services, caller, claims, command_id, wishes).training, response)


def _answered(profile: TrainingProfile, response: Response) -> Training:
    response.headers["ETag"] = _etag(profile)
    response.headers["Cache-Control"] = "private, no-cache"
    return Training(body_mass_kg=profile.mass_kg, health_kit=profile.healthkit)


def _etag(profile: TrainingProfile) -> str:
    return etag_of(f"{profile.mass_kg}, {profile.healthkit}")
