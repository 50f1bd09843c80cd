"""What a workout is to services that keep people's health: a type, a time, energy, and notes."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from domain.ids import ExerciseId, SessionId
from domain.kernel import value


@value
class ActivityTypes:
    """Names of HealthKit's `HKWorkoutActivityType` by exercise; `healthkit.toml` says whence."""

    by_exercise: Mapping[str, str]
    mixed: str
    unknown: str
    brand: str

    def of(self, exercises: Iterable[ExerciseId]) -> str:
        """Name the type of a workout of these exercises."""
        types = {self.by_exercise.get(exercise, self.unknown) for exercise in exercises}
        if len(types) > 1:
            return self.mixed
        return next(iter(types), self.unknown)


@cache
def activity_types() -> ActivityTypes:
    """Give the mapping that is shipped."""
    table = tomllib.loads((files("domain.health") / "healthkit.toml").read_text(encoding="utf-8"))
    return ActivityTypes(
        MappingProxyType(dict[str, str](table["activity_types"])),
        str(table["mixed"]),
        str(table["unknown"]),
        str(table["brand"]),
    )


@value
class HealthKitWorkout:
    """What a device writes as one `HKWorkout`.

    `metadata` is by HealthKit's own keys, and by ours, which begin with `Kinelog`. Its sync
    identifier is the session's id: HealthKit itself then keeps a workout once that is written
    twice.
    """

    activity_type: str
    start: datetime
    end: datetime
    energy_kcal: float
    metadata: Mapping[str, str | int | float | bool]


def healthkit_workout(
    session_id: SessionId,
    *,
    exercises: Iterable[ExerciseId],
    start: datetime,
    end: datetime,
    time_zone: str,
    energy_kcal: float,
    notes: Mapping[str, int | float | None],
) -> HealthKitWorkout:
    """Say a completed session as HealthKit has it; notes without a value are left out."""
    types = activity_types()
    metadata: dict[str, Any] = {
        "HKMetadataKeySyncIdentifier": session_id,
        "HKMetadataKeySyncVersion": 1,
        "HKMetadataKeyExternalUUID": session_id,
        "HKMetadataKeyTimeZone": time_zone,
        "HKMetadataKeyCoachedWorkout": True,
        "HKMetadataKeyWorkoutBrandName": types.brand,
    }
    present = {f"{types.brand}{name}": note for name, note in notes.items() if note is not None}
    return HealthKitWorkout(types.of(exercises), start, end, energy_kcal, {**metadata, **present})
