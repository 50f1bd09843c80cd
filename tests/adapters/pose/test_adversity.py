"""Difficult videos through the real pose model, by the same rules as for landmarks.

Slower than `tests/domain/motion/test_adversity.py`: about three seconds a video on an idle
machine.
"""

from collections.abc import Iterable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from adapters.pose.isolated import IsolatedPoseEstimator
from adapters.sample_athlete.performance import Performance
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import PoseLost
from domain.motion.fold import FoldResult, fold
from domain.motion.signals.camera_framing import check_framing
from domain.values import Tempo
from tests.adapters.pose.pose_tracking import FPS, Picture, landmarks, shown

pytestmark = pytest.mark.slow

BRISK = Tempo(1.0, 0.1, 0.9, 0.1)
SQUATS = Performance(
    repetitions=3, tempo=BRISK, fps=FPS, idle_before_s=0.6, idle_after_s=0.6, image_noise=3.0
)


def cropped(picture: Picture, factor: float, *, top: bool = False) -> Picture:
    """Crop a picture to its middle or, with `top`, to its upper middle."""
    height, width = picture.shape[:2]
    high, wide = round(height / factor), round(width / factor)
    down, right = 0 if top else (height - high) // 2, (width - wide) // 2
    part = picture[down : down + high, right : right + wide]
    return np.asarray(cv2.resize(part, (width, height)), np.uint8)


def seen(estimator: IsolatedPoseEstimator, video: Iterable[Picture]) -> FoldResult:
    return fold(get_exercise("squat"), [landmarks(estimator, video)])


def test_somebody_passing_by_is_not_followed(estimator: IsolatedPoseEstimator) -> None:
    """R-POS-01: the tracker stays with the athlete."""
    video = shown(replace(SQUATS, passer_by=True))
    assert seen(estimator, video).state.repetitions == 3


def test_a_cut_to_another_camera_changes_nothing(estimator: IsolatedPoseEstimator) -> None:
    one = shown(SQUATS)
    other = shown(replace(SQUATS, azimuth_deg=-30.0))
    cut = round((SQUATS.idle_before_s + 1.5 * SQUATS.repetition_s) * FPS)
    assert seen(estimator, one[:cut] + other[cut:]).state.repetitions == 3


def test_a_zoom_changes_nothing(estimator: IsolatedPoseEstimator) -> None:
    video = shown(SQUATS)
    cut = round((SQUATS.idle_before_s + 1.4 * SQUATS.repetition_s) * FPS)
    zoomed = [cropped(picture, 1.15) for picture in video[cut:]]
    assert seen(estimator, video[:cut] + zoomed).state.repetitions == 3


def test_a_mirrored_video_changes_nothing(estimator: IsolatedPoseEstimator) -> None:
    mirrored = [np.ascontiguousarray(picture[:, ::-1]) for picture in shown(SQUATS)]
    assert seen(estimator, mirrored).state.repetitions == 3


def test_an_athlete_who_leaves_is_lost_and_no_more_is_counted(
    estimator: IsolatedPoseEstimator,
) -> None:
    video = shown(replace(SQUATS, leaves=True, idle_after_s=3.0))
    result = seen(estimator, video)
    assert result.state.repetitions == 3
    assert any(isinstance(fact, PoseLost) for fact in result.facts)


def test_guessed_legs_outside_of_the_picture_are_no_squats(
    estimator: IsolatedPoseEstimator,
) -> None:
    """AI-Coach-PT/ExerSights issue 34: biceps curls filmed from the shins upwards."""
    curls = replace(SQUATS, exercise="biceps_curl", azimuth_deg=20.0)
    watched = landmarks(estimator, [cropped(each, 1.5, top=True) for each in shown(curls)])
    assert fold(get_exercise("squat"), [watched]).state.repetitions == 0
    assert fold(get_exercise("biceps_curl"), [watched]).state.repetitions == 3
    framed = check_framing(get_exercise("squat"), watched)
    assert {"left_ankle", "right_ankle"} <= set(framed.missing)
    assert framed.advice[0].change in {"step_back", "tilt_down"}


def test_the_camera_angle_is_estimated_within_ten_degrees(
    estimator: IsolatedPoseEstimator,
) -> None:
    """Median over cameras all around, from the metric landmarks of the pose model."""
    errors: list[float] = []
    for azimuth in range(-180, 180, 30):
        standing = Performance(
            repetitions=0, fps=FPS, azimuth_deg=azimuth, idle_before_s=0.4, idle_after_s=0.4
        )
        result = check_framing(
            get_exercise("squat"), landmarks(estimator, shown(standing))
        ).azimuth_deg
        assert result is not None
        errors.append(abs((result - azimuth + 180.0) % 360.0 - 180.0))
    assert float(np.median(errors)) <= 10.0
    assert max(errors) <= 30.0
