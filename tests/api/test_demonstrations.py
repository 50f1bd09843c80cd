"""Demonstrations of exercises."""

from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from adapters.sample_athlete.demonstration import demonstration
from api.app import build_app
from api.config import ApiConfig
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from bootstrap.wiring.api import build_api_config
from domain.motion.exercises.library import all_exercises
from domain.motion.landmarks import LANDMARK_COUNT, Landmark
from tests.data_folders import prepared


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """Client of an application with a server's `ApiConfig`."""
    settings = Settings(home=prepared(tmp_path), cache=tmp_path)
    with embedded(settings) as platform:
        return TestClient(
            build_app(platform, web=tmp_path, config=build_api_config(settings, "127.0.0.1")),
            base_url="http://localhost",
        )


def test_a_figure_does_a_squat_and_ends_as_it_began(client: TestClient) -> None:
    """R-WKT-02: the hips sink by more than a tenth of the picture and rise again."""
    answer = client.get("/v1/exercises/squat/demonstration")
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    view = answer.json()
    hips = [frame[Landmark.LEFT_HIP][1] for frame in view["frames"]]
    assert max(hips) - hips[0] > 0.1
    assert hips[-1] == pytest.approx(hips[0], abs=0.01)
    assert len(view["timesMs"]) == len(view["frames"])
    assert view["timesMs"] == sorted(view["timesMs"])
    assert {len(frame) for frame in view["frames"]} == {LANDMARK_COUNT}
    assert (view["exercise"], view["aspectRatio"]) == ("squat", 1.0)


@pytest.mark.parametrize("name", ["knitting", "pommel_horse"])
def test_missing_demonstrations_return_404(client: TestClient, name: str) -> None:
    answer = client.get(f"/v1/exercises/{name}/demonstration")
    assert answer.status_code == 404
    assert answer.json()["code"] in {"motion.unknown_exercise", "exercise.not_shown"}


def test_a_server_without_video_rendering_returns_no_demonstration(tmp_path: Path) -> None:
    with embedded(Settings(home=prepared(tmp_path), cache=tmp_path)) as platform:
        client = TestClient(build_app(platform, web=tmp_path, config=ApiConfig()))
        answer = client.get("/v1/exercises/squat/demonstration")
    assert answer.json()["code"] == "exercise.not_shown"


@pytest.mark.parametrize("name", sorted(set(all_exercises()) - {"pommel_horse"}))
def test_all_of_a_figure_is_in_the_picture_all_the_time(name: str) -> None:
    chunk = demonstration(name)
    assert chunk is not None
    places = chunk.image[..., :2]
    assert np.isfinite(places).all()
    assert (places >= 0).all()
    assert (places <= 1).all()
