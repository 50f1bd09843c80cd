import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from domain.motion.counting.count_confidence import DOUBTFUL
from domain.motion.signals.skeletons import COCO_17
from tests.cli.conftest import Shell
from tests.damaged_zips import DAMAGES, damaged
from tests.domain.motion.projecting import project_to


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


def array_file(shape: str) -> bytes:
    """Return an array file whose header claims this shape, without any number."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header


@pytest.mark.parametrize(
    "content",
    [
        b"no array",
        array_file("(1000000000000, 33, 4)"),
        array_file(f"({10**30}, 33, 4)"),
        array_file("(5,"),
    ],
    ids=["no array", "more than memory", "beyond integers", "cut off"],
)
def test_a_damaged_array_is_refused(shell: Shell, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clips.npz"
    with ZipFile(path, "w") as archive:
        archive.writestr("squats.npy", content)
    lines = manifest(tmp_path, "clip,exercise\nsquats,squat\n")
    ran = shell.run("landmarks", "count", path, "--manifest", lines)
    sentence = f"kinelog: The clip 'squats' of {path} cannot be read."
    assert (ran.status, ran.sentence) == (30, sentence)


def test_a_single_array_larger_than_memory_is_refused(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "clips.npz"
    path.write_bytes(array_file("(1000000000000, 33, 4)"))
    lines = manifest(tmp_path, "clip,exercise\nsquats,squat\n")
    ran = shell.run("landmarks", "count", path, "--manifest", lines)
    assert (ran.status, str(path) in ran.sentence) == (30, True)


@pytest.mark.parametrize("text", ["", "clip,exercise\n"], ids=["empty", "without rows"])
def test_a_manifest_without_clips_is_refused(
    shell: Shell, clips: Path, tmp_path: Path, text: str
) -> None:
    lines = manifest(tmp_path, text)
    ran = shell.run("landmarks", "count", clips, "--manifest", lines)
    assert (ran.status, ran.sentence) == (30, f"kinelog: {lines} has no clip.")


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
