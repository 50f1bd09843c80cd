"""Evaluation of exercise recognition on films whose exercise is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from domain.motion.exercises.recognition import recognize
from domain.motion.landmarks import PoseChunk

BINS: Final = (0.0, 0.2, 0.4, 0.6, 0.85, 1.0)
"""Bounds of the calibration; below 0.85 the athlete has to choose."""


@dataclass(frozen=True)
class RecognizedFilm:
    """A film, its exercise, and what was recognized: None if the athlete has to choose.

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
    """Films whose confidence is from `low` to `high`; `right`: those whose best guess is right."""

    low: float
    high: float
    films: int
    right: int


@dataclass(frozen=True)
class RecognitionFigures:
    """Numbers of films: recognized right or wrong, or undecided: asked about.

    `offered`: undecided films whose exercise is among the alternatives.
    """

    films: int
    right: int
    wrong: int
    undecided: int
    offered: int
    calibration: tuple[ConfidenceBin, ...]


def recognize_film(file: str, exercise: str, chunk: PoseChunk) -> RecognizedFilm:
    """Recognize the exercise of a film."""
    seen = recognize([chunk])
    return RecognizedFilm(
        file=file,
        exercise=exercise,
        recognized=seen.exercise,
        best=seen.candidates[0][0] if seen.candidates else None,
        confidence=seen.confidence,
        offered=exercise in seen.alternatives,
    )


def evaluate_recognition(films: Iterable[RecognizedFilm]) -> RecognitionFigures:
    """Count right, wrong and undecided films, and compare confidence with accuracy."""
    results = list(films)
    doubtful = [film for film in results if film.recognized is None]
    right = sum(film.recognized == film.exercise for film in results)
    return RecognitionFigures(
        films=len(results),
        right=right,
        wrong=len(results) - right - len(doubtful),
        undecided=len(doubtful),
        offered=sum(film.offered for film in doubtful),
        calibration=tuple(_bin(results, low, high) for low, high in pairwise(BINS)),
    )


def _bin(films: list[RecognizedFilm], low: float, high: float) -> ConfidenceBin:
    within = [
        film
        for film in films
        if low <= film.confidence < high or (high == BINS[-1] and film.confidence == high)
    ]
    right = sum(film.best == film.exercise for film in within)
    return ConfidenceBin(low, high, len(within), right)
