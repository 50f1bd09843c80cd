"""Rules of scores and calories."""

import pytest

from domain.motion.form.form_score import (
    FormInputs,
    PerformanceInputs,
    calories_kcal,
    form_score,
    performance_score,
    session_accuracy,
)


def test_a_perfect_repetition_scores_one() -> None:
    """C-16."""
    assert form_score(FormInputs((), 1.0, 1.0, 1.0)) == pytest.approx(1.0)


def test_what_could_not_be_seen_does_not_lower_form() -> None:
    assert form_score(FormInputs((), None, 1.0, None)) == pytest.approx(1.0)


def test_faults_never_take_more_than_their_share() -> None:
    assert form_score(FormInputs((0.8, 0.9), 1.0, 1.0, 1.0)) == pytest.approx(0.5)


def test_accuracy_is_the_mean_of_form_weighted_by_repetitions() -> None:
    """R-POS-07, C-16."""
    assert session_accuracy([0.9, 0.6], [10, 5]) == pytest.approx(0.8)
    assert session_accuracy([], []) is None


def test_performance_keeps_the_inputs_that_explain_it() -> None:
    """R-WKT-04, C-16."""
    inputs = PerformanceInputs(completion=1.0, form=0.9, tempo=0.5, range_of_motion=0.8)
    scored = performance_score(inputs)
    assert scored.inputs == inputs
    assert scored.score == pytest.approx(40 + 27 + 5 + 16)


def test_performance_without_a_measured_range_is_scored_over_the_rest() -> None:
    inputs = PerformanceInputs(completion=1.0, form=1.0, tempo=1.0, range_of_motion=None)
    assert performance_score(inputs).score == pytest.approx(100.0)


def test_calories_follow_the_compendium() -> None:
    """R-WKT-04: 5 MET, 70 kg, 10 minutes."""
    assert calories_kcal(5.0, 70.0, 600.0) == pytest.approx(61.25)
