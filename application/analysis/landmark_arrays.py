"""Repetition count of landmark arrays, without a video or a session."""

from tokenize import TokenError
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from application.kernel.zip_errors import DAMAGED_ZIP
from domain.kernel import Rejected, value
from domain.motion.counting.count_confidence import count_confidence
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.fold import fold
from domain.motion.landmarks import LANDMARK_COUNT, Floats, PoseChunk
from domain.motion.signals.skeletons import BLAZEPOSE_33, Skeleton, chunk_from, require_joints

DAMAGED_ARRAY: Final = (
    *(OSError, ValueError, SyntaxError, TokenError, OverflowError, MemoryError),
    *DAMAGED_ZIP,
)
"""Errors of reading an array. Its header is a Python literal, and may claim any size."""


class LandmarksInvalid(Rejected):
    """Landmarks must be numbers in an array of (frames, points, columns)."""

    code = "landmarks.invalid"
    kind = "invalid"


@value
class ClipCount:
    """Repetitions of a clip.

    `confidence`: probability 0..1 that they are off by at most one, None if it cannot be known.
    """

    repetitions: int
    confidence: float | None


def count_repetitions(
    landmarks: npt.NDArray[Any],
    definition: ExerciseDefinition,
    fps: float,
    source: Skeleton = BLAZEPOSE_33,
    aspect_ratio: float = 1.0,
) -> ClipCount:
    """Count the repetitions of one clip; frames without a person are zeros or NaN.

    `landmarks`: as `as_chunk` has them for BlazePose, as `flat_chunk` for other sources. `fps`:
    frames a second. Raises LandmarksInvalid for another shape or kind, JointsNotGiven where the
    source lacks what the exercise needs.
    """
    require_joints(definition, source)
    if source == BLAZEPOSE_33:
        chunk = as_chunk(landmarks, fps, aspect_ratio)
    else:
        chunk = flat_chunk(landmarks, fps, source, aspect_ratio)
    state = fold(definition, [chunk]).state
    return ClipCount(state.repetitions, count_confidence(definition, state))


def as_chunk(landmarks: npt.NDArray[Any], fps: float, aspect_ratio: float = 1.0) -> PoseChunk:
    """Convert an array to a chunk of image landmarks; missing frames become NaN.

    `landmarks`: (frames, 33, 3 or 4), x, y, z and, where given, visibility 0..1.
    """
    points = landmarks.ndim == 3 and landmarks.shape[1] == LANDMARK_COUNT
    if not points or landmarks.shape[2] not in {3, 4}:
        raise LandmarksInvalid(f"The array is {landmarks.shape}, not (frames, 33, 3 or 4).")
    _check_numbers(landmarks)
    image: Floats = np.ones((len(landmarks), LANDMARK_COUNT, 4), np.float32)
    image[:, :, : landmarks.shape[2]] = landmarks
    image[~np.isfinite(image).all(axis=(1, 2))] = np.nan
    image[(image[:, :, :3] == 0).all(axis=(1, 2))] = np.nan
    return PoseChunk(_times(len(landmarks), fps), image, None, aspect_ratio)


def flat_chunk(
    landmarks: npt.NDArray[Any], fps: float, source: Skeleton, aspect_ratio: float = 1.0
) -> PoseChunk:
    """Convert an array of another pose source: (frames, points, 2 or 3) of x, y and a score.

    `aspect_ratio` is the picture's width over its height where x and y are shares of it, and 1
    where both are pixels.
    """
    points = len(source.points)
    shape = landmarks.shape
    if landmarks.ndim != 3 or shape[1] != points or shape[2] not in {2, 3}:
        raise LandmarksInvalid(f"The array is {shape}, not (frames, {points}, 2 or 3).")
    _check_numbers(landmarks)
    numbers = landmarks.astype(np.float64)
    numbers[(numbers[:, :, :2] == 0).all(axis=(1, 2))] = np.nan
    scores = numbers[:, :, 2] if shape[2] == 3 else None
    times = _times(len(numbers), fps)
    return chunk_from(source, times, numbers[:, :, :2], scores, aspect_ratio=aspect_ratio)


def _check_numbers(landmarks: npt.NDArray[Any]) -> None:
    if not np.issubdtype(landmarks.dtype, np.number):
        raise LandmarksInvalid(f"The array holds {landmarks.dtype}, not numbers.")


def _times(frames: int, fps: float) -> npt.NDArray[np.float64]:
    return np.arange(frames, dtype=np.float64) / fps
