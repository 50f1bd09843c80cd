"""Rules of measuring a repetition, on sample athletes whose repetitions are known exactly."""

import numpy as np
import pytest

from adapters.sample_athlete.athlete import RepetitionTruth, landmarks, truth
from adapters.sample_athlete.movements import MOVEMENTS
from adapters.sample_athlete.performance import ORDINARY_TEMPO, Performance
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import RepetitionCounted
from domain.motion.fold import fold
from domain.motion.landmarks import PoseChunk
from domain.motion.signals.minimum_jerk import Moments, fit, smooth_path, swing
from domain.values import Tempo

SIDE_DEG = 90.0
EXERCISES = sorted(name for name, movement in MOVEMENTS.items() if not movement.held)
NOISES_PX = [0.0, 1.0, 2.0]

Pair = tuple[RepetitionTruth, RepetitionCounted]


def measured(
    name: str, noise_px: float, view_deg: float = SIDE_DEG, tempo: Tempo = ORDINARY_TEMPO
) -> list[Pair]:
    """Return pairs of performed and measured repetitions."""
    performance = Performance(
        exercise=name, azimuth_deg=view_deg, tempo=tempo, landmark_noise_px=noise_px, seed=3
    )
    return followed(performance)


def followed(performance: Performance) -> list[Pair]:
    """Return pairs of performed and measured repetitions of a performance."""
    facts = fold(get_exercise(performance.exercise), [landmarks(performance)]).facts
    counted = [fact for fact in facts if isinstance(fact, RepetitionCounted)]
    return list(zip(truth(performance).repetitions, counted, strict=True))


@pytest.mark.parametrize("noise_px", NOISES_PX)
@pytest.mark.parametrize("name", EXERCISES)
def test_start_and_end_are_right_within_a_tenth_of_a_second(name: str, noise_px: float) -> None:
    """R-POS-02."""
    for done, seen in measured(name, noise_px):
        assert seen.started_s == pytest.approx(done.start_s, abs=0.1)
        assert seen.ended_s == pytest.approx(done.end_s, abs=0.1)


@pytest.mark.parametrize("noise_px", NOISES_PX)
@pytest.mark.parametrize("name", EXERCISES)
def test_each_phase_of_the_tempo_is_right_within_0_15_seconds(name: str, noise_px: float) -> None:
    """R-POS-02: the rest before the first repetition is unknown, and reported as 0."""
    lifts_first = MOVEMENTS[name].begins_with == "concentric"
    for done, seen in measured(name, noise_px):
        assert seen.tempo is not None
        phases = ["eccentric_s", "concentric_s", "bottom_pause_s", "top_pause_s"]
        if done.number == 1:
            phases.remove("bottom_pause_s" if lifts_first else "top_pause_s")
        for phase in phases:
            assert getattr(seen.tempo, phase) == pytest.approx(getattr(done, phase), abs=0.15)


@pytest.mark.parametrize("noise_px", NOISES_PX)
@pytest.mark.parametrize("name", EXERCISES)
def test_the_range_of_motion_is_right_within_8_degrees(name: str, noise_px: float) -> None:
    """R-POS-02."""
    for done, seen in measured(name, noise_px):
        assert seen.range_of_motion_deg == pytest.approx(done.range_of_motion_deg, abs=8.0)


@pytest.mark.parametrize("tempo", [Tempo(0.6, 0.0, 0.5, 0.1), Tempo(2.4, 0.8, 2.0, 0.4)])
@pytest.mark.parametrize("name", ["squat", "biceps_curl"])
def test_hurried_and_slow_repetitions_are_measured_alike(name: str, tempo: Tempo) -> None:
    for done, seen in measured(name, 1.0, tempo=tempo):
        assert seen.started_s == pytest.approx(done.start_s, abs=0.1)
        assert seen.ended_s == pytest.approx(done.end_s, abs=0.1)
        assert seen.range_of_motion_deg == pytest.approx(done.range_of_motion_deg, abs=8.0)


