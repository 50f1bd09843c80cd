"""Rules of judging form, on sample athletes whose faults are known exactly."""

import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from domain.motion.counting.partial_repetitions import accept_partial
from domain.motion.counting.set_review import Return
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import all_exercises, get_exercise
from domain.motion.facts import FaultSeen, RepetitionCounted, RepetitionRejected
from domain.motion.fold import fold
from domain.motion.state import RepetitionTimes


def counted(performance: Performance) -> list[RepetitionCounted]:
    facts = fold(get_exercise(performance.exercise), [landmarks(performance)]).facts
    return [fact for fact in facts if isinstance(fact, RepetitionCounted)]


@pytest.mark.parametrize("definition", all_exercises().values(), ids=lambda each: str(each.id))
def test_each_exercise_has_three_faults_that_one_of_its_views_shows(
    definition: ExerciseDefinition,
) -> None:
    shown = {fault.id for fault in definition.faults if set(fault.views) & set(definition.views)}
    assert len(shown) >= 3
    assert len({fault.id for fault in definition.faults}) == len(shown)


def test_a_fault_is_not_judged_from_a_view_that_hides_it() -> None:
    """A knee caves in sideways, and a trunk leans forward, so each needs another view."""
    front = counted(Performance(repetitions=2, azimuth_deg=0))
    side = counted(Performance(repetitions=2, azimuth_deg=90))
    assert ["trunk_lean" in each.unjudged for each in front] == [True] * 2
    assert ["knees_caving_in" in each.unjudged for each in front] == [False] * 2
    assert ["trunk_lean" in each.unjudged for each in side] == [False] * 2
    assert ["knees_caving_in" in each.unjudged for each in side] == [True] * 2


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("squat", "shallow"),
        ("push_up", "partial_range"),
        ("jumping_jack", "arms_low"),
        ("shoulder_press", "no_lockout"),
        ("lunge", "shallow"),
        ("biceps_curl", "partial_range"),
    ],
)
@pytest.mark.parametrize("faulty", [(1,), (3,), (5,), (2, 4), (4, 5)])
def test_a_repetition_done_by_half_is_counted_with_its_fault(
    name: str, fault: str, faulty: tuple[int, ...]
) -> None:
    """R-POS-05, C-48."""
    performance = Performance(
        exercise=name, faults=(fault,), faulty_repetitions=faulty, landmark_noise_px=1.0
    )
    facts = fold(get_exercise(name), [landmarks(performance)]).facts
    flagged = [fact.repetition for fact in facts if isinstance(fact, FaultSeen)]
    assert not [fact for fact in facts if isinstance(fact, RepetitionRejected)]
    assert [each.number for each in counted(performance)] == [1, 2, 3, 4, 5]
    assert flagged == list(faulty)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("push_up", "no_lockout"),
        ("shoulder_press", "partial_lowering"),
        ("jumping_jack", "arms_not_lowered"),
    ],
)
def test_an_incomplete_return_is_counted_with_its_fault(name: str, fault: str) -> None:
    """A return that stops short ends where it stops."""
    made = Performance(exercise=name, faults=(fault,), faulty_repetitions=(2, 4))
    assert [each.faults for each in counted(made)] == [(), (fault,), (), (fault,), ()]


def test_the_knee_over_the_toes_is_that_of_the_leading_leg() -> None:
    """From either side of an athlete who leads with the left leg."""
    for view_deg in (90.0, -90.0):
        made = Performance(
            exercise="lunge", repetitions=3, faults=("knee_over_toe",), azimuth_deg=view_deg
        )
        assert [each.faults for each in counted(made)] == [("knee_over_toe",)] * 3
        clean = Performance(exercise="lunge", repetitions=3, azimuth_deg=view_deg)
        assert [each.faults for each in counted(clean)] == [()] * 3


def rhythm(*peaks_s: float) -> list[Return]:
    return [Return(peak - 1, peak, peak + 1, 1.0, 1.0) for peak in peaks_s]


def seen(peak_s: float, travel_deg: float | None) -> RepetitionTimes:
    return (peak_s - 1, peak_s, peak_s + 1, travel_deg)


@pytest.mark.parametrize(
    ("doubted", "kept"),
    [
        (seen(14.0, 50.0), [4]),
        (seen(14.0, 30.0), []),
        (seen(14.0, None), []),
        (seen(11.5, 50.0), []),
        (seen(20.0, 50.0), []),
        ((14.0, 14.0, 15.0, 50.0), []),
    ],
    ids=["half as far", "a third as far", "not measured", "out of time", "long after", "only back"],
)
def test_an_uncertain_repetition_counts_if_it_is_deep_enough_in_time(
    doubted: RepetitionTimes, kept: list[int]
) -> None:
    confirmed = [seen(peak_s, 100.0) for peak_s in (2.0, 6.0, 10.0)]
    found = accept_partial({4: doubted}, [*confirmed, doubted], rhythm(2.0, 6.0, 10.0))
    assert found == kept


def test_without_a_rhythm_no_repetition_is_in_time() -> None:
    doubted = seen(6.0, 100.0)
    assert accept_partial({1: doubted}, [doubted], rhythm(2.0)) == []
