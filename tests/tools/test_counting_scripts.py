"""The scripts that train counting and measure its accuracy."""

import csv
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from domain.motion.counting.count_confidence import Evidence, probability
from domain.motion.counting.trained_model import TrainedModel, from_plain
from tools.counting import (
    count_accuracy,
    count_confidence,
    cross_validate,
    nested_cross_validate,
)
from tools.counting import train as train_counting
from tools.counting.examples import boxed, examples
from tools.counting.simulated import with_athletes
from tools.counting.train import prepared
from tools.counting.training import Prepared, train

COUNTS = (3, 4, 5, 3, 4, 6)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Create landmark files and a manifest of squats from several sides and one plank."""
    folder = tmp_path_factory.mktemp("clips")
    rows: list[dict[str, object]] = []
    for number, repetitions in enumerate(COUNTS):
        chunk = landmarks(
            Performance(
                repetitions=repetitions,
                azimuth_deg=15.0 * number,
                landmark_noise_px=1.0,
                seed=number,
                fps=15,
            )
        )
        assert chunk.world is not None
        np.savez(
            folder / f"clip{number}.npz",
            times_s=chunk.times_s,
            image=chunk.image,
            world=chunk.world,
            aspect_ratio=chunk.aspect_ratio,
        )
        rows.append(
            {"id": f"clip{number}", "exercise": "squat", "reps": repetitions, "fps": "15/1"}
        )
    rows.append({"id": "plank", "exercise": "plank", "reps": 0, "fps": "15/1"})
    manifest = folder / "manifest.csv"
    with manifest.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder, manifest


def run(monkeypatch: pytest.MonkeyPatch, main: Callable[[], int], *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["script", *map(str, arguments)])
    assert main() == 0


def test_only_exercises_with_repetitions_are_examples(clips: tuple[Path, Path]) -> None:
    assert [example.truth for example in examples(*clips, 30.0)] == list(COUNTS)


def test_a_boxed_example_has_no_metres_and_fills_the_box(clips: tuple[Path, Path]) -> None:
    example = boxed(next(examples(*clips, 30.0)))
    assert example.chunk.world is None
    points = example.chunk.image[:, :, :3]
    assert np.allclose(points.min(axis=1), 0.0)
    assert np.allclose(points.max(axis=1), 1.0)


def test_the_same_examples_teach_the_same(
    clips: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    for name in ("once", "again"):
        into = tmp_path / name
        run(monkeypatch, train_counting.main, "--examples", *clips, "--into", into)
        assert [path.name for path in into.iterdir()] == ["squat.json"]
        written.append((into / "squat.json").read_text(encoding="utf-8"))
    assert written[0] == written[1]
    assert from_plain(json.loads(written[0])).round.pace[0] == pytest.approx(1.1, abs=0.3)


def test_no_clip_is_counted_by_a_model_trained_on_it(
    clips: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    taught: list[set[str]] = []

    def watched(prepared: Iterable[Prepared]) -> dict[str, TrainedModel]:
        listed = list(prepared)
        taught.append({clip.example.clip for clip in listed})
        return train(listed)

    monkeypatch.setattr("tools.counting.cross_validate.train", watched)
    arguments = ("--examples", *clips, "--folds", 3, "--partitions", 1, "--json")
    run(monkeypatch, cross_validate.main, *arguments)
    everyone = {f"clip{number}" for number in range(len(COUNTS))}
    left_out = [everyone - each for each in taught]
    assert sorted(clip for each in left_out for clip in each) == sorted(everyone)
    result = json.loads(capsys.readouterr().out)
    assert result["total"]["middle"]["obo"] == 1.0


def test_the_accuracy_of_each_exercise_is_printed(
    clips: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    landmark_files, manifest = clips
    run(monkeypatch, count_accuracy.main, "--landmarks", landmark_files, "--manifest", manifest)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["squat", "6", "1.000", "1.000", "0.000"]


def rated(right: list[bool]) -> list[count_confidence.Rated]:
    """Return counts of which the scattered ones tend to be wrong."""
    return [
        count_confidence.Rated(Evidence(0.0, 0.0 if each else 1.0, 0.2, 0.0), right=each)
        for each in right
    ]


def test_confidence_is_fitted_to_what_tells_right_from_wrong() -> None:
    model = count_confidence.fit([*rated([True] * 30), *rated([False] * 10)])
    clear, scattered = rated([True, False])
    assert probability(clear.found, model) > 0.8
    assert probability(scattered.found, model) < 0.5
    assert model.weights[0] == 0.0


def test_confidence_can_be_fitted_where_every_count_is_right() -> None:
    model = count_confidence.fit(rated([True] * 8))
    assert 0.9 < probability(Evidence(0.0, 0.0, 0.2, 0.0), model) < 1.0


def test_the_calibration_error_is_the_distance_from_the_diagonal() -> None:
    confidences = np.array([0.95] * 10 + [0.3] * 10)
    right = np.array([1.0] * 9 + [0.0] + [1.0] * 7 + [0.0] * 3)
    assert count_confidence.calibration_error(confidences, right) == pytest.approx(0.225)


def test_the_reliability_of_the_confidence_is_printed_and_drawn(
    clips: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shipped, drawn = tmp_path / "confidence.json", tmp_path / "confidence.svg"
    monkeypatch.setattr(count_confidence, "SHIPPED", shipped)
    monkeypatch.setattr("tools.counting.training.LEAST_EXAMPLES", 2)
    arguments = ("--examples", *clips, "--folds", 3, "--partitions", 1, "--plot", drawn, "--write")
    run(monkeypatch, count_confidence.main, *arguments)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].split() == ["confidence", "clips", "mean", "within", "one"]
    assert sum(float(line.split()[3]) for line in printed[1:-3]) == 2 * len(COUNTS)
    assert drawn.read_text(encoding="utf-8").startswith("<?xml")
    assert set(json.loads(shipped.read_text(encoding="utf-8"))) == {"constant", "weights"}


def test_simulated_sets_are_added_where_enough_people_were_filmed(
    clips: tuple[Path, Path],
) -> None:
    ready = prepared(examples(*clips, 30.0))
    added = with_athletes(ready, 3)[len(ready) :]
    assert [each.example.exercise for each in added] == ["squat"] * 3
    assert all(each.example.chunk.world is None for each in added)
    assert len({each.example.truth for each in added}) > 1
    assert [each.measures.tolist() for each in added] == [
        each.measures.tolist() for each in with_athletes(ready, 3)[len(ready) :]
    ]
    assert with_athletes(ready[:3], 3) == ready[:3]


def test_each_choice_is_made_without_the_clips_that_are_counted(
    clips: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen_on: list[set[str]] = []
    choose = nested_cross_validate.choose

    def watched(
        taught: cross_validate.Clips, folds: int, partition: int
    ) -> nested_cross_validate.Way:
        chosen_on.append({clip.example.clip for clip, _ in taught})
        return choose(taught, folds, partition)

    monkeypatch.setattr(nested_cross_validate, "choose", watched)
    monkeypatch.setattr(nested_cross_validate, "ATHLETES", (0, 1))
    arguments = ("--examples", *clips, "--folds", 3, "--partitions", 1)
    run(monkeypatch, nested_cross_validate.main, *arguments)
    everyone = {f"clip{number}" for number in range(len(COUNTS))}
    left_out = [everyone - each for each in chosen_on]
    assert sorted(clip for each in left_out for clip in each) == sorted(everyone)
    printed = capsys.readouterr().out.splitlines()
    assert printed[1] == f"mean: exact 1.000, OBO 1.000, MAE 0.000 of {len(COUNTS)} clips"
