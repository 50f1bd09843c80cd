from dataclasses import replace

import pytest

from adapters.sample_athlete.movements import MOVEMENTS
from adapters.sample_athlete.performance import ORDINARY_TEMPO, ImpossiblePerformance, Performance
from domain.motion.exercises.library import all_exercises


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
        ({"fault_degree": 1.1}, "degree"),
        ({"legs": 1.2}, "usual length"),
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
def test_an_impossible_performance_is_refused_with_a_reason(
    performance: dict[str, object], obstacle: str
) -> None:
    with pytest.raises(ImpossiblePerformance, match=obstacle):
        Performance(**performance)  # type: ignore[arg-type]  # wrong values on purpose


def test_every_exercise_of_the_athlete_is_in_the_library() -> None:
    """Circles on a pommel horse turn the trunk about its other axes."""
    assert set(MOVEMENTS) == set(all_exercises()) - {"pommel_horse"}


def test_a_fault_has_a_degree() -> None:
    shallow = Performance(faults=("shallow",), fault_degree=0.5)
    assert shallow.share_of_range(1) == pytest.approx(0.83)
    short = Performance(exercise="push_up", faults=("no_lockout",), fault_degree=0.5)
    assert short.share_at_rest(1) == pytest.approx(0.2)
    high = Performance(exercise="front_raise", faults=("too_high",), fault_degree=0.5)
    assert high.share_of_range(1) == pytest.approx(1.35)


def test_limbs_may_be_longer_or_shorter_than_usual() -> None:
    tall = Performance(legs=1.05, arms=0.95).body
    assert tall.thigh == pytest.approx(1.05 * Performance().body.thigh)
    assert tall.forearm == pytest.approx(0.95 * Performance().body.forearm)
    assert tall.trunk == Performance().body.trunk


def test_each_exercise_has_its_usual_view_by_default() -> None:
    assert Performance(exercise="jumping_jack").view_deg == 0.0
    assert Performance(exercise="jumping_jack", azimuth_deg=30.0).view_deg == 30.0


def test_faults_of_range_shorten_only_the_faulty_repetitions() -> None:
    squat = Performance(faults=("shallow",), faulty_repetitions=(2,), depth=0.9)
    assert squat.share_of_range(1) == pytest.approx(0.9)
    assert squat.share_of_range(2) == pytest.approx(0.9 * 0.66)
