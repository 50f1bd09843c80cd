"""Generated file: a few poses of each exercise, from which pages draw small moving figures.

A page with a tile for each exercise would otherwise load all demonstrations, of 25 kB each.
"""

import json
from pathlib import Path
from typing import Final

import numpy as np

from adapters.sample_athlete.demonstration import demonstration
from bootstrap import generated_files
from domain.motion.exercises.library import all_exercises
from domain.motion.landmarks import PoseChunk

SCRIPT: Final = "src/exercises/key-poses.ts"

LANDMARKS: Final = (0, 7, 8, *range(11, 17), 19, 20, *range(23, 33))
"""The landmarks that skeletons are drawn from."""

POSES: Final = 9
"""Poses of one loop; pages blend between them."""

UNITS: Final = 250
"""Coordinates are whole numbers of these parts of the picture."""

HEAD: Final = """/**
 * Poses of one repetition of each exercise. `make schema` generates this file from the sample
 * athlete.
 * @module
 */

/** BlazePose landmarks of each pose, in order. */
export const LANDMARKS = {landmarks};

/** Parts of the width and height of the picture in a coordinate. */
export const UNITS = {units};

/**
 * By exercise: the length of the loop, and its poses at equal distances in time, each as x and y of
 * the landmarks.
 */
export const KEY_POSES: Record<string, {{ lengthMs: number, poses: number[][] }}> = {{
"""


def documents() -> dict[str, str]:
    """Generate the file, by its name under `web/`."""
    lines = [HEAD.format(landmarks=json.dumps(LANDMARKS), units=UNITS)]
    for exercise in all_exercises():
        shown = demonstration(exercise)
        if shown is not None:
            loop = json.dumps({"lengthMs": _length_ms(shown), "poses": _poses(shown)})
            lines.append(f"  {exercise}: {loop},\n")
    return {SCRIPT: "".join([*lines, "};\n"])}


def write(folder: Path) -> None:
    """Write the file into the folder of the pages."""
    generated_files.write(folder, documents())


def check(folder: Path) -> list[str]:
    """List the files that are missing or differ from the sample athlete."""
    return generated_files.outdated(folder, documents())


def _length_ms(shown: PoseChunk) -> int:
    return round(1000 * float(shown.times_s[-1]))


def _poses(shown: PoseChunk) -> list[list[int]]:
    """Return poses at equal distances in time; the last is followed by the first."""
    frames = np.linspace(0, len(shown) - 1, POSES, endpoint=False).round().astype(int)
    places = shown.image[frames][:, LANDMARKS, :2]
    return [[round(float(each)) for each in (UNITS * pose).ravel()] for pose in places]
