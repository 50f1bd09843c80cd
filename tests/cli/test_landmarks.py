import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from domain.motion.counting.count_confidence import DOUBTFUL
from domain.motion.signals.skeletons import COCO_17
from tests.cli.conftest import Shell
from tests.damaged_zips import DAMAGES, damaged
from tests.domain.motion.test_skeletons import project_to


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    squats = landmarks(Performance(exercise="squat", repetitions=3)).image
    curls = landmarks(Performance(exercise="biceps_curl", repetitions=2, fps=15)).image
    path = tmp_path / "clips.npz"
    arrays: dict[str, Any] = {"set/squats": squats, "set/curls": curls[:, :, :3]}
    np.savez(path, **arrays)
    return path


def manifest(folder: Path, text: str) -> Path:
    path = folder / "clips.csv"
    path.write_text(text)
    return path


def test_clips_are_counted_one_a_line(shell: Shell, clips: Path, tmp_path: Path) -> None:
    """R-POS-02, R-EVT-13: the same fold, without a video."""
    lines = manifest(tmp_path, "clip,exercise,fps\nset/squats,squat,\nset/curls,biceps_curl,15\n")
    ran = shell.run("landmarks", "count", clips, "--manifest", lines, "--fps", "30", "--jsonl")
    assert ran.status == 0, ran.err
    squats, curls = (json.loads(line) for line in ran.out.splitlines())
    assert squats == {"clip": "set/squats", "repetitions": 3, "confidence": squats["confidence"]}
    assert squats["confidence"] > DOUBTFUL
    assert curls == {"clip": "set/curls", "repetitions": 2, "confidence": None}


def test_an_uncertain_count_says_so(shell: Shell, tmp_path: Path) -> None:
    """R-POS-02: of this set, more than half was not seen."""
    image = landmarks(Performance(exercise="squat", repetitions=6)).image
    hidden = image.copy()
    hidden[np.arange(len(hidden)) % 60 < 40] = np.nan
    path = tmp_path / "clips.npz"
    arrays: dict[str, Any] = {"clear": image, "hidden": hidden}
    np.savez(path, **arrays)
    lines = manifest(tmp_path, "clip,exercise\nclear,squat\nhidden,squat\n")
    ran = shell.run("landmarks", "count", path, "--manifest", lines)
    clear, hidden_line = ran.out.splitlines()
    assert clear == "clear: 6"
    assert "uncertain (within one: " in hidden_line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("clip,exercise\nset/none,squat\n", "set/none"),
        ("clip\nset/squats\n", "line 2"),
        ("clip,exercise,fps\nset/squats,squat,nan\n", "fps"),
        ("clip,exercise\nset/squats,somersault\n", "somersault"),
    ],
    ids=["missing clip", "missing column", "strange fps", "unknown exercise"],
)
def test_a_manifest_that_does_not_fit_is_refused(
    shell: Shell, clips: Path, tmp_path: Path, text: str, said: str
) -> None:
    ran = shell.run("landmarks", "count", clips, "--manifest", manifest(tmp_path, text), "--jsonl")
    assert ran.status not in {0, 1, 2}
    assert said in ran.sentence


@pytest.mark.parametrize("content", [b"nothing", b""], ids=["text", "empty"])
def test_a_file_that_holds_no_arrays_is_refused(
    shell: Shell, tmp_path: Path, content: bytes
) -> None:
    strange = tmp_path / "strange.npz"
    strange.write_bytes(content)
    lines = manifest(tmp_path, "clip,exercise\nx,squat\n")
    ran = shell.run("landmarks", "count", strange, "--manifest", lines)
    assert (ran.status, "npz" in ran.sentence) == (30, True)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused(shell: Shell, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "clips.npz"
    arrays: dict[str, Any] = {"squats": landmarks(Performance(exercise="squat")).image}
    np.savez_compressed(path, **arrays)
    path.write_bytes(damaged(path.read_bytes(), damage))
    lines = manifest(tmp_path, "clip,exercise\nsquats,squat\n")
    ran = shell.run("landmarks", "count", path, "--manifest", lines)
    assert (ran.status, str(path) in ran.sentence) == (30, True)


def test_clips_of_another_pose_model_are_counted(shell: Shell, tmp_path: Path) -> None:
    """R-POS-01, C-03."""
    seen = landmarks(Performance(exercise="squat", repetitions=3))
    arrays: dict[str, Any] = {"squats": project_to(COCO_17, seen)}
    path = tmp_path / "movenet.npz"
    np.savez(path, **arrays)
    lines = manifest(tmp_path, "clip,exercise\nsquats,squat\n")
    request = ("landmarks", "count", path, "--manifest", lines, "--jsonl")
    ran = shell.run(*request, "--skeleton", "coco17", "--aspect-ratio", str(640 / 480))
    assert json.loads(ran.out) == {"clip": "squats", "repetitions": 3, "confidence": None}
    ran = shell.run(*request, "--skeleton", "coco18")
    assert (ran.status, "halpe26" in ran.sentence) == (30, True)
