"""Trained counting model of an exercise: its cycle.

Made by `python -m tools.counting.train`. An exercise without examples has no model and is counted
by the signals of its definition alone.
"""

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

import numpy as np

from domain.kernel import value
from domain.motion.counting.phase_tracking import Cycle
from domain.motion.landmarks import PoseChunk
from domain.motion.signals.body import Array, body_of
from domain.motion.signals.measures import measure

FOLDER: Final = "models"

NAME_LENGTH: Final = 12
"""Hexadecimal digits that name what was learned: of a million trainings no two share a name."""

MEASURES: Final = (
    "trunk_lean",
    "side_lean",
    "shoulder_over_ankle",
    "shoulder_over_knee",
    "shoulder_over_hip",
    "shoulder_over_wrist",
    "shoulder_over_elbow",
    "hip_over_ankle",
    "hip_over_knee",
    "nose_over_wrist",
    "nose_over_hip",
    "nose_over_ankle",
    "wrist_over_hip",
    "wrist_over_ankle",
    "wrist_reach",
    "shoulder_to_ankle",
    "shoulder_to_knee",
    "wrist_to_ankle",
    "stride",
    "ankle_spread",
    "wrist_spread",
    "elbow_spread",
    "knee_spread",
    "wrist_ahead",
    "ankle_ahead",
    "shoulder_ahead",
    "shoulder_height",
    "hip_height",
    "elbow_angle",
    "shoulder_angle",
    "hip_angle",
    "knee_angle",
    "body_line_angle",
    "body_line_offset",
    "upper_arm_lean",
    "shank_lean",
    "wrist_height",
    "elbow_height",
)
"""Every measure of the buffered joints, the mean of both sides."""


@value
class TrainedModel:
    """Trained model of one exercise."""

    round: Cycle


def measure_chunk(chunk: PoseChunk) -> Array:
    """Measure buffered poses, (n, measures)."""
    body = body_of(chunk)
    return np.stack([measure(body, name, "mean") for name in MEASURES], axis=1)


@cache
def find_trained_model(exercise: str) -> TrainedModel | None:
    """Return the trained model of an exercise, or None."""
    content = _read_file(exercise)
    return None if content is None else from_plain(json.loads(content))


@cache
def trained_model_name(exercise: str) -> str | None:
    """Return the name of an exercise's trained model, or None.

    It is the beginning of the file's SHA-256, so each training has another name (C-49).
    """
    content = _read_file(exercise)
    return None if content is None else sha256(content).hexdigest()[:NAME_LENGTH]


def _read_file(exercise: str) -> bytes | None:
    entry = files("domain.motion") / FOLDER / f"{exercise}.json"
    return entry.read_bytes() if entry.is_file() else None


def from_plain(plain: dict[str, Any]) -> TrainedModel:
    """Read the output of `to_plain`."""
    return TrainedModel(
        round=Cycle(
            weights=tuple((first, second) for first, second in plain["weights"]),
            harmonics=tuple(
                tuple((real, imaginary) for real, imaginary in series)
                for series in plain["harmonics"]
            ),
            pace=(plain["pace"][0], plain["pace"][1]),
        ),
    )


def to_plain(model: TrainedModel) -> dict[str, Any]:
    """Convert to plain data."""
    return {
        "weights": model.round.weights,
        "harmonics": model.round.harmonics,
        "pace": model.round.pace,
    }
