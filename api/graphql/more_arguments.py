"""Arguments of mutations that REST does not have: old ones, and values that are kept if omitted."""

from collections.abc import Mapping
from typing import Final

import strawberry

from api.graphql.enums import CountSource, Units
from api.graphql.inputs import MutationInput
from api.graphql.pagination import key_of
from application.caller import checked_id
from domain.values import InvalidValue

IGNORED: Final = "Ignored: the server computes it."


@strawberry.input
class StartWorkoutArguments(MutationInput):
    """The old name of `sessionId`."""

    execution_id: strawberry.ID | None = strawberry.field(
        default=None, deprecation_reason="Use `sessionId`."
    )

    def old_values(self) -> Mapping[str, object]:
        """Return the session id that `executionId` names."""
        named = self.execution_id
        return {} if named is None else {"session_id": checked_id(key_of("Session", named))}


@strawberry.input
class CountedByInput:
    """Deprecated. Only `source` and `model` are used; the server knows the rest."""

    source: CountSource
    model: str
    definition_version: int
    learned: str | None = None


@strawberry.input
class StartSetArguments(MutationInput):
    """Source and model, which an old client names in `countedBy`."""

    model: str | None = None
    source: CountSource | None = None
    counted_by: CountedByInput | None = strawberry.field(
        default=None, deprecation_reason="Use `source` and `model`."
    )

    def old_values(self) -> Mapping[str, object]:
        """Return source and model."""
        model = self.model or (self.counted_by and self.counted_by.model)
        source = self.source or (self.counted_by and self.counted_by.source) or CountSource.SERVER
        if not model:
            raise InvalidValue("Name the model that finds the landmarks.")
        return {"model": model, "source": source.value}


@strawberry.input
class CompleteSessionArguments(MutationInput):
    """Figures that old clients send."""

    duration_ms: int | None = strawberry.field(default=None, deprecation_reason=IGNORED)
    accuracy: float | None = strawberry.field(default=None, deprecation_reason=IGNORED)
    calories_kcal: float | None = strawberry.field(default=None, deprecation_reason=IGNORED)


@strawberry.input
class ChangeProfileArguments(MutationInput):
    """Username and units keep their value if omitted."""

    username: str | None = strawberry.UNSET
    units: Units | None = strawberry.UNSET


MORE_ARGUMENTS: Final[Mapping[str, type[MutationInput]]] = {
    "start_workout": StartWorkoutArguments,
    "start_set": StartSetArguments,
    "complete_session": CompleteSessionArguments,
    "change_profile": ChangeProfileArguments,
}
"""Arguments by the names of writes."""
