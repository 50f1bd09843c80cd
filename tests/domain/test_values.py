"""Measured quantities: their ranges."""

import math
from dataclasses import replace

import pytest

from domain.values import InvalidValue, Tempo, within

TEMPO = Tempo(1.0, 0.0, 3600.0, 0.5)


@pytest.mark.parametrize(
    "number", [math.nan, math.inf, -math.inf, -0.1, 1.1, pytest.param(10**400, id="no float")]
)
def test_a_number_outside_of_its_range_is_refused(number: float) -> None:
    with pytest.raises(InvalidValue, match="share is"):
        within("share", number, 0.0, 1.0)


@pytest.mark.parametrize("number", [0, 0.0, 0.5, 1.0])
def test_a_number_in_its_range_is_returned(number: float) -> None:
    assert within("share", number, 0.0, 1.0) is number


@pytest.mark.parametrize("phase", ["eccentric_s", "bottom_pause_s", "concentric_s", "top_pause_s"])
@pytest.mark.parametrize("seconds", [math.nan, math.inf, -0.1, 3600.5])
def test_each_phase_of_a_tempo_has_a_range(phase: str, seconds: float) -> None:
    with pytest.raises(InvalidValue):
        replace(TEMPO, **{phase: seconds})
