"""Rules of recognizing an exercise."""

from dataclasses import replace

import numpy as np

from domain.motion.exercises.library import get_exercise
from domain.motion.exercises.recognition import LEAST_CONFIDENCE, Recognition, recognize
from domain.motion.landmarks import PoseChunk
from tests.domain.motion.figure import (
    ABSENT,
    Pace,
    chunk_of,
    curling,
    cut,
    efforts,
    landmarks,
    lying,
    squats,
)


def test_a_squat_is_recognised_from_the_side_and_from_the_front() -> None:
    """R-POS-02: clients may omit the exercise."""
    for yaw_deg in (0, 60, 90):
        assert recognize([squats(3, yaw_deg=yaw_deg)]).exercise == "squat"


def test_recognition_does_not_depend_on_how_frames_are_cut() -> None:
    chunk = squats(2)
    assert recognize(cut(chunk, [15] * 20)) == recognize([chunk])


def test_curls_and_planks_are_distinguished_from_similar_exercises() -> None:
    effort = efforts(3, Pace(0.8, 0.2, 0.8, 0.4))
    times = [index / 30 for index in range(9 * 30)]
    curls = chunk_of(times, [landmarks(curling(effort(t), effort(t))) for t in times])
    assert recognize([curls]).exercise == "biceps_curl"
    plank = chunk_of(times, [lying(0.0)] * len(times))
    assert recognize([plank]).exercise == "plank"


def test_standing_still_is_unknown_rather_than_a_guess() -> None:
    assert recognize([squats(0)]).exercise is None


def test_an_empty_picture_is_unknown() -> None:
    seen = recognize([chunk_of([0.0, 0.1], [ABSENT, ABSENT])])
    assert (seen.exercise, seen.candidates) == (None, ())


def test_a_recognition_in_doubt_offers_alternatives() -> None:
    """R-POS-02: below a confidence of 0.85 the athlete is asked."""
    sure = recognize([squats(3)])
    assert (sure.exercise, sure.confidence >= LEAST_CONFIDENCE) == ("squat", True)
    doubtful = Recognition(None, 0.6, (("push_up", 0.7), ("plank", 0.6), ("squat", 0.1)))
    assert doubtful.alternatives == ("push_up", "plank")
    alike = get_exercise("squat")
    seen = recognize([squats(3)], {"a": alike, "b": replace(alike, id="other")})
    assert (seen.exercise, len(seen.alternatives)) == (None, 2)


def test_only_the_exercises_given_are_candidates() -> None:
    push_up = {"push_up": get_exercise("push_up")}
    seen = recognize([squats(2)], push_up)
    assert seen.exercise is None
    assert [name for name, _ in seen.candidates] == ["push_up"]


def test_poses_without_scale_are_named_only_in_clear_cases() -> None:
    """Half squats are recognized in meters, and unknown if proportions are guessed."""
    chunk = squats(3, depth_deg=72, yaw_deg=40)
    points = chunk.image[:, :, :3]
    low, high = points.min(axis=1, keepdims=True), points.max(axis=1, keepdims=True)
    image = chunk.image.copy()
    image[:, :, :3] = (points - low) / (high - low)
    scaled, unscaled = recognize([chunk]), recognize([PoseChunk(chunk.times_s, image)])
    assert scaled.exercise == "squat"
    assert unscaled.exercise is None
    assert unscaled.candidates[0][0] == "squat"


def test_a_flat_pose_is_never_named_with_certainty() -> None:
    """R-POS-02: depth tells movements apart that look alike in the image."""
    chunk = squats(3)
    flat = chunk.image.copy()
    flat[:, :, 2] = np.nan
    found = recognize([PoseChunk(chunk.times_s, flat, None, chunk.aspect_ratio)])
    assert found.exercise is None
    assert found.confidence < LEAST_CONFIDENCE
    assert found.alternatives[0] == "squat"
