"""Camera and behavior problems that must not change the count, including reported bugs of others.

The sources of reported cases are issues of public projects, as owner/repository and number.
"""

from collections.abc import Callable

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks as performed
from adapters.sample_athlete.performance import Performance
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import RepetitionCounted, RepetitionRejected
from domain.motion.fold import advance, begin, finish, fold
from domain.motion.landmarks import Landmark, PoseChunk
from domain.motion.signals.skeletons import COCO_17, chunk_from
from tests.domain.motion.figure import Posture, landmarks
from tests.domain.motion.projecting import project_to
from tests.domain.motion.scenes import (
    absent,
    at_times,
    bending_down,
    beyond,
    flat,
    lifting_knees,
    mirrored,
    pulsing,
    record,
    shifted,
    squatting_set,
    standing,
    then,
    trembling,
    unseen,
    upto,
    walking,
    waving,
    zoomed,
)

SQUAT = get_exercise("squat")


def metric(chunk: PoseChunk) -> PoseChunk:
    return chunk


def movenet(chunk: PoseChunk) -> PoseChunk:
    points = project_to(COCO_17, chunk)
    return chunk_from(
        COCO_17, chunk.times_s, points[:, :, :2], points[:, :, 2], aspect_ratio=chunk.aspect_ratio
    )


def unscaled(chunk: PoseChunk) -> PoseChunk:
    return PoseChunk(chunk.times_s, chunk.image, None, chunk.aspect_ratio)


SOURCES = pytest.mark.parametrize("source", [metric, unscaled, flat, movenet])
"""Poses in meters, with depth but no scale, in the picture only, and of 17 points."""

Source = Callable[[PoseChunk], PoseChunk]


def count(chunk: PoseChunk) -> int:
    return fold(SQUAT, [chunk]).state.repetitions


def rejected(chunk: PoseChunk) -> list[str]:
    facts = fold(SQUAT, [chunk]).facts
    return [fact.reason for fact in facts if isinstance(fact, RepetitionRejected)]


# --- the camera ---


@SOURCES
@pytest.mark.parametrize("yaw_deg", [0, 90, -60, 180])
def test_a_camera_cut_between_repetitions_changes_nothing(source: Source, yaw_deg: float) -> None:
    assert count(source(then(squatting_set(3, 30), squatting_set(3, yaw_deg)))) == 6


@SOURCES
@pytest.mark.parametrize("cut_s", [6.4, 6.9, 7.4, 7.9])
@pytest.mark.parametrize("yaw_deg", [0, 90])
def test_a_camera_cut_within_a_repetition_changes_nothing(
    source: Source, cut_s: float, yaw_deg: float
) -> None:
    one, other = squatting_set(4, 30), squatting_set(4, yaw_deg)
    assert count(source(then(upto(one, cut_s), beyond(other, cut_s)))) == 4


@SOURCES
@pytest.mark.parametrize("factor", [1.8, 1 / 1.8])
@pytest.mark.parametrize("at_s", [5.0, 6.1, 6.6, 7.6])
def test_a_sudden_zoom_changes_nothing(source: Source, factor: float, at_s: float) -> None:
    squats = squatting_set(5)
    assert count(source(zoomed(squats, np.where(squats.times_s < at_s, 1.0, factor)))) == 5


@SOURCES
def test_a_slow_zoom_changes_nothing(source: Source) -> None:
    squats = squatting_set(5)
    assert count(source(zoomed(squats, 1 + squats.times_s / squats.times_s[-1]))) == 5
    assert count(source(zoomed(squats, 1 + 0.2 * np.sin(np.pi * squats.times_s)))) == 5


@SOURCES
def test_a_camera_that_is_moved_changes_nothing(source: Source) -> None:
    squats = squatting_set(5)
    assert count(source(then(upto(squats, 6.6), shifted(beyond(squats, 6.6), 0.2, 0.1)))) == 5


@SOURCES
@pytest.mark.parametrize("yaw_deg", [30, 90])
def test_a_mirrored_picture_counts_the_same(source: Source, yaw_deg: float) -> None:
    assert count(source(mirrored(squatting_set(5, yaw_deg)))) == 5


