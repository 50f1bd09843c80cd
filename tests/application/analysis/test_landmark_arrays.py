import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.analysis.landmark_arrays import (
    ClipCount,
    LandmarksInvalid,
    as_chunk,
    count_repetitions,
    flat_chunk,
)
from domain.motion.exercises.library import get_exercise
from domain.motion.signals.skeletons import COCO_17, HALPE_26, Skeleton
from tests.domain.motion.projecting import project_to

CHUNK = landmarks(Performance(exercise="squat", repetitions=4))


@pytest.mark.parametrize("columns", [3, 4])
def test_landmarks_from_elsewhere_are_counted(columns: int) -> None:
    assert (
        count_repetitions(CHUNK.image[:, :, :columns], get_exercise("squat"), 30).repetitions == 4
    )


@pytest.mark.parametrize("absent", [0.0, np.nan])
def test_a_frame_without_a_person_is_absent(absent: float) -> None:
    array = CHUNK.image[:, :, :3].copy()
    array[5] = absent
    chunk = as_chunk(array, 30)
    assert list(np.flatnonzero(~chunk.has_pose)) == [5]


def test_an_empty_clip_has_no_repetition() -> None:
    counted = count_repetitions(np.zeros((0, 33, 3)), get_exercise("squat"), 30)
    assert counted == ClipCount(repetitions=0, confidence=None)


@pytest.mark.parametrize(
    "array",
    [np.zeros((9, 17, 3)), np.zeros((9, 33, 2)), np.zeros(9), np.full((2, 33, 3), "x")],
    ids=["17 points", "flat", "one axis", "text"],
)
def test_other_arrays_are_refused(array: np.ndarray) -> None:
    with pytest.raises(LandmarksInvalid):
        count_repetitions(array, get_exercise("squat"), 30)


@pytest.mark.parametrize("source", [COCO_17, HALPE_26], ids=lambda source: source.name)
@pytest.mark.parametrize("pixels", [False, True], ids=["shares", "pixels"])
def test_landmarks_of_another_pose_model_are_counted(source: Skeleton, *, pixels: bool) -> None:
    """R-POS-01, C-03: MoveNet and RTMPose."""
    array = project_to(source, CHUNK)
    if pixels:
        array[:, :, :2] *= (640, 480)
    aspect_ratio = 1.0 if pixels else 640 / 480
    counted = count_repetitions(array, get_exercise("squat"), 30, source, aspect_ratio)
    assert counted == ClipCount(repetitions=4, confidence=None)


@pytest.mark.parametrize("absent", [0.0, np.nan])
def test_a_frame_without_a_person_is_absent_in_another_source_too(absent: float) -> None:
    array = project_to(COCO_17, CHUNK)
    array[5] = absent
    chunk = flat_chunk(array, 30, COCO_17)
    assert list(np.flatnonzero(~chunk.has_pose)) == [5]


@pytest.mark.parametrize(
    "array",
    [np.zeros((9, 33, 3)), np.zeros((9, 17, 4)), np.zeros(9), np.full((2, 17, 3), "x")],
    ids=["33 points", "four columns", "one axis", "text"],
)
def test_arrays_of_another_skeleton_are_refused(array: np.ndarray) -> None:
    with pytest.raises(LandmarksInvalid):
        count_repetitions(array, get_exercise("squat"), 30, COCO_17)
