from dataclasses import replace

import pytest

from adapters.mannequin.movements import MOVEMENTS
from adapters.mannequin.performance import ORDINARY_TEMPO, ImpossiblePerformance, Performance


@pytest.mark.parametrize(
    ("performance", "obstacle"),
    [
        ({"exercise": "somersault"}, "exercise is one of"),
        ({"faults": ("hips_sagging",)}, "has no fault"),
        ({"repetitions": -1}, "repetitions"),
        ({"depth": 1.5}, "Depth"),
        ({"depth": float("nan")}, "Depth"),
        ({"tempo": replace(ORDINARY_TEMPO, eccentric_s=0.0)}, "seconds each"),
        ({"tempo": replace(ORDINARY_TEMPO, bottom_pause_s=601.0)}, "pause"),
        ({"idle_before_s": -0.1}, "pause"),
        ({"faulty_repetitions": (6,)}, "Only repetitions"),
        ({"width": 641}, "even"),
        ({"height": 0}, "even"),
        ({"fps": 0}, "frames a second"),
        ({"image_noise": -1.0}, "Noise"),
        ({"people": 3}, "people"),
        ({"seed": -1}, "seed"),
        ({"stature_m": 17.5}, "metres tall"),
        ({"azimuth_deg": float("inf")}, "azimuth"),
        ({"elevation_deg": 80.0}, "looks down"),
        ({"repetitions": 0, "idle_before_s": 0.0, "idle_after_s": 0.0}, "at least one frame"),
    ],
    ids=str,
)
def test_what_cannot_be_performed_is_refused_with_a_reason(
    performance: dict[str, object], obstacle: str
) -> None:
    with pytest.raises(ImpossiblePerformance, match=obstacle):
        Performance(**performance)  # type: ignore[arg-type]  # wrong values on purpose


def test_six_exercises_are_known() -> None:
    assert set(MOVEMENTS) == {
        "squat", "push_up", "biceps_curl", "shoulder_press", "jumping_jack", "lunge",
    }  # fmt: skip


def test_each_exercise_has_its_usual_view_unless_another_is_asked_for() -> None:
    assert Performance(exercise="jumping_jack").view_deg == 0.0
    assert Performance(exercise="jumping_jack", azimuth_deg=30.0).view_deg == 30.0


def test_faults_of_range_shorten_only_the_faulty_repetitions() -> None:
    squat = Performance(faults=("shallow",), faulty_repetitions=(2,), depth=0.9)
    assert squat.share_of_range(1) == pytest.approx(0.9)
    assert squat.share_of_range(2) == pytest.approx(0.9 * 0.66)
