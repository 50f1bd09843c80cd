"""Training settings of the signed-in user: their view, input and write."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import Field

from api.views.base import StrictBody, write
from api.views.user_commands import execute
from application.caller import Caller
from application.users.errors import SignInEnded
from domain.personal import Personal
from domain.users.commands import ChangeTrainingProfile
from domain.users.preferences import MAX_BODY_MASS_KG, MIN_BODY_MASS_KG, TrainingProfile
from domain.users.user import Registered


class TrainingSettings(StrictBody):
    """Body mass for energy estimates, and whether workouts are written to HealthKit."""

    body_mass_kg: float | None = Field(
        None,
        ge=MIN_BODY_MASS_KG,
        le=MAX_BODY_MASS_KG,
        description="Default: that of a reference person.",
    )
    health_kit: bool = False

    @classmethod
    def of(cls, profile: TrainingProfile) -> "TrainingSettings":
        """Return the view of a training profile."""
        return cls(body_mass_kg=profile.mass_kg, health_kit=profile.healthkit)


@dataclass(frozen=True, slots=True)
class TrainingSettingsWritten:
    """The settings after a command; the log has them up to `position`."""

    settings: TrainingSettings
    position: int
    repeated: bool


@write
def change_training_settings(
    caller: Caller,
    body: TrainingSettings,
    command_id: UUID,
    expected: TrainingProfile | None = None,
) -> TrainingSettingsWritten:
    """Replace your training settings. Workouts completed from now on use them."""
    user_id, mass = caller.signed_in().user_id, body.body_mass_kg
    profile = TrainingProfile(None if mass is None else Personal(user_id, mass), body.health_kit)
    command = ChangeTrainingProfile(profile=profile, expected=expected)
    written = execute(caller, user_id, command, command_id)
    settings = TrainingSettings.of(get_training_profile(caller))
    return TrainingSettingsWritten(settings, written.position, written.repeated)


def get_training_profile(caller: Caller) -> TrainingProfile:
    """Return the caller's training profile. Raises SignInRequired and SignInEnded."""
    claims = caller.signed_in()
    user = caller.platform.accounts().accounts.user(claims.tenant_id, claims.user_id)
    if not isinstance(user, Registered):
        raise SignInEnded
    return user.training
