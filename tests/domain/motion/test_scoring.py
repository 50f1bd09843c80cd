"""Form score of a repetition."""

import pytest

from domain.motion.form.form_score import FormInputs, form_score


def test_a_perfect_repetition_scores_one() -> None:
    """C-16."""
    assert form_score(FormInputs((), 1.0, 1.0, 1.0)) == pytest.approx(1.0)


def test_hidden_features_do_not_lower_the_form_score() -> None:
    assert form_score(FormInputs((), None, 1.0, None)) == pytest.approx(1.0)


def test_faults_never_take_more_than_their_share() -> None:
    assert form_score(FormInputs((0.8, 0.9), 1.0, 1.0, 1.0)) == pytest.approx(0.5)
