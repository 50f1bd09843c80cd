"""The README's commands about videos, sessions and landmarks, with files of their names."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from tests.readme import ROOT, Terminal, check_out


@pytest.mark.slow
def test_the_commands_of_the_readme_for_videos_and_sessions_run(
    tmp_path: Path, squats: Path
) -> None:
    """R-POS-12, R-EVT-13: in the order of the README, with a new data folder."""
    folder = tmp_path / "checkout"
    check_out(folder)
    terminal = Terminal(folder, {"KINELOG_HOME": str(tmp_path / "home"), "COLUMNS": "200"})
    for name in ("squat.mp4", "clip.mov"):
        shutil.copy(squats, folder / name)
    performed = landmarks(Performance(exercise="squat", repetitions=3))
    np.savez(folder / "landmarks.npz", allow_pickle=False, squats=performed.image)
    (folder / "clips.csv").write_text("clip,exercise\nsquats,squat\n")
    analyzed = terminal.run_block("kinelog analyze")
    assert "squat: 3 repetitions" in analyzed.by("squat.mp4")
    assert "squat: 3 repetitions" in analyzed.by("clip.mov")
    assert (folder / "annotated.mp4").stat().st_size > 0
    counted = analyzed.by("landmarks count").splitlines()[0]
    count = json.loads(counted)
    assert (count["clip"], count["repetitions"]) == ("squats", 3)
    assert 0.5 < count["confidence"] <= 1.0

    shutil.copy(ROOT / "domain/motion/exercises/squat.toml", folder / "my_squat.toml")
    looked = terminal.run_block("sessions what-if")
    assert terminal.names["SESSION"] in looked.by("sessions list")
    assert "No differences." in looked.by("sessions what-if")
