"""Evaluation of exercise recognition on videos whose exercise is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from domain.motion.exercises.recognition import recognize
from domain.motion.landmarks import PoseChunk

BINS: Final = (0.0, 0.2, 0.4, 0.6, 0.85, 1.0)
"""Bounds of the calibration; below 0.85 the athlete has to choose."""


@dataclass(frozen=True)
class RecognizedVideo:
    """A video, its exercise, and what was recognized: None if the athlete has to choose.

    `best`: the most likely exercise. `offered`: whether the exercise is among the alternatives.
    """

    file: str
    exercise: str
    recognized: str | None
    best: str | None
    confidence: float
    offered: bool


@dataclass(frozen=True)
class ConfidenceBin:
    """Videos whose confidence is from `low` to `high`; `right`: those whose best guess is right."""

    low: float
    high: float
    videos: int
    right: int


@dataclass(frozen=True)
class RecognitionFigures:
    """Numbers of videos: recognized right or wrong, or undecided: asked about.

    `offered`: undecided videos whose exercise is among the alternatives.
    """

    videos: int
    right: int
    wrong: int
    undecided: int
    offered: int
    calibration: tuple[ConfidenceBin, ...]


def recognize_video(file: str, exercise: str, chunk: PoseChunk) -> RecognizedVideo:
    """Recognize the exercise of a video."""
    seen = recognize([chunk])
    return RecognizedVideo(
        file=file,
        exercise=exercise,
        recognized=seen.exercise,
        best=seen.candidates[0][0] if seen.candidates else None,
        confidence=seen.confidence,
        offered=exercise in seen.alternatives,
    )


def evaluate_recognition(videos: Iterable[RecognizedVideo]) -> RecognitionFigures:
    """Count right, wrong and undecided videos, and compare confidence with accuracy."""
    results = list(videos)
    doubtful = [video for video in results if video.recognized is None]
    right = sum(video.recognized == video.exercise for video in results)
    return RecognitionFigures(
        videos=len(results),
        right=right,
        wrong=len(results) - right - len(doubtful),
        undecided=len(doubtful),
        offered=sum(video.offered for video in doubtful),
        calibration=tuple(_bin(results, low, high) for low, high in pairwise(BINS)),
    )


def _bin(videos: list[RecognizedVideo], low: float, high: float) -> ConfidenceBin:
    within = [
        video
        for video in videos
        if low <= video.confidence < high or (high == BINS[-1] and video.confidence == high)
    ]
    right = sum(video.best == video.exercise for video in within)
    return ConfidenceBin(low, high, len(within), right)
