"""Rules of timed holds."""

from dataclasses import replace

import pytest

from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import FaultSeen, HoldMeasured, HoldStarted, MotionFact
from domain.motion.fold import fold
from tests.domain.motion.figure import Posture, chunk_of, cut, landmarks, lying

PLANK = get_exercise("plank")


def plank(
    hip_offset: float, held_s: float = 5.0, by: ExerciseDefinition = PLANK
) -> tuple[MotionFact, ...]:
    """Return the facts of a second of standing, a plank, and standing again."""
    times = [index / 30 for index in range(int((held_s + 3) * 30))]
    poses = [
        lying(hip_offset) if 1.0 <= time_s < 1.0 + held_s else landmarks(Posture())
        for time_s in times
    ]
    return fold(by, cut(chunk_of(times, poses), [15] * 20)).facts


def test_a_plank_is_timed_from_taking_to_leaving_the_position() -> None:
    (held,) = [fact for fact in plank(0.0) if isinstance(fact, HoldMeasured)]
    assert held.started_s == pytest.approx(1.0, abs=0.1)
    assert held.held_s == pytest.approx(5.0, abs=0.2)
    assert held.faults == ()
    assert held.form == pytest.approx(1.0)


def test_a_hold_is_reported_while_it_lasts() -> None:
    facts = plank(0.0)
    kinds = [type(fact) for fact in facts]
    assert kinds.index(HoldStarted) < kinds.index(HoldMeasured)


@pytest.mark.parametrize(("offset", "fault"), [(-0.15, "hips_sagging"), (0.3, "hips_piked")])
def test_hips_off_the_line_are_seen_once(offset: float, fault: str) -> None:
    facts = plank(offset)
    assert [fact.fault for fact in facts if isinstance(fact, FaultSeen)] == [fault]
    (held,) = [fact for fact in facts if isinstance(fact, HoldMeasured)]
    assert held.faults == (fault,)
    assert held.form < 0.7


def test_a_moment_on_the_floor_is_not_a_hold() -> None:
    assert not [fact for fact in plank(0.0, held_s=0.6) if isinstance(fact, HoldMeasured)]


def test_a_hold_names_the_faults_that_could_not_be_seen() -> None:
    (held,) = [fact for fact in plank(0.0) if isinstance(fact, HoldMeasured)]
    assert held.unjudged == ()
    blind = replace(PLANK, faults=tuple(replace(each, views=("rear",)) for each in PLANK.faults))
    (unseen,) = [fact for fact in plank(0.0, by=blind) if isinstance(fact, HoldMeasured)]
    assert unseen.unjudged == tuple(fault.id for fault in PLANK.faults)
