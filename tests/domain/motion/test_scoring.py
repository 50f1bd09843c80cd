"""Form score of a repetition."""

import pytest

from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import get_exercise
from domain.motion.form.faults import form_inputs, judge, range_share
from domain.motion.form.form_score import FormInputs, Penalty, form_error, form_score
from domain.values import FaultJudgement, Tempo


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


def penalties(definition: ExerciseDefinition, *judgements: FaultJudgement) -> list[float]:
    inputs = form_inputs(definition, judgements, None, Tempo(1.0, 0.0, 1.0, 0.0), None)
    assert inputs is not None
    return [round(each.size, 9) for each in inputs.penalties]


def test_a_fault_whose_slight_degree_is_not_judged_costs_nothing_up_to_its_bound() -> None:
    """C-16, R-POS-05: just short of straight arms may be noise; beyond the bound it counts."""
    push_up = get_exercise("push_up")
    arms, hips = push_up.fault("no_lockout"), push_up.fault("hips_sagging")
    assert (arms.slight_judged, hips.slight_judged) == (False, True)
    straight = judge(hips, hips.bound + 0.01, "side")
    bent = judge(arms, arms.bound + 1.0, "side")
    assert bent.degree == "none"
    assert penalties(push_up, straight, bent) == [0.4]
    assert penalties(push_up, straight, judge(arms, arms.bound - 3.0, "side")) == [0.4, 0.22]