def test_a_mirrored_picture_shows_the_same_faults() -> None:
    shallow = squatting_set(3, 30, depths_deg=(65.0,))
    for chunk in (shallow, mirrored(shallow)):
        counted = [
            fact for fact in fold(SQUAT, [chunk]).facts if isinstance(fact, RepetitionCounted)
        ]
        assert [fact.faults for fact in counted] == [("shallow",)] * 3


@SOURCES
@pytest.mark.parametrize("fps", [10, 12, 24, 50, 60])
def test_the_frame_rate_changes_nothing(source: Source, fps: float) -> None:
    """C-30."""
    assert count(source(squatting_set(4, fps=fps))) == 4


IRREGULAR = {
    "at random": lambda end: np.sort(np.random.default_rng(3).uniform(0, end, int(14 * end))),
    "in bursts": lambda end: np.concatenate(
        [start + 0.01 * np.arange(4) for start in np.arange(0.0, end, 0.25)]
    ),
    "slower and slower": lambda end: end * np.linspace(0, 1, int(25 * end)) ** 0.7,
    "with pauses": lambda end: np.concatenate(
        [np.arange(start, start + 0.6, 1 / 30) for start in np.arange(0.0, end, 1.0)]
    ),
}


@SOURCES
@pytest.mark.parametrize("stamps", IRREGULAR.values(), ids=IRREGULAR)
def test_irregular_timestamps_change_nothing(
    source: Source, stamps: Callable[[float], np.ndarray]
) -> None:
    """C-30."""
    squats = squatting_set(4, fps=60)
    times = np.unique(stamps(float(squats.times_s[-1])))
    assert count(source(at_times(squats, times))) == 4


# --- the pose ---


@pytest.mark.parametrize("from_s", np.arange(3.5, 6.2, 0.3).tolist())
@pytest.mark.parametrize("seconds", [0.4, 1.0])
def test_a_pose_lost_for_a_moment_changes_nothing(from_s: float, seconds: float) -> None:
    assert count(unseen(squatting_set(5), from_s, from_s + seconds)) == 5


@SOURCES
@pytest.mark.parametrize("seconds", [1.0, 5.0])
def test_counting_continues_after_the_athlete_leaves_between_repetitions(
    source: Source, seconds: float
) -> None:
    assert count(source(then(squatting_set(3), absent(seconds), squatting_set(3)))) == 6


@SOURCES
@pytest.mark.parametrize("metres", [0.02, 0.04])
def test_noisy_landmarks_change_nothing(source: Source, metres: float) -> None:
    assert count(source(trembling(squatting_set(5), metres))) == 5


@SOURCES
@pytest.mark.parametrize("yaw_deg", [0, 30, 90])
@pytest.mark.parametrize("knee_deg", [5, 55], ids=["standing", "half down"])
def test_noisy_landmarks_of_a_still_athlete_are_not_counted(
    source: Source, yaw_deg: float, knee_deg: float
) -> None:
    """AI-Coach-PT/ExerSights issues 166 and 202: a jittering pose switches between two states."""
    posture = Posture(knee_flexion=knee_deg, trunk_lean=3 + knee_deg / 3)
    still = record(lambda _: landmarks(posture, yaw_deg), 15)
    assert count(source(trembling(still, 0.03))) == 0


def test_guessed_legs_outside_of_the_picture_are_not_counted() -> None:
    """AI-Coach-PT/ExerSights issue 34: people partly out of frame were counted."""
    squats = squatting_set(5, 0)
    legs = [mark for mark in Landmark if mark >= Landmark.LEFT_KNEE]
    guessed = PoseChunk(squats.times_s, squats.image.copy(), squats.world, squats.aspect_ratio)
    guessed.image[:, legs, 3] = 0.04
    assert count(guessed) == 0
    hidden = PoseChunk(squats.times_s, squats.image.copy(), squats.world, squats.aspect_ratio)
    hidden.image[:, [mark for mark in legs if "LEFT" in mark.name], 3] = 0.04
    assert count(hidden) == 5


# --- the athlete ---


@SOURCES
@pytest.mark.parametrize("yaw_deg", [0, 30, 60, 90])
@pytest.mark.parametrize("every_s", [0.9, 1.6])
def test_a_knee_lift_is_not_a_squat(source: Source, yaw_deg: float, every_s: float) -> None:
    assert count(source(record(lifting_knees(yaw_deg, every_s=every_s), 12))) == 0


