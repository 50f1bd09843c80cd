"""Noise of landmarks is measured as it was made."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from domain.motion.landmarks import LANDMARK_COUNT, Landmark
from tools.form.landmark_noise import (
    LEAST_VIDEOS,
    SHIPPED,
    ViewNoise,
    disturbed,
    landmark_noise,
    main,
    residuals,
)

PUSH_UPS = Performance(exercise="push_up", repetitions=6, fps=15)
ALONE = np.eye(LANDMARK_COUNT)
NOISE = ViewNoise(1, np.full((LANDMARK_COUNT, 5), 0.02), ALONE, 0.8, 0.0)


def test_a_smooth_movement_leaves_no_residual() -> None:
    """R-POS-05: a cubic is movement; a lost frame is no error."""
    times = np.arange(40.0)
    values = np.broadcast_to((0.001 * times**3)[:, np.newaxis, np.newaxis], (40, 33, 5)).copy()
    values[20] = np.nan
    left = residuals(values)
    assert np.nanmax(np.abs(left)) < 1e-9
    assert np.isnan(left[16:25]).all()
    assert np.isfinite(left[4:16]).all()


def test_disturbed_landmarks_have_the_noise_of_their_view() -> None:
    """R-POS-05: its size, its continuation, and lost frames; the same seed gives the same."""
    long = landmarks(Performance(exercise="squat", repetitions=20, fps=15))
    noisy = disturbed(long, NOISE, seed=1)
    assert noisy.world is not None
    assert long.world is not None
    errors = (noisy.world - long.world).astype(np.float64)
    assert errors.std() == pytest.approx(0.02, rel=0.05)
    follows = (errors[:-1] * errors[1:]).mean() / (errors**2).mean()
    assert follows == pytest.approx(0.8, abs=0.02)
    assert np.array_equal(disturbed(long, NOISE, seed=1).image, noisy.image)
    lost = disturbed(long, ViewNoise(1, NOISE.deviation, ALONE, 0.8, 0.25), seed=1)
    assert np.isnan(lost.image[:, 0, 0]).mean() == pytest.approx(0.25, abs=0.05)


def test_videos_give_their_noise_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """R-POS-05: measured on joints that stand still, the same each time, without landmarks."""
    labels = ["file,label,exercise"]
    for seed in range(LEAST_VIDEOS):
        chunk = disturbed(landmarks(PUSH_UPS), NOISE, seed)
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
    command = ["noise", tmp_path, "--labels", tmp_path / "labels.csv", "--cache", tmp_path]
    monkeypatch.setattr(sys, "argv", [str(each) for each in command])
    assert main() == 0
    text = capsys.readouterr().out
    assert main() == 0
    assert capsys.readouterr().out == text
    side = json.loads(text)["side"]
    assert side["videos"] == LEAST_VIDEOS
    assert side["continuation"] == pytest.approx(0.75, abs=0.1)
    wrists = np.array(side["deviation"])[[Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST], :2]
    assert wrists == pytest.approx(np.full((2, 2), 0.02), rel=0.35)
    alike = np.array(side["correlation"])
    assert np.diag(alike) == pytest.approx(1.0)
    assert np.abs(alike - np.eye(LANDMARK_COUNT)).max() < 0.3


def test_errors_of_neighboring_joints_are_alike() -> None:
    """R-POS-05: as on videos, the errors of an elbow and its wrist have a correlation."""
    long = landmarks(Performance(exercise="squat", repetitions=20, fps=15))
    noisy = disturbed(long, landmark_noise()["side"], seed=1)
    assert noisy.world is not None
    assert long.world is not None
    errors = (noisy.world - long.world).astype(np.float64)
    elbow, wrist, knee = (
        errors[:, joint, 0]
        for joint in (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST, Landmark.LEFT_KNEE)
    )
    assert np.corrcoef(elbow, wrist)[0, 1] > 0.5
    assert abs(np.corrcoef(elbow, knee)[0, 1]) < 0.3


def test_the_shipped_noise_is_written_as_the_generator_writes() -> None:
    """R-POS-05: three views, each of several videos."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=1) + "\n"
    assert set(landmark_noise()) == {"front", "oblique", "side"}
    for noise in landmark_noise().values():
        assert noise.videos >= LEAST_VIDEOS
        assert noise.deviation.shape == (LANDMARK_COUNT, 5)
        assert 0.0 < noise.continuation < 1.0
        assert (noise.deviation > 0.0).all()
