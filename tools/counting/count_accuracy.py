"""Counting accuracy of the motion fold: one count per clip of a given exercise.

    python -m tools.counting.count_accuracy --landmarks FILE.npz --manifest FILE.csv
    python -m tools.counting.count_accuracy --landmarks FOLDER --manifest FILE.csv [--json]

`tools/counting/examples.py` describes both formats.

OBO is the share of clips counted within one, MAE the mean of |count - truth| / truth.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from domain.motion.exercises.library import get_exercise
from domain.motion.fold import fold
from tools.counting.examples import Example, cut, examples


@dataclass(frozen=True)
class Counted:
    """One clip: its ground truth and the fold's count."""

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
    options = parser.parse_args()
    clips = examples(options.landmarks, options.manifest, options.fps)
    counted = [count(example) for example in clips]
    if not counted:
        sys.exit("No clip of the manifest is an exercise that is counted.")
    if options.json:
        print(json.dumps(summary(counted), indent=2))
    else:
        print(table(counted))
    return 0


def count(example: Example) -> Counted:
    """Count one clip as a live session would."""
    state = fold(get_exercise(example.exercise), cut(example.chunk)).state
    return Counted(example.clip, example.exercise, example.truth, state.repetitions)


def figures(counted: list[Counted]) -> dict[str, float]:
    """Summarize clips: number, exact counts, counts within one, mean relative error."""
    off = [abs(clip.count - clip.truth) for clip in counted]
    return {
        "clips": len(counted),
        "exact": sum(miss == 0 for miss in off) / len(off),
        "obo": sum(miss <= 1 for miss in off) / len(off),
        "mae": sum(miss / max(clip.truth, 1) for miss, clip in zip(off, counted, strict=True))
        / len(off),
    }


def names(counted: list[Counted]) -> list[str]:
    """Return the exercises of clips in alphabetical order."""
    return sorted({clip.exercise for clip in counted})


def summary(counted: list[Counted]) -> dict[str, object]:
    """All figures: in total, by exercise, and each clip's answer."""
    return {
        "total": figures(counted),
        "exercises": {
            name: figures([clip for clip in counted if clip.exercise == name])
            for name in names(counted)
        },
        "clips": {clip.clip: {"truth": clip.truth, "count": clip.count} for clip in counted},
    }


def table(counted: list[Counted]) -> str:
    """Write a line per exercise and one for the total."""
    lines = [f"{'exercise':<16}{'clips':>6}{'exact':>8}{'OBO':>8}{'MAE':>8}"]
    for name in [*names(counted), "total"]:
        chosen = [clip for clip in counted if name in {clip.exercise, "total"}]
        totals = figures(chosen)
        lines.append(
            f"{name:<16}{totals['clips']:>6}{totals['exact']:>8.3f}"
            f"{totals['obo']:>8.3f}{totals['mae']:>8.3f}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
