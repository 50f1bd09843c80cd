"""Whole videos through the whole analysis: the sample athlete and, optionally, your own clips.

`KINELOG_CLIPS=FOLDER pytest tests/clips` adds real ones; `tools/counting/count_clips.py`
documents the layout of FOLDER.
"""

import os
from pathlib import Path

import pytest

from adapters.sample_athlete.performance import Performance
from tools.counting.count_clips import Clip, analyzed, clips
from tools.film_studio.video import render_video

FOLDER = os.environ.get("KINELOG_CLIPS")
GIVEN = [] if FOLDER is None else list(clips(Path(FOLDER)))


def counted_within_one(clip: Clip, home: Path) -> None:
    result = analyzed(clip.path, clip.exercise, home)
    assert abs(result.repetitions - clip.repetitions) <= 1
    assert len(result.reps) == result.repetitions


@pytest.mark.slow
def test_a_video_of_the_sample_athlete_is_counted_within_one(tmp_path: Path) -> None:
    """R-POS-02"""
    path = tmp_path / "video.mp4"
    render_video(Performance(exercise="biceps_curl", repetitions=3), path)
    counted_within_one(Clip("sample athlete", "biceps_curl", 3, path), tmp_path / "home")


if GIVEN:  # a separate test if there are clips, and no skipped one if there are none

    @pytest.mark.slow
    @pytest.mark.parametrize("clip", GIVEN, ids=lambda clip: clip.name)
    def test_a_clip_is_counted_within_one(clip: Clip, tmp_path: Path) -> None:
        """R-POS-02: on a recorded video."""
        counted_within_one(clip, tmp_path / "home")
