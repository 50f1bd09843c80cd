"""Real films through the whole analysis, counted beside what people counted in them.

FOLDER has `clips.csv` with the columns `id`, `exercise` and `reps` (0 for a hold, left out), and
`video/<id>.mp4`. Run `python -m scripts.count_clips FOLDER [--json]`; 29 films take some minutes.
"""

import argparse
import csv
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from application.analysis import Analysis
from application.session_report import SessionReport
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin


@dataclass(frozen=True)
class Clip:
    """A film and what is known of it."""

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


def analyzed(clip: Clip, home: Path) -> SessionReport:
    """Analyze a film in a data folder of its own, its exercise known."""
    with embedded(Settings(home=home)) as platform:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=platform.new_id())
        asked = Analysis(video=clip.path, athlete_id=UserId("ada"), exercise=clip.exercise)
        done = platform.analyzer.analyze(asked, origin=origin, progress=lambda _: None)
    return done.report


def run(folder: Path) -> list[dict[str, Any]]:
    """Count every film that has repetitions."""
    rows: list[dict[str, Any]] = []
    for clip in clips(folder):
        if clip.repetitions == 0:
            continue
        with tempfile.TemporaryDirectory() as home:
            counted = analyzed(clip, Path(home)).repetitions
        rows.append({"clip": clip.name, "people": clip.repetitions, "kinelog": counted})
    return rows


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Films, counted beside people.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = run(asked.folder)
    errors = [abs(row["people"] - row["kinelog"]) for row in rows]
    sums = {
        "films": len(rows),
        "exact": sum(error == 0 for error in errors),
        "within_one": sum(error <= 1 for error in errors),
    }
    if asked.json:
        print(json.dumps({**sums, "rows": rows}))
        return
    for row in rows:
        mark = "" if row["people"] == row["kinelog"] else "  <"
        print(f"{row['clip']:20} {row['people']:4} {row['kinelog']:4}{mark}")
    print(f"exact {sums['exact']} of {sums['films']}, within one {sums['within_one']}")


if __name__ == "__main__":
    main()
