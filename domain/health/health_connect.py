"""Workouts as sessions of Health Connect: type, times, energy, and a segment for each set."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from domain.ids import ExerciseId, SessionId
from domain.kernel import value
from domain.values import Span

Omitted = Literal["form", "loads", "sets_without_times"]
"""What a session of Health Connect cannot hold."""


@value
class SegmentTypes:
    """Names of segments by exercise; `health_connect.toml` has the sources."""

    by_exercise: Mapping[str, str]
    unknown: str
    exercise_type: str


@cache
def segment_types() -> SegmentTypes:
    """Return the shipped mapping."""
    text = (files("domain.health") / "health_connect.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)
    return SegmentTypes(
        MappingProxyType(dict[str, str](table["segment_types"])),
        str(table["unknown"]),
        str(table["exercise_type"]),
    )


@value
class PerformedSet:
    """A set to write. `span` is None if its times are unknown."""

    exercise_id: ExerciseId
    repetitions: int
    has_load: bool
    span: Span | None


@value
class HealthConnectSegment:
    """A set as an `ExerciseSegment`; a hold has 0 repetitions."""

    segment_type: str
    start: datetime
    end: datetime
    repetitions: int


@value
class HealthConnectWorkout:
    """A workout that a device writes as one `ExerciseSessionRecord`.

    Health Connect replaces a record that has the same client id, so it stores a workout once,
    however often it is written. `left` is what the record cannot hold.
    """

    client_record_id: str
    exercise_type: str
    start: datetime
    end: datetime
    time_zone: str
    energy_kcal: float
    segments: tuple[HealthConnectSegment, ...]
    left: tuple[Omitted, ...]


def health_connect_workout(
    session_id: SessionId,
    *,
    sets: Iterable[PerformedSet],
    start: datetime,
    end: datetime,
    time_zone: str,
    energy_kcal: float,
) -> HealthConnectWorkout:
    """Convert a completed session. Segments neither overlap nor leave the session."""
    types, left = segment_types(), set[Omitted](["form"])
    segments: list[HealthConnectSegment] = []
    free = start
    for each in sets:
        if each.has_load:
            left.add("loads")
        if each.span is None:
            left.add("sets_without_times")
            continue
        begun = max(free, start + timedelta(milliseconds=each.span.start_ms))
        done = min(end, start + timedelta(milliseconds=each.span.end_ms))
        if begun >= done:
            left.add("sets_without_times")
            continue
        name = types.by_exercise.get(each.exercise_id, types.unknown)
        segments.append(HealthConnectSegment(name, begun, done, each.repetitions))
        free = done
    return HealthConnectWorkout(
        f"kinelog-{session_id.lower()}",
        types.exercise_type,
        start,
        end,
        time_zone,
        energy_kcal,
        tuple(segments),
        tuple(sorted(left)),
    )
