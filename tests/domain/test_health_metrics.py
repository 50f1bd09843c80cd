"""Metric types: exact conversion of units, possible values."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.health.metrics import (
    MetricUnknown,
    UnitUnknown,
    ValueImpossible,
    find_metric,
    metrics,
)


@pytest.mark.parametrize(
    ("metric", "measured", "unit", "stored"),
    [
        ("weight", 150, "lb", 68.04),
        ("weight", 68_040, "g", 68.04),
        ("height", 71, "in", 180.3),
        ("distance", 26.2188, "mi", 42195),
        ("active_energy", 4.184, "kJ", 1.0),
        ("body_temperature", 98.6, "degF", 37.0),
        ("body_temperature", 310.15, "K", 37.0),
        ("blood_glucose", 99, "mg/dL", 5.5),
        ("blood_pressure_systolic", 16, "kPa", 120),
        ("body_fat", 0.215, "ratio", 21.5),
        ("sleep", 7.5, "h", 450),
        ("heart_rate", 1.2, "Hz", 72),
        ("hydration", 16, "fl_oz_us", 473),
        ("hydration", 2, "cup_us", 473),
        ("hydration", 1, "pt_us", 473),
        ("hydration", 20, "fl_oz_imp", 568),
        ("hydration", 2, "cup_imp", 568),
        ("hydration", 1, "pt_imp", 568),
    ],
)
def test_units_are_converted(metric: str, measured: float, unit: str, stored: float) -> None:
    """R-HLT-03: with the factors of the definitions of these units."""
    assert find_metric(metric).normalize(measured, unit) == stored


def test_every_metric_keeps_the_ends_of_its_range_in_every_unit() -> None:
    """R-HLT-03: at least 20 metrics, and no factor makes possible values refused."""
    assert len(metrics()) >= 20
    for metric in metrics().values():
        for unit, conversion in metric.conversions.items():
            for end in (metric.low, metric.high):
                measured = float((Fraction(end) - conversion.offset) / conversion.factor)
                assert metric.normalize(measured, unit) == pytest.approx(end, abs=0.1)


@given(st.floats(1, 1500), st.sampled_from(["lb", "st", "g", "kg"]))
def test_a_stored_value_is_normalized_already(measured: float, unit: str) -> None:
    """R-HLT-03: so a record that is sent again is unchanged."""
    weight = find_metric("weight")
    try:
        stored = weight.normalize(measured, unit)
    except ValueImpossible:
        return
    assert weight.normalize(stored, "kg") == stored


@pytest.mark.parametrize("measured", [math.nan, math.inf, -math.inf, -1, 0, 5000])
def test_impossible_values_are_refused(measured: float) -> None:
    """R-HLT-03: not a number is no weight, either."""
    with pytest.raises(ValueImpossible):
        find_metric("weight").normalize(measured, "kg")


def test_unknown_metrics_and_units_are_refused() -> None:
    """R-HLT-03: a unit of another quantity is not guessed."""
    with pytest.raises(MetricUnknown):
        find_metric("mood")
    with pytest.raises(UnitUnknown, match="g, kg, lb, st"):
        find_metric("weight").normalize(70, "m")


@pytest.mark.parametrize("name", ["heart_rate", "resting_heart_rate"])
def test_heart_rates_are_beats_in_each_unit_of_phones(name: str) -> None:
    """R-HLT-03, R-HLT-10: HealthKit counts a minute, others name beats."""
    metric = find_metric(name)
    assert metric.unit == "bpm"
    assert {metric.normalize(61, unit) for unit in ("bpm", "count/min", "/min")} == {61}
    assert find_metric("respiratory_rate").normalize(14, "count/min") == 14
