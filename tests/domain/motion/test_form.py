"""Rules of judging form, on sample athletes whose faults are known exactly."""

from typing import TypeGuard

import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from domain.motion.counting.partial_repetitions import accept_partial
from domain.motion.counting.set_review import Return
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import all_exercises, get_exercise
from domain.motion.facts import FaultSeen, RepetitionCounted, RepetitionRejected
from domain.motion.fold import fold
from domain.motion.form.faults import find_faults
from domain.motion.form.repetition_metrics import Span
from domain.motion.landmarks import Landmark, PoseChunk
from domain.motion.signals.columns import layout_of
from domain.motion.signals.resampling import COLUMNS
from domain.motion.state import RepetitionTimes, Row
from tests.domain.motion.scenes import beyond


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
    ("name", "fault", "azimuth_deg"),
    [
        ("squat", "shallow", None),
        ("push_up", "partial_range", None),
        ("jumping_jack", "arms_low", None),
        ("shoulder_press", "no_lockout", 50.0),
        ("lunge", "shallow", None),
        ("biceps_curl", "partial_range", None),
    ],
)
@pytest.mark.parametrize("faulty", [(1,), (3,), (5,), (2, 4), (4, 5)])
def test_a_repetition_done_by_half_is_counted_with_its_fault(
    name: str, fault: str, azimuth_deg: float | None, faulty: tuple[int, ...]
) -> None:
    """R-POS-05, C-48."""
    performance = Performance(
        exercise=name,
        faults=(fault,),
        faulty_repetitions=faulty,
        azimuth_deg=azimuth_deg,
        landmark_noise_px=1.0,
    )
    facts = fold(get_exercise(name), [landmarks(performance)]).facts
    flagged = [fact.repetition for fact in facts if isinstance(fact, FaultSeen)]
    assert not [fact for fact in facts if isinstance(fact, RepetitionRejected)]
    assert [each.number for each in counted(performance)] == [1, 2, 3, 4, 5]
    assert flagged == list(faulty)


@pytest.mark.parametrize(("azimuth_deg", "unjudged"), [(0.0, 3), (50.0, 0), (90.0, 0), (180.0, 3)])
@pytest.mark.parametrize("depth", [1.0, 1.1])
def test_full_curls_are_not_called_partial_from_any_view(
    azimuth_deg: float, unjudged: int, depth: float
) -> None:
    """R-POS-05: hands come up to the shoulders; forearms along the line of sight are not judged."""
    made = Performance(
        exercise="biceps_curl",
        repetitions=3,
        depth=depth,
        azimuth_deg=azimuth_deg,
        landmark_noise_px=2.0,
    )
    assert [each.faults for each in counted(made)] == [()] * 3
    assert sum("partial_range" in each.unjudged for each in counted(made)) == unjudged


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


def test_elbows_beside_the_hands_are_judged_from_the_front_only() -> None:
    """R-POS-05: obliquely, the tilt of a forearm shows where the camera is."""
    for azimuth_deg, found in ((0.0, ("elbows_flared",)), (50.0, ()), (90.0, ()), (180.0, ())):
        made = Performance(
            exercise="push_up", repetitions=2, faults=("elbows_flared",), azimuth_deg=azimuth_deg
        )
        assert [each.faults for each in counted(made)] == [found] * 2
        assert [("elbows_flared" in each.unjudged) for each in counted(made)] == [not found] * 2


def test_what_a_guessed_joint_would_tell_is_not_judged() -> None:
    """R-POS-05: the pose model places hidden knees somewhere; that bends no knee."""
    chunk = landmarks(Performance(exercise="push_up", repetitions=2, azimuth_deg=90))
    image = chunk.image.copy()
    image[:, [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE], 3] = 0.4
    hidden = PoseChunk(chunk.times_s, image, chunk.world, chunk.aspect_ratio)
    seen_knees, hidden_knees = (
        [fact for fact in fold(get_exercise("push_up"), [each]).facts if is_counted(fact)]
        for each in (chunk, hidden)
    )
    assert ["knees_bent" in each.unjudged for each in seen_knees] == [False] * 2
    assert ["knees_bent" in each.unjudged for each in hidden_knees] == [True] * 2
    assert ["hips_sagging" in each.unjudged for each in hidden_knees] == [False] * 2


def test_the_depth_of_a_repetition_that_the_camera_missed_the_start_of_is_not_judged() -> None:
    """R-POS-05: a video that begins at the bottom, or on the way up, shows no whole travel."""
    made = Performance(exercise="push_up", repetitions=3, azimuth_deg=90)
    whole = counted(made)
    chunk, first = landmarks(made), whole[0]
    cut = beyond(chunk, (first.started_s + first.ended_s) / 2.0 + 0.4)
    found = [fact for fact in fold(get_exercise("push_up"), [cut]).facts if is_counted(fact)]
    assert len(found) == 3
    assert ["partial_range" in each.unjudged for each in found] == [True, False, False]
    assert [each.faults for each in found] == [()] * 3


def test_the_travel_of_a_movement_is_not_cut_off_by_the_times_of_its_repetition() -> None:
    """R-POS-05: elbows that are still for a part of the way make a repetition look short."""
    definition = get_exercise("push_up")
    fault = definition.fault("partial_range")
    plan = layout_of(definition)
    column = COLUMNS + plan.column(fault.measure, fault.sides)

    def row(height: float) -> Row:
        cells: list[float | None] = [0.0] * (COLUMNS + plan.first_signal)
        cells[column] = height
        return tuple(cells)

    track = [row(height) for height in (1.0, 0.9, 0.8, 0.7, 0.6, 0.7, 0.8, 0.9, 1.0)]
    span = Span(0.2, 0.3, 0.3, 0.4, first=3, turn=4, last=5, before=0)
    judged = {each.fault: each for each in find_faults(definition, track, span, "front").judgements}
    assert judged["partial_range"].measured == pytest.approx(0.4)


def is_counted(fact: object) -> TypeGuard[RepetitionCounted]:
    return isinstance(fact, RepetitionCounted)


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
