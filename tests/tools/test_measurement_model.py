"""The measurement model is what its generator makes of videos."""

import json
import sys
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from domain.motion.exercises.library import get_exercise
from domain.motion.exercises.measurement_model import from_plain, measurement_model
from tools.form.measurement_model import (
    LEAST_CORRECT,
    LEAST_VIDEOS,
    ROBUST,
    SHIPPED,
    Difference,
    Part,
    Usual,
    main,
    model_of,
)

PIXELS = 1.5
VIDEO = count()


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    """Landmarks of athletes who repeat the same push-up, with noise, and their labels."""
    labels = ["file,label,exercise"]
    for seed in range(LEAST_VIDEOS):
        performance = Performance(
            exercise="push_up", repetitions=4, fps=15, landmark_noise_px=PIXELS, seed=seed
        )
        chunk = landmarks(performance)
        assert chunk.world is not None
        np.savez(
            tmp_path / f"{seed}.npz",
            times_s=chunk.times_s,
            image=chunk.image,
            world=chunk.world,
            aspect_ratio=chunk.aspect_ratio,
        )
        labels.append(f"{seed}.npz,correct,push_up")
    (tmp_path / "labels.csv").write_text("\n".join(labels) + "\n")
    return tmp_path


def made_of(
    videos: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    command = ["measurement_model", videos, "--labels", videos / "labels.csv", "--cache", videos]
    monkeypatch.setattr(sys, "argv", [str(each) for each in command])
    assert main() == 0
    return capsys.readouterr().out


def test_the_same_videos_give_the_same_model_in_the_shipped_form(
    videos: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """R-POS-05: spreads that noise makes, and no more than it can make."""
    text = made_of(videos, monkeypatch, capsys)
    assert made_of(videos, monkeypatch, capsys) == text
    model = from_plain(json.loads(text))
    lockout = model.spreads["push_up", "no_lockout", "side"]
    assert (lockout.videos, lockout.repetitions) == (LEAST_VIDEOS, 3 * LEAST_VIDEOS)
    assert 0.1 < lockout.spread < 10.0
    assert set(model.pooled) == {"degrees", "lengths"}


def differences(part: Part, *sizes: float) -> list[Difference]:
    """One difference of each of as many videos."""
    return [
        Difference(part, "push_up", "no_lockout", "side", f"video {next(VIDEO)}", size)
        for size in sizes
    ]


def test_a_spread_is_the_robust_deviation_of_repetitions_and_sides() -> None:
    """R-POS-05: a wild video changes nothing."""
    repeated = differences("repetitions", 2.0, 4.0, 400.0)
    sides = differences("sides", 6.0, 6.0, 6.0)
    spread = model_of(repeated)["spreads"]["push_up no_lockout side"]["spread"]
    assert spread == pytest.approx(ROBUST * 4.0 / 2**0.5, abs=1e-4)
    both = model_of([*repeated, *sides])["pooled"]["degrees"]["spread"]
    assert both == pytest.approx(
        ((ROBUST * 4.0) ** 2 / 2 + (ROBUST * 6.0) ** 2 / 4) ** 0.5, abs=1e-4
    )


def test_correct_videos_show_what_is_usual() -> None:
    """R-POS-05: their median, and the value that 1 of 20 exceeds, where there are enough."""
    repeated = differences("repetitions", 2.0, 4.0, 6.0)
    usual = [Usual("push_up", "no_lockout", "side", 140.0 + number) for number in range(21)]
    found = model_of(repeated, usual)["spreads"]["push_up no_lockout side"]
    assert (found["correct"], found["limit"]) == (150.0, 141.0)
    few = model_of(repeated, usual[: LEAST_CORRECT - 1])["spreads"]["push_up no_lockout side"]
    assert "correct" not in few


def test_the_shipped_model_is_written_as_the_generator_writes() -> None:
    """R-POS-05: no edit by hand; each entry belongs to a fault and one of its views."""
    text = SHIPPED.read_text(encoding="utf-8")
    plain = json.loads(text)
    assert text == json.dumps(plain, indent=2) + "\n"
    assert list(plain["spreads"]) == sorted(plain["spreads"])
    for (exercise, fault, view), spread in measurement_model().spreads.items():
        assert view in get_exercise(exercise).fault(fault).views
        assert spread.videos >= LEAST_VIDEOS
        assert spread.spread > 0.0
