import numpy as np
import pytest

from adapters.sample_athlete.athlete import frame_times, pose, truth
from adapters.sample_athlete.geometry import angle_at
from adapters.sample_athlete.movements import JOINTS, MOVEMENTS
from adapters.sample_athlete.performance import Performance
from adapters.sample_athlete.schedule import minimum_jerk, progress, timed_repetitions
from domain.values import Tempo

TEMPO = Tempo(
    eccentric_s=1.0,
    bottom_pause_s=0.5,
    concentric_s=0.8,
    top_pause_s=0.2,
)


def test_the_ground_truth_matches_the_performance() -> None:
    result = truth(Performance(repetitions=3, tempo=TEMPO, idle_before_s=2.0, fps=25))
    first, second, third = result.repetitions
    assert (first.start_s, first.end_s) == pytest.approx((2.0, 4.3))
    assert (second.start_s, third.end_s) == pytest.approx((4.5, 9.3))
    assert [first.eccentric_s, first.bottom_pause_s, first.concentric_s] == [1.0, 0.5, 0.8]
    assert first.top_pause_s == 0.2
    assert result.frames == round((2.0 + 3 * 2.5 + 1.0) * 25)
    assert result.duration_s == pytest.approx(result.frames / 25)


def test_a_curl_begins_by_going_up_and_pauses_at_the_top_in_its_middle() -> None:
    curl = Performance(exercise="biceps_curl", repetitions=1, tempo=TEMPO, idle_before_s=0.0)
    (only,) = timed_repetitions(curl)
    assert [phase.name for phase in only.phases] == [
        "concentric", "top_pause", "eccentric", "bottom_pause",
    ]  # fmt: skip
    assert only.end_s == pytest.approx(0.8 + 0.2 + 1.0)


@pytest.mark.parametrize("exercise", MOVEMENTS)
@pytest.mark.parametrize("depth", [0.4, 1.0, 1.1])
def test_the_driving_joint_travels_the_range_the_truth_tells(exercise: str, depth: float) -> None:
    performance = Performance(exercise=exercise, depth=depth, repetitions=1, tempo=TEMPO, fps=60)
    (result,) = truth(performance).repetitions
    points = pose(performance, frame_times(performance)).points
    angles = angle_at(points, *JOINTS[performance.movement.driving_joint])
    assert float(np.ptp(angles)) == pytest.approx(result.range_of_motion_deg, abs=0.01)
    assert angles[0] == pytest.approx(result.rest_deg, abs=1e-6)
    assert min(abs(angles - result.turn_deg)) < 0.01


@pytest.mark.parametrize("exercise", MOVEMENTS)
@pytest.mark.parametrize("stature_m", [1.5, 1.95])
def test_angles_do_not_depend_on_the_stature(exercise: str, stature_m: float) -> None:
    performance = Performance(exercise=exercise, stature_m=stature_m, repetitions=1)
    points = pose(performance, frame_times(performance)).points
    angles = angle_at(points, *JOINTS[performance.movement.driving_joint])
    (result,) = truth(performance).repetitions
    assert float(np.ptp(angles)) == pytest.approx(result.range_of_motion_deg, abs=0.01)


def test_the_joint_rests_between_repetitions_and_turns_in_the_pause() -> None:
    squat = Performance(repetitions=1, tempo=TEMPO, idle_before_s=1.0)
    times = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 2.25, 2.5, 2.9, 3.3, 3.4])
    reached = progress(squat, times).fraction
    assert reached == pytest.approx([0, 0, 0, 0.5, 1, 1, 1, 0.5, 0, 0])


def test_a_phase_begins_and_ends_at_rest() -> None:
    way = minimum_jerk(np.linspace(0.0, 1.0, 1001))
    speed, end = np.gradient(way), -1
    assert (way[0], way[end]) == (0.0, 1.0)
    assert bool((speed > 0).all())
    assert max(speed[0], speed[end]) < 1e-6
    assert way[500] == pytest.approx(0.5)


def test_only_the_chosen_repetitions_are_faulty() -> None:
    result = truth(Performance(repetitions=3, faults=("shallow",), faulty_repetitions=(2,)))
    assert [each.faults for each in result.repetitions] == [(), ("shallow",), ()]
    assert [each.range_of_motion_deg for each in result.repetitions] == pytest.approx(
        [100, 66, 100]
    )


def test_who_does_not_come_back_to_rest_stays_there_until_the_next_repetition() -> None:
    push_up = Performance(
        exercise="push_up", repetitions=2, tempo=TEMPO, faults=("no_lockout",),
        faulty_repetitions=(1,), idle_before_s=1.0,
    )  # fmt: skip
    reached = progress(push_up, np.array([0.5, 1.0, 2.2, 3.35, 3.45, 4.6, 6.2])).fraction
    assert reached == pytest.approx([0, 0, 1, 0.4, 0.4, 1, 0], abs=0.01)
    assert [each.faults for each in truth(push_up).repetitions] == [("no_lockout",), ()]
    assert [each.range_of_motion_deg for each in truth(push_up).repetitions] == [90.0, 90.0]


def test_the_last_repetition_may_end_short_of_rest_too() -> None:
    push_up = Performance(exercise="push_up", repetitions=1, tempo=TEMPO, faults=("no_lockout",))
    after = progress(push_up, np.array([3.5, 4.4])).fraction
    assert after == pytest.approx([0.4, 0.4])
    (result,) = truth(push_up).repetitions
    assert (result.rest_deg, result.range_of_motion_deg) == (165.0, 90.0)


def test_in_an_empty_room_nothing_is_repeated() -> None:
    assert truth(Performance(people=0)).repetitions == ()


def test_the_truth_can_be_written_as_json() -> None:
    result = truth(Performance(repetitions=2)).as_json()
    assert result["exercise"] == "squat"
    assert [each["number"] for each in result["repetitions"]] == [1, 2]
