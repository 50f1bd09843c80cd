"""Form score of a repetition."""

import pytest

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
