"""Records of Apple Health's export: identifiers and units, as metrics."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from adapters.health_files.messages import ReadRecord
from adapters.health_files.records import record

QUANTITY: Final = "HKQuantityTypeIdentifier"

METRICS: Final[Mapping[str, str]] = {
    "HeartRate": "heart_rate",
    "RestingHeartRate": "resting_heart_rate",
    "HeartRateVariabilitySDNN": "heart_rate_variability",
    "VO2Max": "vo2_max",
    "StepCount": "steps",
    "FlightsClimbed": "floors",
    "DistanceWalkingRunning": "distance",
    "ActiveEnergyBurned": "active_energy",
    "BasalEnergyBurned": "resting_energy",
    "AppleExerciseTime": "active_minutes",
    "BodyMass": "weight",
    "Height": "height",
    "BloodPressureSystolic": "blood_pressure_systolic",
    "BloodPressureDiastolic": "blood_pressure_diastolic",
    "RespiratoryRate": "respiratory_rate",
    "BodyTemperature": "body_temperature",
    "DietaryWater": "hydration",
}
"""Metrics by identifier. Shares, such as body fat, are left out: exports differ in their units."""

UNITS: Final[Mapping[str, str]] = {
    "Cal": "kcal",
    "mL/min·kg": "mL/(kg*min)",
}
"""Units by Apple's names, where they differ."""

SLEEP: Final = "HKCategoryTypeIdentifierSleepAnalysis"
SLEEP_VALUE: Final = "HKCategoryValueSleepAnalysis"

STAGES: Final[Mapping[str, str]] = {
    "Asleep": "sleep",
    "AsleepUnspecified": "sleep",
    "AsleepCore": "sleep",
    "AsleepDeep": "sleep",
    "AsleepREM": "sleep",
    "Awake": "sleep_awake",
}
"""Metrics of the stages of sleep; stages are not told apart."""


def apple_record(found: Mapping[str, str]) -> ReadRecord | None:
    """Return the record of an element, or None for other metrics. Raises ValueError."""
    kind = found.get("type", "")
    if kind == SLEEP:
        stage = found.get("value", "").removeprefix(SLEEP_VALUE)
        asleep = STAGES.get(stage)
        if asleep is None:
            return None
        start, end = apple_time(found["startDate"]), apple_time(found["endDate"])
        minutes = (end - start).total_seconds() / 60
        return record(asleep, minutes, "min", start, end, found.get("sourceName", ""))
    metric = METRICS.get(kind.removeprefix(QUANTITY))
    if metric is None:
        return None
    unit = found.get("unit", "")
    return record(
        metric,
        float(found["value"]),
        UNITS.get(unit, unit),
        apple_time(found["startDate"]),
        apple_time(found["endDate"]),
        found.get("sourceName", ""),
    )


def apple_time(text: str) -> datetime:
    """Parse a time as `2026-01-31 07:30:00 +0100`. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z")
