"""Counting in landmark arrays that come from elsewhere, without a video or a session."""

from typing import Any

import numpy as np
import numpy.typing as npt

from domain.kernel import Rejected
from domain.motion.definition import ExerciseDefinition
from domain.motion.facts import RepetitionCounted, RepetitionsReconciled
from domain.motion.fold import fold
from domain.motion.landmarks import LANDMARK_COUNT, Floats, PoseChunk


class LandmarksInvalid(Rejected):
    """Landmarks come as numbers in an array of (frames, 33, 3 or 4)."""

    code = "landmarks.invalid"
    kind = "invalid"


def count(landmarks: npt.NDArray[Any], definition: ExerciseDefinition, fps: float) -> int:
    """Repetitions in one clip; frames without a person are zeros or NaN.

    `landmarks`: (frames, 33, 3 or 4), x, y, z and, where given, visibility 0..1. `fps`: frames a
    second. Raises LandmarksInvalid for another shape or kind.
    """
    facts = fold(definition, [as_chunk(landmarks, fps)]).facts
    for fact in facts:
        if isinstance(fact, RepetitionsReconciled):
            return fact.repetitions
    return sum(isinstance(fact, RepetitionCounted) for fact in facts)


def as_chunk(landmarks: npt.NDArray[Any], fps: float) -> PoseChunk:
    """Take an array as a chunk of image landmarks: what is not there becomes absent."""
    points = landmarks.ndim == 3 and landmarks.shape[1] == LANDMARK_COUNT
    if not points or landmarks.shape[2] not in {3, 4}:
        raise LandmarksInvalid(f"The array is {landmarks.shape}, not (frames, 33, 3 or 4).")
    if not np.issubdtype(landmarks.dtype, np.number):
        raise LandmarksInvalid(f"The array holds {landmarks.dtype}, not numbers.")
    image: Floats = np.ones((len(landmarks), LANDMARK_COUNT, 4), np.float32)
    image[:, :, : landmarks.shape[2]] = landmarks
    image[~np.isfinite(image).all(axis=(1, 2))] = np.nan
    image[(image[:, :, :3] == 0).all(axis=(1, 2))] = np.nan
    return PoseChunk(np.arange(len(landmarks), dtype=np.float64) / fps, image)
