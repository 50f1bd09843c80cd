"""Custom exercises in GraphQL."""

from typing import Any

import strawberry

from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.views import custom_exercises as views
from api.views.custom_exercises import CustomExerciseWritten


@derived(views.CustomExercise)
class CustomExercise:
    """An exercise that you recorded."""


@strawberry.type
class CustomExerciseQueries:
    """Queries of custom exercises."""

    @field("Exercises that you recorded, in order of recording.")
    def custom_exercises(self, info: Info) -> list[CustomExercise]:
        """Return exercises from the log."""
        found = views.custom_exercises(info.context.caller)
        return [convert(CustomExercise, each) for each in found]


@strawberry.type
class CustomExercisePayload(MutationPayload):
    """Custom exercise after the change; null if it was deleted."""

    exercise: CustomExercise | None

    @classmethod
    def of(
        cls, context: Context, written: CustomExerciseWritten, **common: Any
    ) -> "CustomExercisePayload":
        """Return the payload of a command."""
        view = views.find_custom_exercise(context.caller, written.exercise_id)
        return cls(exercise=None if view is None else convert(CustomExercise, view), **common)
