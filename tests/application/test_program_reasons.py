"""Reasons of program changes in each language."""

import pytest

from application.programs.texts import Reader, change_reason
from domain.ids import ExerciseId
from domain.programs.changes import Change, Fact

FACTS = (
    Fact("sets", 3), Fact("target", 8), Fact("sessions", 2), Fact("max_repetitions", 12),
    Fact("percentage", 75), Fact("one_repetition_max_kg", 50.7), Fact("misses", 4),
    Fact("form", 81), Fact("min_form", 70), Fact("reserve", 5), Fact("target_reserve", 2),
)  # fmt: skip
NUMBERS = {
    "all_sets_reached": ("3", "8", "2"),
    "repetition_added": ("3", "8"),
    "range_completed": ("3", "12"),
    "percentage_of_max": ("75", "50"),
    "deload_after_misses": ("4", "75"),
    "more_in_reserve": ("5", "2"),
    "less_in_reserve": ("5", "2"),
}


@pytest.mark.parametrize("locale", ["en", "es-MX", "ru"])
@pytest.mark.parametrize("code", sorted(NUMBERS))
def test_a_reason_has_the_numbers_of_its_facts(code: str, locale: str) -> None:
    """Each language states the facts, and the form where a rule requires one (R-PRG-01)."""
    change = Change(ExerciseId("squat"), "load_kg", 40.0, 42.5, 2, code, FACTS)  # type: ignore[arg-type]
    text = change_reason(change, Reader(locale))
    assert all(number in text for number in (*NUMBERS[code], "81", "70")), text


def test_a_maximum_is_in_the_unit_of_the_reader() -> None:
    """R-PRG-02: 50.7 kg are 111.8 lb."""
    change = Change(ExerciseId("squat"), "load_kg", 40.0, 42.5, 2, "percentage_of_max", FACTS[4:6])
    assert "50.7 kg" in change_reason(change, Reader("en", "metric"))
    assert "111.8 lb" in change_reason(change, Reader("en", "imperial"))