def test_no_range_of_motion_is_reported_without_metric_landmarks() -> None:
    """C-02: a picture alone gives no angle in space."""
    chunk = landmarks(Performance(repetitions=3))
    flat = PoseChunk(chunk.times_s, chunk.image, None, chunk.aspect_ratio)
    facts = fold(get_exercise("squat"), [flat]).facts
    counted = [fact for fact in facts if isinstance(fact, RepetitionCounted)]
    assert [fact.range_of_motion_deg for fact in counted] == [None] * 3


@pytest.mark.parametrize("name", EXERCISES)
def test_symmetry_is_measured_from_the_front_and_not_from_the_side(name: str) -> None:
    for view_deg, has_symmetry in ((0.0, name != "lunge"), (SIDE_DEG, False)):
        for _, seen in measured(name, 0.0, view_deg):
            assert (seen.symmetry is not None) == has_symmetry
            assert seen.symmetry is None or seen.symmetry > 0.95
            assert 0.3 < seen.confidence <= 1.0


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("push_up", "no_lockout"),
        ("shoulder_press", "partial_lowering"),
        ("jumping_jack", "arms_not_lowered"),
    ],
)
def test_a_repetition_ends_where_an_incomplete_return_stops(name: str, fault: str) -> None:
    performance = Performance(exercise=name, faults=(fault,), faulty_repetitions=(2, 4))
    for done, seen in followed(performance):
        assert seen.started_s == pytest.approx(done.start_s, abs=0.1)
        assert seen.ended_s == pytest.approx(done.end_s, abs=0.1)


def curve(moments: Moments, times_s: np.ndarray) -> np.ndarray:
    out = smooth_path(times_s, moments.started_s, moments.effort_from_s)
    back = smooth_path(times_s, moments.effort_to_s, moments.ended_s)
    return np.asarray(170.0 - 80.0 * (out - back))


def test_movement_times_are_found_in_a_noisy_signal() -> None:
    moments, times_s = Moments(1.0, 2.2, 2.5, 3.6), np.arange(0.5, 4.1, 1 / 15)
    trembling = curve(moments, times_s) + np.random.default_rng(5).normal(0.0, 4.0, len(times_s))
    found = fit(times_s, trembling[np.newaxis], Moments(1.2, 2.0, 2.6, 3.4))
    assert found is not None
    assert found.started_s == pytest.approx(1.0, abs=0.1)
    assert found.ended_s == pytest.approx(3.6, abs=0.1)


def test_a_noisy_signal_does_not_move_the_fit() -> None:
    moments, times_s = Moments(1.0, 2.2, 2.5, 3.6), np.arange(0.5, 4.1, 1 / 15)
    steady = curve(moments, times_s)
    jumping = steady + np.random.default_rng(6).normal(0.0, 40.0, len(times_s))
    found = fit(times_s, np.stack([steady, jumping]), Moments(1.2, 2.0, 2.6, 3.4))
    assert found is not None
    assert found.started_s == pytest.approx(1.0, abs=0.03)
    assert found.ended_s == pytest.approx(3.6, abs=0.03)


def test_a_signal_without_a_smooth_return_has_no_movement_times() -> None:
    times_s = np.arange(0.0, 4.0, 1 / 15)
    jumping = np.random.default_rng(7).normal(100.0, 20.0, (1, len(times_s)))
    assert fit(times_s, jumping, Moments(1.0, 2.0, 2.2, 3.0)) is None


def test_the_range_of_a_noisy_joint_uses_all_samples() -> None:
    moments, times_s = Moments(1.0, 2.2, 2.5, 3.6), np.arange(0.5, 4.1, 1 / 15)
    trembling = curve(moments, times_s) + np.random.default_rng(8).normal(0.0, 3.0, len(times_s))
    assert np.ptp(trembling) > 88.0
    assert swing(times_s, trembling, moments) == pytest.approx(80.0, abs=3.0)
    assert swing(times_s, trembling, Moments(0.5, 1.0, 3.0, 4.0)) is None
