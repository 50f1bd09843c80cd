"""Evaluation of the complete video analysis: recognized exercises and counts against the truth.

Recognition and counting are evaluated separately: each clip is counted as its true exercise. FOLDER
has `clips.csv` with the columns `id`, `exercise` and `reps` (0 for a hold), and `video/<id>.mp4`.
Run `python -m tools.counting.count_clips FOLDER [--json]`; 30 clips take some minutes.
"""

import argparse
import csv
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from application.analysis.video_analyzer import AnalysisRequest, ExerciseNotRecognised
from application.sessions.report import SessionReport
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin


@dataclass(frozen=True)
class Clip:
    """Video file with its true exercise and count."""

    name: str
    exercise: str
    repetitions: int
    path: Path


def clips(folder: Path) -> Iterator[Clip]:
    """Read the manifest of a folder."""
    with (folder / "clips.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            path = folder / "video" / f"{row['id']}.mp4"
            yield Clip(row["id"], row["exercise"], int(row["reps"]), path)


def analyzed(path: Path, exercise: str | None, home: Path) -> SessionReport:
    """Analyze a video in a data folder of its own; recognize the exercise if none is given.

    Raises ExerciseNotRecognised.
    """
    with embedded(Settings(home=home)) as platform:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=platform.new_id())
        arguments = AnalysisRequest(video=path, athlete_id=UserId("ada"), exercise=exercise)
        done = platform.analyzer.analyze(arguments, origin=origin, progress=lambda _: None)
    return done.report


def recognised(path: Path, home: Path) -> SessionReport | None:
    """Return the recognized exercise of a video; None if it was not recognized."""
    try:
        return analyzed(path, None, home)
    except ExerciseNotRecognised:
        return None


def row(clip: Clip, home: Path) -> dict[str, Any]:
    """Return the recognized exercise of a video, and its count as the true exercise."""
    report = recognised(clip.path, home / "unknown")
    named = None if report is None else report.exercise
    if report is None or named != clip.exercise:
        report = analyzed(clip.path, clip.exercise, home / "known")
    counted = None if clip.repetitions == 0 else report.repetitions
    return {
        "clip": clip.name,
        "exercise": clip.exercise,
        "recognised": named,
        "people": clip.repetitions,
        "kinelog": counted,
    }


def run(folder: Path) -> Iterator[dict[str, Any]]:
    """Evaluate every video; holds have no count."""
    for clip in clips(folder):
        with tempfile.TemporaryDirectory() as home:
            yield row(clip, Path(home))


def figures(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Count the videos that were recognized, counted exactly, and counted within one."""
    errors = [abs(row["people"] - row["kinelog"]) for row in rows if row["kinelog"] is not None]
    return {
        "videos": len(rows),
        "recognised": sum(row["recognised"] == row["exercise"] for row in rows),
        "counted": len(errors),
        "exact": sum(error == 0 for error in errors),
        "within_one": sum(error <= 1 for error in errors),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Videos, named and counted beside people.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for each in run(arguments.folder):
        rows.append(each)
        line = "{clip:20} {exercise!s:16} {recognised!s:16} {people:4} {kinelog!s:>5}".format(
            **each
        )
        print(line, file=sys.stderr if arguments.json else sys.stdout, flush=True)
    sums = figures(rows)
    if arguments.json:
        print(json.dumps({**sums, "rows": rows}))
        return
    print(
        f"recognised {sums['recognised']} of {sums['videos']}; counted exactly {sums['exact']}"
        f" of {sums['counted']}, within one {sums['within_one']}"
    )


if __name__ == "__main__":
    main()
