"""How often the motion fold counts right: one answer per clip, the exercise known.

    python scripts/count_accuracy.py --landmarks FILE.npz --manifest FILE.csv
    python scripts/count_accuracy.py --landmarks FOLDER --manifest FILE.csv [--json]

The manifest has the columns clip (or id), exercise, count (or reps), and optionally fps. The
landmarks are one .npz with an array (frames, 33, 3 or 4) per clip, or a folder with one
<clip>.npz each, of times_s, image, world and aspect_ratio. An all-zero frame shows nobody.

OBO is the share of clips counted within one, MAE the mean of |count - truth| / truth.
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from domain.motion.catalogue import catalogue
from domain.motion.fold import fold
from domain.motion.landmarks import LANDMARK_COUNT, PoseChunk

FRAMES_A_CHUNK = 15


@dataclass(frozen=True)
class Counted:
    """One clip: its truth and the fold's answer."""

    clip: str
    exercise: str
    truth: int
    count: int


def main() -> int:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description="Count repetitions in landmark files.")
    parser.add_argument("--landmarks", type=Path, required=True, help=".npz file or folder")
    parser.add_argument("--manifest", type=Path, required=True, help=".csv file")
    parser.add_argument("--fps", type=float, default=30.0, help="where the manifest gives none")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = parser.parse_args()
    counted = list(count_all(given.landmarks, given.manifest, given.fps))
    if not counted:
        sys.exit("No clip of the manifest is an exercise that is counted.")
    if given.json:
        print(json.dumps(summary(counted), indent=2))
    else:
        print(table(counted))
    return 0


def count_all(landmarks: Path, manifest: Path, default_fps: float) -> Iterator[Counted]:
    """Count every clip of the manifest whose exercise has repetitions."""
    with manifest.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            definition = catalogue().get(row["exercise"])
            if definition is None or definition.kind == "hold":
                continue
            clip = row.get("clip") or row["id"]
            chunk = load(landmarks, clip, frame_rate(row.get("fps"), default_fps))
            state = fold(definition, cut(chunk)).state
            truth = int(row.get("count") or row["reps"])
            yield Counted(clip, definition.id, truth, state.repetitions)


def frame_rate(given: str | None, default: float) -> float:
    """Read frames a second, as a number or a fraction."""
    if not given:
        return default
    above, _, below = given.partition("/")
    return float(above) / float(below or 1)


def load(landmarks: Path, clip: str, fps: float) -> PoseChunk:
    """Read one clip's landmarks from the file of all clips or from its own file."""
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


def figures(counted: list[Counted]) -> dict[str, float]:
    """Summarise some clips: how many, exact, within one, and mean relative error."""
    off = [abs(clip.count - clip.truth) for clip in counted]
    return {
        "clips": len(counted),
        "exact": sum(miss == 0 for miss in off) / len(off),
        "obo": sum(miss <= 1 for miss in off) / len(off),
        "mae": sum(miss / max(clip.truth, 1) for miss, clip in zip(off, counted, strict=True))
        / len(off),
    }


def summary(counted: list[Counted]) -> dict[str, object]:
    """All figures: in total, by exercise, and each clip's answer."""
    exercises = sorted({clip.exercise for clip in counted})
    return {
        "total": figures(counted),
        "exercises": {
            name: figures([clip for clip in counted if clip.exercise == name]) for name in exercises
        },
        "clips": {clip.clip: {"truth": clip.truth, "count": clip.count} for clip in counted},
    }


def table(counted: list[Counted]) -> str:
    """Write a line per exercise and one for the total."""
    lines = [f"{'exercise':<16}{'clips':>6}{'exact':>8}{'OBO':>8}{'MAE':>8}"]
    for name in [*sorted({clip.exercise for clip in counted}), "total"]:
        chosen = [clip for clip in counted if name in {clip.exercise, "total"}]
        found = figures(chosen)
        lines.append(
            f"{name:<16}{found['clips']:>6}{found['exact']:>8.3f}"
            f"{found['obo']:>8.3f}{found['mae']:>8.3f}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
