"""Whole videos through the whole analysis: a film of the sample athlete, and any clips you have.

`KINELOG_CLIPS=FOLDER pytest tests/clips` adds real ones: FOLDER has `clips.csv` with the columns
`id`, `exercise` and `reps` (0 for a hold), and `video/<id>.mp4`.
"""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.mannequin.film import film
from adapters.mannequin.performance import Performance
from application.analysis import Analysis
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin


@dataclass(frozen=True)
class Clip:
    """A video and what is known of it; without a path it is filmed."""

    name: str
    exercise: str
    repetitions: int
    path: Path | None = None


def given_clips() -> list[Clip]:
    folder = os.environ.get("KINELOG_CLIPS")
    if folder is None:
        return []
    with (Path(folder) / "clips.csv").open(newline="", encoding="utf-8") as file:
        return [
            Clip(
                row["id"], row["exercise"], int(row["reps"]),
                Path(folder) / "video" / f"{row['id']}.mp4",
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


CLIPS = [Clip("sample athlete", "biceps_curl", 3), *given_clips()]


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.name)
def test_a_clip_is_counted_within_one(clip: Clip, tmp_path: Path) -> None:
    """R-POS-02: on a video as people make them."""
    path = clip.path or tmp_path / "film.mp4"
    if clip.path is None:
        film(Performance(exercise=clip.exercise, repetitions=clip.repetitions), path)
    with embedded(Settings(home=tmp_path / "home")) as platform:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=platform.new_id())
        told = platform.analyzer.analyze(
            Analysis(video=path, athlete_id=UserId("ada"), exercise=clip.exercise),
            origin=origin,
            progress=lambda _: None,
        ).report
    assert abs(told.repetitions - clip.repetitions) <= 1
    assert len(told.reps) == told.repetitions
