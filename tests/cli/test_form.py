"""`kinelog form evaluate`."""

from pathlib import Path

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from tests.cli.conftest import Shell


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Landmarks of a correct and of a shallow set, and their labels."""
    for name, faults in (("good", ()), ("short", ("partial_range",))):
        chunk = landmarks(Performance(exercise="push_up", repetitions=3, faults=faults, fps=15))
        assert chunk.world is not None
        np.savez(
            tmp_path / f"{name}.npz",
            times_s=chunk.times_s,
            image=chunk.image,
            world=chunk.world,
            aspect_ratio=chunk.aspect_ratio,
        )
    labels = "file,label,exercise,source\ngood.npz,correct,push_up,x\n"
    (tmp_path / "labels.csv").write_text(labels + "short.npz,partial_range,push_up,y\n")
    return tmp_path


def test_labels_and_verdicts_are_compared(shell: Shell, films: Path) -> None:
    """R-POS-05."""
    ran = shell.run("form", "evaluate", films, "--labels", films / "labels.csv", "--json")
    assert ran.status == 0, ran.err
    any_fault, short = ran.json["figures"]
    assert (any_fault["fault"], short["fault"]) == (None, "partial_range")
    assert any_fault["auc"] == short["auc"] == short["precision"] == short["recall"] == 1.0
    assert short["false_alarms"] == 0.0
    assert [film["film"]["source"] for film in ran.json["films"]] == ["x", "y"]
    assert ran.json["refused"] == {}


def test_a_table_is_printed(shell: Shell, films: Path) -> None:
    """R-POS-05."""
    ran = shell.run("form", "evaluate", films, "--labels", films / "labels.csv")
    assert ran.status == 0, ran.err
    assert "partial_range" in ran.out
    assert "false alarms" in ran.out


def test_a_film_that_cannot_be_analyzed_is_named_and_the_others_are_evaluated(
    shell: Shell, films: Path
) -> None:
    """R-POS-05."""
    with (films / "labels.csv").open("a") as labels:
        labels.write("missing.mp4,wrong,push_up,z\nbroken.npz,wrong,push_up,z\n")
    (films / "broken.npz").write_bytes(b"no landmarks")
    ran = shell.run("form", "evaluate", films, "--labels", films / "labels.csv", "--json")
    assert ran.status == 1
    assert ran.json["refused"] == {
        "missing.mp4": "video.missing",
        "broken.npz": "landmarks.invalid",
    }
    assert len(ran.json["films"]) == 2


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("file,label\ngood.npz,correct\n", 16, "exercise"),
        ("file,label,exercise\ngood.npz,round_back,push_up\n", 30, "line 2"),
        ("file,label,exercise\ngood.npz,correct hips_piked,push_up\n", 30, "line 2"),
        ("file,label\n", 30, "no film"),
        ("file,exercise\ngood.npz,push_up\n", 30, "label are required"),
    ],
)
def test_invalid_labels_are_refused(
    shell: Shell, films: Path, text: str, status: int, words: str
) -> None:
    """R-POS-05."""
    (films / "labels.csv").write_text(text)
    ran = shell.run("form", "evaluate", films, "--labels", films / "labels.csv")
    assert ran.status == status
    assert words in ran.sentence


def test_a_film_is_analyzed_by_the_pose_model_once(
    shell: Shell, squats: Path, tmp_path: Path
) -> None:
    """R-POS-05, R-POS-01: an interrupted evaluation continues where it stopped."""
    labels, cache = tmp_path / "films.csv", tmp_path / "landmarks"
    labels.write_text(f"file,label,exercise\n{squats.name},correct,squat\n")
    arguments = ("form", "evaluate", squats.parent, "--labels", labels, "--cache", cache, "--json")
    first = shell.run(*arguments)
    assert first.status == 0, first.err
    (kept,) = cache.iterdir()
    written = kept.stat().st_mtime_ns
    assert shell.run(*arguments).json == first.json
    assert kept.stat().st_mtime_ns == written
    assert first.json["films"][0]["repetitions"] == 3
