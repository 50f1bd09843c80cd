"""Workouts as HealthKit activities: type, time, energy and metadata."""

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
    """`HKWorkoutActivityType` names by exercise; `healthkit.toml` has the sources."""

    by_exercise: Mapping[str, str]
    mixed: str
    unknown: str
    brand: str

    def of(self, exercises: Iterable[ExerciseId]) -> str:
        """Return the activity type of a workout of these exercises."""
        types = {self.by_exercise.get(exercise, self.unknown) for exercise in exercises}
        if len(types) > 1:
            return self.mixed
        return next(iter(types), self.unknown)


@cache
def activity_types() -> ActivityTypes:
    """Return the shipped mapping."""
    table = tomllib.loads((files("domain.health") / "healthkit.toml").read_text(encoding="utf-8"))
    return ActivityTypes(
        MappingProxyType(dict[str, str](table["activity_types"])),
        str(table["mixed"]),
        str(table["unknown"]),
        str(table["brand"]),
    )


@value
class HealthKitWorkout:
    """A workout that a device writes as one `HKWorkout`.

    `metadata` has HealthKit's own keys, and ours, which begin with `Kinelog`. The sync identifier
    is the session's id, so HealthKit stores a workout once, however often it is written.
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
    """Convert a completed session to a HealthKit workout; notes without a value are left out."""
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
