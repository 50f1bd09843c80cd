"""Accuracy, performance and energy of a session."""

from dataclasses import replace

import pytest

from domain.sessions import events
from domain.sessions.prescription_events import PrescribedLine
from domain.sessions.scoring import (
    PerformanceInputs,
    calories_kcal,
    exercised_s,
    performance_score,
    summarize,
)
from domain.sessions.set_state import SetState
from domain.values import CountedBy, Span, Tempo
from tests.domain.session_examples import DEVICE, HOLD_SPEC, PLANK, SPEC, SPECS, SQUAT

FILE = CountedBy("file", "pose_landmarker_heavy", 1)


def movements(*forms: float) -> tuple[events.Movement, ...]:
    return tuple(events.Movement(Span(0, 900), form=form) for form in forms)


def squats(*forms: float, target: int | None = None, by: CountedBy = DEVICE) -> SetState:
    counted = movements(*forms)
    return SetState(SQUAT, by, target_repetitions=target, movements=counted, span=Span(0, 60_000))


def plank(held_ms: int, form: float | None = None, by: CountedBy = DEVICE) -> SetState:
    hold = events.HoldMeasured(set=1, span=Span(0, held_ms), form=form, faults=())
    return SetState(PLANK, by, target_repetitions=8, holds=(hold,), span=Span(0, 60_000))


def test_accuracy_is_the_mean_of_form_over_all_repetitions() -> None:
    """R-POS-07, C-16."""
    scores = summarize([squats(*[0.9] * 10), squats(*[0.6] * 5)], (), SPECS, 70.0)
    assert scores.accuracy == pytest.approx(0.8)
    assert summarize([], (), SPECS, 70.0).accuracy is None


def test_performance_keeps_the_inputs_that_explain_it() -> None:
    """R-WKT-04, C-16."""
    inputs = PerformanceInputs(completion=1.0, form=0.9, tempo=0.5, range_of_motion=0.8)
    scored = performance_score(inputs)
    assert scored is not None
    assert (scored.completion, scored.form, scored.tempo) == (1.0, 0.9, 0.5)
    assert scored.range_of_motion == 0.8
    assert scored.score == pytest.approx(40 + 27 + 5 + 16)


def test_performance_without_a_measured_range_is_scored_over_the_rest() -> None:
    inputs = PerformanceInputs(completion=1.0, form=1.0, tempo=1.0, range_of_motion=None)
    scored = performance_score(inputs)
    assert scored is not None
    assert scored.score == pytest.approx(100.0)


def test_an_exercise_without_a_target_of_its_range_is_scored_over_the_rest() -> None:
    """R-WKT-02: of a movement that an athlete recorded, in which no joint turns far."""
    counted = events.Movement(Span(0, 900), form=1.0, range_of_motion_deg=40.0)
    specs = {SQUAT: replace(SPEC, range_of_motion_deg=0.0)}
    scored = summarize([replace(squats(), movements=(counted,))], (), specs, 70.0).performance
    assert scored is not None
    assert (scored.range_of_motion, scored.score) == (None, 100.0)


def test_performance_is_none_where_nothing_was_measured() -> None:
    assert performance_score(PerformanceInputs(None, None, None, None)) is None


def test_calories_follow_the_compendium() -> None:
    """R-WKT-04: 5 MET, 70 kg, 10 minutes."""
    assert calories_kcal(5.0, 70.0, 600.0) == pytest.approx(61.25)


def test_a_live_set_counts_no_longer_than_its_movements_and_a_video_as_a_whole() -> None:
    """R-WKT-04: two movements of at most six seconds, in a set of a minute."""
    assert exercised_s(SPEC, squats(1.0, 1.0)) == 12.0
    assert exercised_s(SPEC, squats(1.0, 1.0, by=FILE)) == 60.0
    assert exercised_s(HOLD_SPEC, plank(20_000)) == 20.0
    assert exercised_s(HOLD_SPEC, plank(20_000, by=FILE)) == 60.0


def test_an_exercise_outside_of_the_library_has_no_energy() -> None:
    assert summarize([squats(1.0)], (), {}, 70.0).calories_kcal == 0.0


def test_hurried_repetitions_lower_the_tempo() -> None:
    hurried = events.Movement(Span(0, 900), tempo=Tempo(1.0, 0.0, 1.0, 0.0))
    performed = SetState(SQUAT, DEVICE, movements=(hurried,), span=Span(0, 1000))
    performance = summarize([performed], (), SPECS, 70.0).performance
    assert performance is not None
    assert performance.tempo == pytest.approx(0.75)


def test_a_phase_without_a_least_time_is_controlled() -> None:
    """R-WKT-02: of an exercise that an athlete recorded with a phase that took no time."""
    counted = events.Movement(Span(0, 900), tempo=Tempo(0.0, 0.0, 1.0, 0.0))
    performed = SetState(SQUAT, DEVICE, movements=(counted,), span=Span(0, 1000))
    specs = {SQUAT: replace(SPEC, min_eccentric_s=0.0)}
    performance = summarize([performed], (), specs, 70.0).performance
    assert performance is not None
    assert performance.tempo == 1.0


def test_a_repetition_target_of_a_video_does_not_apply_to_holds() -> None:
    """A video has one target of repetitions for all of its sets."""
    performance = summarize([plank(20_000, 0.5, by=FILE)], (), SPECS, 70.0).performance
    assert performance is not None
    assert performance.completion is None
    assert performance.score == pytest.approx(50.0)
    assert summarize([squats(target=8, by=FILE)], (), SPECS, 70.0).performance is None


def test_a_prescribed_set_that_was_not_begun_counts_as_nothing() -> None:
    """R-WKT-04, C-16"""
    lines = (PrescribedLine(SQUAT, 2, 4, None, 60),)
    performed = SetState(SQUAT, DEVICE, target_repetitions=4, line=1, movements=movements(1.0, 1.0))
    performance = summarize([performed], lines, SPECS, 70.0).performance
    assert performance is not None
    assert performance.completion == pytest.approx(0.25)