OTHER_THINGS = {
    "talking": lambda yaw: record(waving(yaw), 15),
    "walking on the spot": lambda yaw: record(walking(yaw, 0.0), 10),
    "walking up": lambda yaw: record(walking(yaw, 1.2, from_m=-3.0), 3),
    "walking away": lambda yaw: record(walking(yaw + 180, 1.2), 5),
    "bending down": lambda yaw: record(bending_down(yaw), 15),
    "camera shaken": lambda yaw: zoomed(
        record(standing(yaw), 15), 1 + 0.2 * np.sin(5 * np.arange(225) / 15)
    ),
}


@SOURCES
@pytest.mark.parametrize("yaw_deg", [0, 30, 90])
@pytest.mark.parametrize("scene", OTHER_THINGS.values(), ids=OTHER_THINGS)
def test_other_movements_are_not_counted_as_squats(
    source: Source, yaw_deg: float, scene: Callable[[float], PoseChunk]
) -> None:
    """philippgehrke/SquatCounter issue 1: "Even when I didn't squat, it counts fast"."""
    assert count(source(scene(yaw_deg))) == 0


@SOURCES
@pytest.mark.parametrize("yaw_deg", [0, 30, 90])
def test_getting_into_position_is_not_counted(source: Source, yaw_deg: float) -> None:
    """AI-Coach-PT/ExerSights issue 66: counted before the exercise had begun."""
    coming = record(walking(yaw_deg, 1.2, from_m=-2.4), 2)
    assert count(source(then(coming, squatting_set(5, yaw_deg)))) == 5


@SOURCES
@pytest.mark.parametrize("yaw_deg", [0, 30, 90])
def test_tying_a_shoe_before_the_set_is_not_counted(source: Source, yaw_deg: float) -> None:
    """AI-Coach-PT/ExerSights issue 66."""
    tying = record(bending_down(yaw_deg), 3)
    assert count(source(then(tying, squatting_set(5, yaw_deg)))) == 5


@SOURCES
@pytest.mark.parametrize("yaw_deg", [90, 150])
def test_walking_away_after_a_set_is_not_counted(source: Source, yaw_deg: float) -> None:
    leaving = then(squatting_set(5), record(walking(yaw_deg, 1.2), 4), absent(2))
    assert count(source(leaving)) == 5


@SOURCES
def test_marching_after_a_set_is_not_counted(source: Source) -> None:
    assert count(source(then(squatting_set(5), record(lifting_knees(30), 8)))) == 5


@SOURCES
def test_a_partial_repetition_among_full_ones_is_not_counted(source: Source) -> None:
    depths = (100.0, 100.0, 50.0, 100.0, 100.0)
    assert count(source(squatting_set(5, depths_deg=depths))) == 4


def test_partial_repetitions_are_reported_as_too_shallow() -> None:
    squats = squatting_set(6, depths_deg=(100.0, 100.0, 55.0, 55.0, 100.0, 100.0))
    assert (count(squats), rejected(squats)) == (4, ["too_shallow", "too_shallow"])


@SOURCES
def test_bouncing_at_the_bottom_is_one_repetition(source: Source) -> None:
    assert count(source(pulsing(6))) == 1


# --- the count ---


def test_a_new_set_counts_from_one() -> None:
    """AI-Coach-PT/ExerSights issues 9 and 134: the old number went on after a reset or a change."""
    curls = performed(Performance(exercise="biceps_curl", repetitions=2))
    for definition, video_, numbers in (
        (SQUAT, squatting_set(3), [1, 2, 3]),
        (SQUAT, squatting_set(2), [1, 2]),
        (get_exercise("biceps_curl"), curls, [1, 2]),
    ):
        facts = fold(definition, [video_]).facts
        assert [fact.number for fact in facts if isinstance(fact, RepetitionCounted)] == numbers


def test_a_video_that_loops_is_counted_once() -> None:
    """AI-Coach-PT/ExerSights issue 105: the count of an uploaded video rose endlessly."""
    squats = squatting_set(3)
    state = begin(SQUAT)
    for _ in range(4):
        state = advance(SQUAT, state, squats).state
    assert finish(SQUAT, state).state.repetitions == 3
