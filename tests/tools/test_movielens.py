"""R-REC-10: the public log of recommendations is downloaded once, and split by time."""

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks._item_rankings import (
    Matrix,
    by_model,
    interactions,
    item_names,
    kinelog_model,
    qualities,
)
from benchmarks.recommending_movielens import best_parameters, interval, measure, split
from tools.local_services.binaries import ProgramMissing
from tools.movielens import COLUMNS, FILE, Interaction, load_movielens, movielens, read_log

LINES = f"{COLUMNS}\nbea\t2\t1\t30\nada\t1\t5\t20\nada\t2\t3\t10\n"


def log_of(*rows: tuple[str, str, float]) -> list[Interaction]:
    return [Interaction(*row) for row in rows]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINELOG_CACHE", str(tmp_path))
    return tmp_path


def test_a_log_is_downloaded_once_and_read_oldest_first(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[Any]] = []

    def install(command: list[Any], **_: object) -> None:
        calls.append(command)
        assert "--require-hashes" in command
        file = Path(command[command.index("--target") + 1]) / FILE
        file.parent.mkdir(parents=True)
        file.write_text(LINES)

    monkeypatch.setattr(subprocess, "run", install)
    wanted = log_of(("ada", "2", 10.0), ("ada", "1", 20.0), ("bea", "2", 30.0))
    assert load_movielens() == load_movielens() == wanted
    assert len(calls) == 1
    assert movielens().is_relative_to(cache)


def test_a_failed_download_says_why_in_one_sentence(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So does one with another checksum, which uv refuses; and no file is left."""
    program = tmp_path / "uv"
    program.write_text("#!/bin/sh\necho 'error: Hash mismatch\n  for it' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr("tools.movielens.UV", program)
    with pytest.raises(ProgramMissing, match=r"could not be downloaded.*Hash mismatch for it$"):
        load_movielens()
    monkeypatch.setattr("tools.movielens.UV", tmp_path / "none")
    with pytest.raises(ProgramMissing, match="run `make setup`"):
        load_movielens()
    assert not list(cache.rglob("*.inter"))


def test_another_log_is_refused() -> None:
    with pytest.raises(ValueError, match="the columns are 'user,item'"):
        read_log("user,item\n1,2\n")


def test_a_split_is_at_one_time_for_all_people() -> None:
    """The test part has later interactions: new to their person, of known people and items."""
    log = log_of(
        ("ada", "a", 1), ("bea", "b", 2), ("bea", "a", 3), ("ada", "a", 3),
        ("ada", "b", 4), ("ada", "a", 5), ("cleo", "a", 6), ("bea", "c", 7),
        ("bea", "a", 8), ("ada", "c", 9),
    )  # fmt: skip
    found = split(log, 0.3, 0.8)
    assert found.done.tolist() == [[1.0, 0.0], [1.0, 1.0]]
    assert found.after == [{1}, set()]


def test_ranks_have_gains_and_recall_by_hand() -> None:
    """What a person did before is not ranked; people who did nothing new do not count."""
    done = interactions([[0], [1]], items=12)
    scores = np.tile(np.arange(12, 0, -1.0), (2, 1))
    measured = qualities(scores, done, [{2, 11}, set()])
    ideal = 1.0 + 1.0 / np.log2(3)
    assert measured == pytest.approx(np.array([[1.0 / np.log2(3) / ideal, 0.5]]))


def test_scores_of_kinelog_are_the_affinities_of_its_model() -> None:
    chance = np.random.default_rng(2)
    done = (chance.random((60, 15)) < np.linspace(0.1, 0.6, 15)).astype(float)
    scores, names = by_model(done), item_names(15)
    model = kinelog_model(done)
    for row, ranked in zip(done, scores, strict=True):
        affinities = model.affinities({names[item] for item in np.flatnonzero(row)})
        wanted = [affinities.get(name, 0.0) for name in names]
        assert ranked == pytest.approx(wanted, abs=1e-4)


def test_parameters_are_the_best_before_the_test() -> None:
    earlier = [("bea", f"i{item:02}", float(item)) for item in range(12)]
    later = [("ada", "i11", 13.0), ("bea", "i12", 14.0), ("ada", "i01", 15.0)]
    choosing = split(log_of(*earlier, ("ada", "i00", 12.0), *later), 13 / 16, 14 / 16)

    def by_place(done: Matrix, sign: float) -> Matrix:
        return np.broadcast_to(sign * np.arange(done.shape[1]), done.shape)

    assert choosing.after == [set(), {11}]
    assert best_parameters(by_place, {"sign": (-1.0, 1.0)}, choosing) == {"sign": 1.0}
    assert best_parameters(by_place, {}, choosing) == {}


def test_an_interval_is_around_the_mean() -> None:
    values = np.array([[0.0], [1.0]] * 50)
    chosen = np.random.default_rng(0).integers(100, size=(500, 100))
    ((low, mean, high),) = interval(values, chosen)
    assert mean == 0.5
    assert 0.35 < low < 0.45
    assert 0.55 < high < 0.65


def test_all_models_are_measured_on_the_same_people() -> None:
    """For people in two groups, models of similarity rank better than popularity."""
    chance = np.random.default_rng(3)
    rows: list[tuple[str, str, float]] = []
    for person in range(60):
        items = 20 * (person % 2) + chance.permutation(20)[:12]
        rows += [
            (f"p{person}", f"i{item}", float(at) + person / 100) for at, item in enumerate(items)
        ]
    measured = measure(log_of(*sorted(rows, key=lambda each: each[2])))
    assert measured["tested_people"] == 60
    methods = measured["methods"]
    for name in ("item-kNN", "EASE", "Kinelog"):
        low, mean, high = methods[name]["ndcg_10"]
        assert low <= mean <= high
        assert mean > methods["popularity"]["ndcg_10"][1]
    assert methods["Kinelog"]["more_ndcg_10"] == [0.0, 0.0, 0.0]
