"""Training settings of the signed-in user, in GraphQL."""

from typing import Any

import strawberry

from api.graphql.context import Context, Info
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.views import training_settings
from api.views.training_settings import TrainingSettingsWritten, get_training_profile


@strawberry.type(description="Training settings of a user.")
class TrainingSettings:
    """Body mass for energy estimates, and whether workouts are written to HealthKit."""

    body_mass_kg: float | None
    health_kit: bool

    @classmethod
    def of(cls, view: training_settings.TrainingSettings) -> "TrainingSettings":
        """Convert settings."""
        return cls(body_mass_kg=view.body_mass_kg, health_kit=view.health_kit)


@strawberry.type
class TrainingSettingsQueries:
    """Queries of training settings."""

    @field("Get your training settings.")
    def training_settings(self, info: Info) -> TrainingSettings:
        """Return settings from the log."""
        profile = get_training_profile(info.context.caller)
        return TrainingSettings.of(training_settings.TrainingSettings.of(profile))


@strawberry.type
class TrainingSettingsPayload(MutationPayload):
    """The settings after the change."""

    training_settings: TrainingSettings

    @classmethod
    def of(
        cls, _: Context, written: TrainingSettingsWritten, **common: Any
    ) -> "TrainingSettingsPayload":
        """Return the payload of a command."""
        return cls(training_settings=TrainingSettings.of(written.settings), **common)
