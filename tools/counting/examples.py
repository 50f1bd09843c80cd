"""Labeled clips with their repetition counts, and for some clips the repetition boundaries.

A manifest has the columns clip (or id), exercise, count (or reps), and optionally fps and
rep_boundaries (frames at which each repetition begins and ends, in pairs). Landmarks are one .npz
with an array (frames, 33, 3 or 4) per clip, or a folder with one <clip>.npz each, of times_s,
image, world and aspect_ratio. A frame of zeros has no person.
"""

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from domain.motion.exercises.library import all_exercises
from domain.motion.landmarks import LANDMARK_COUNT, PoseChunk

FRAMES_A_CHUNK = 15


@dataclass(frozen=True)
class Example:
    """Labeled clip. `boundaries`: seconds at which each labeled repetition begins and ends."""

    clip: str
    exercise: str
    truth: int
    chunk: PoseChunk
    boundaries: tuple[tuple[float, float], ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name labeled clips."""
    parser.add_argument(
        "--examples",
        nargs=2,
        type=Path,
        action="append",
        required=True,
        metavar=("LANDMARKS", "MANIFEST"),
        help="may be given several times",
    )
    parser.add_argument("--fps", type=float, default=30.0, help="where a manifest gives none")


def read_sources(options: argparse.Namespace) -> list[list[Example]]:
    """Read the clips that the arguments name, a list for each `--examples`."""
    return [
        list(examples(landmarks, manifest, options.fps)) for landmarks, manifest in options.examples
    ]


def examples(landmarks: Path, manifest: Path, default_fps: float) -> Iterator[Example]:
    """Read every clip of the manifest whose exercise has repetitions."""
    with manifest.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            definition = all_exercises().get(row["exercise"])
            if definition is None or definition.kind == "hold":
                continue
            fps = frame_rate(row.get("fps"), default_fps)
            clip = row.get("clip") or row["id"]
            frames = [int(frame) / fps for frame in (row.get("rep_boundaries") or "").split()]
            yield Example(
                clip=clip,
                exercise=definition.id,
                truth=int(row.get("count") or row["reps"]),
                chunk=load(landmarks, clip, fps),
                boundaries=tuple(zip(frames[::2], frames[1::2], strict=False)),
            )


def frame_rate(text: str | None, default: float) -> float:
    """Parse frames per second, a number or a fraction."""
    if not text:
        return default
    above, _, below = text.partition("/")
    return float(above) / float(below or 1)


def load(landmarks: Path, clip: str, fps: float) -> PoseChunk:
    """Load the landmarks of one clip from the file of all clips or from its own file."""
    if landmarks.is_dir():
        with np.load(landmarks / f"{clip}.npz") as arrays:
            aspect_ratio = float(arrays["aspect_ratio"])
            return PoseChunk(arrays["times_s"], arrays["image"], arrays["world"], aspect_ratio)
    with np.load(landmarks) as arrays:
        points = arrays[clip].astype(np.float32)
    image = np.ones((len(points), LANDMARK_COUNT, 4), np.float32)
    image[:, :, : points.shape[2]] = points
    image[~points.any(axis=(1, 2))] = np.nan
    return PoseChunk(np.arange(len(points)) / fps, image)


def cut(chunk: PoseChunk) -> Iterator[PoseChunk]:
    """Feed the fold half-second chunks, as a live camera does."""
    for start in range(0, len(chunk), FRAMES_A_CHUNK):
        part = slice(start, start + FRAMES_A_CHUNK)
        world = None if chunk.world is None else chunk.world[part]
        yield PoseChunk(chunk.times_s[part], chunk.image[part], world, chunk.aspect_ratio)


def boxed(example: Example) -> Example:
    """Return the clip as from a source of unknown scale: each axis from 0 to 1, no meters."""
    if example.chunk.world is None:
        return example
    image = example.chunk.image.copy()
    points = image[:, :, :3]
    low, high = points.min(axis=1, keepdims=True), points.max(axis=1, keepdims=True)
    image[:, :, :3] = (points - low) / np.maximum(high - low, 1e-6)
    return replace(example, chunk=PoseChunk(example.chunk.times_s, image))
