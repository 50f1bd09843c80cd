"""Form score of a repetition."""

import pytest

from domain.motion.exercises.library import get_exercise
from domain.motion.form.faults import range_share
from domain.motion.form.form_score import FormInputs, Penalty, form_error, form_score


def test_a_perfect_repetition_scores_one() -> None:
    """C-16."""
    assert form_score(FormInputs((), 1.0, 1.0, 1.0)) == pytest.approx(1.0)


def test_hidden_features_do_not_lower_the_form_score() -> None:
    assert form_score(FormInputs((), None, 1.0, None)) == pytest.approx(1.0)


def test_faults_never_take_more_than_their_share() -> None:
    made = (Penalty(0.8, 1.0), Penalty(0.9, 1.0))
    assert form_score(FormInputs(made, 1.0, 1.0, 1.0)) == pytest.approx(0.5)
    assert form_error(FormInputs(made, 1.0, 1.0, 1.0)) == 0.0


def test_an_uncertain_fault_costs_less_and_makes_the_score_uncertain() -> None:
    """A penalty of 0.4 with even chances is 0.2 on average, give or take 0.2; faults weigh half."""
    unsure = FormInputs((Penalty(0.4, 0.5),), 1.0, 1.0, 1.0)
    assert form_score(unsure) == pytest.approx(0.9)
    assert form_error(unsure) == pytest.approx(0.1)


def test_the_range_of_a_push_up_is_no_part_of_its_form() -> None:
    """C-16: depth is judged by partial_range there, and by the joint's range elsewhere."""
    assert range_share(get_exercise("push_up"), 70.0) is None
    target_deg = get_exercise("squat").range_of_motion.target_deg
    assert range_share(get_exercise("squat"), target_deg / 2.0) == pytest.approx(0.5)
    assert range_share(get_exercise("squat"), None) is None
