"""Rules of the ghost coach, checked without a browser on sample performances."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from adapters.sample_athlete.athlete import landmarks, truth
from adapters.sample_athlete.movements import MOVEMENTS
from adapters.sample_athlete.performance import Performance
from domain.values import Tempo
from tests.web.nodes import HERE, NODE

USUAL: Final = Tempo(eccentric_s=1.2, bottom_pause_s=0.2, concentric_s=1.0, top_pause_s=0.2)
SLOW: Final = Tempo(eccentric_s=2.4, bottom_pause_s=0.4, concentric_s=2.0, top_pause_s=0.4)

PERFORMED: Final = {
    "squat": Performance(exercise="squat", repetitions=3, tempo=USUAL, fps=20),
    "slow_squat": Performance(exercise="squat", repetitions=3, tempo=SLOW, fps=20),
    "tall_squat": Performance(
        exercise="squat", repetitions=2, tempo=USUAL, fps=20, stature_m=2.0, legs=1.08, arms=0.95
    ),
    "leaning_squat": Performance(
        exercise="squat", repetitions=2, tempo=USUAL, fps=20, faults=("trunk_lean",)
    ),
    "squat_from_ahead": Performance(
        exercise="squat", repetitions=3, tempo=USUAL, fps=20, azimuth_deg=0
    ),
    "curl": Performance(exercise="biceps_curl", repetitions=3, tempo=USUAL, fps=20),
    "noisy_curl": Performance(
        exercise="biceps_curl", repetitions=3, tempo=SLOW, fps=20, landmark_noise_px=2.0, seed=3
    ),
}
"""The recorded and the live performances, by the names that the script uses."""

MOVING: Final = sorted(set(MOVEMENTS) - {"plank"})
"""Exercises with repetitions, without the held plank."""


def again(exercise: str) -> dict[str, Performance]:
    """Return a recorded exercise and a repeat by a taller, slower athlete."""
    recorded = Performance(exercise=exercise, repetitions=1, tempo=USUAL, fps=20)
    done = replace(
        recorded, repetitions=2, tempo=SLOW, fps=15, stature_m=1.85, landmark_noise_px=1.5, seed=5
    )
    return {f"{exercise} once": recorded, f"{exercise} again": done}


def to_script_input(performance: Performance) -> dict[str, Any]:
    """Return a performance as the script reads it.

    Times in seconds; for each frame 132 numbers of its picture and 99 in space; repetitions.
    """
    chunk, expected = landmarks(performance), truth(performance)
    assert chunk.world is not None
    return {
        "timesS": chunk.times_s.tolist(),
        "frames": np.round(chunk.image.astype(np.float64), 5).reshape(len(chunk), -1).tolist(),
        "worlds": np.round(chunk.world.astype(np.float64), 5).reshape(len(chunk), -1).tolist(),
        "aspectRatio": chunk.aspect_ratio,
        "repetitions": [
            {"startS": each.start_s, "endS": each.end_s} for each in expected.repetitions
        ],
    }


def test_the_ghost_coach_keeps_its_rules(tmp_path: Path) -> None:
    """R-RPL-05: scaled, mirrored, in the athlete's tempo; `tests/web/js/ghost.js` has the rules."""
    performed = tmp_path / "performed.json"
    performances = PERFORMED | {name: each for one in MOVING for name, each in again(one).items()}
    performed.write_text(
        json.dumps({name: to_script_input(each) for name, each in performances.items()})
    )
    done = subprocess.run(
        [NODE, "--test", HERE / "ghost.js"],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PERFORMED": str(performed)},
    )
    assert done.returncode == 0, done.stdout
