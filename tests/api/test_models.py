"""The pose model for devices (R-POS-11, R-LIV-08)."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from adapters.pose.model_file import PoseModelUnavailable
from api.app import build_app
from api.config import ApiConfig, ModelFile
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from bootstrap.wiring.api import build_api_config

MODEL = "/models/pose_landmarker_full.task"


@dataclass(frozen=True)
class Found:
    """An available model."""

    path: Path
    sha256: str = "5e1ec7ed"


def nowhere() -> ModelFile:
    raise PoseModelUnavailable("The pose model cannot be had.")


def client(home: Path, config: ApiConfig) -> TestClient:
    """Return a client of a server without sessions."""
    with embedded(Settings(home=home, cache=home)) as platform:
        return TestClient(build_app(platform, web=home, config=config), base_url="http://localhost")


@pytest.fixture
def found(tmp_path: Path) -> Found:
    path = tmp_path / "model.task"
    path.write_bytes(b"a model")
    return Found(path)


def test_the_model_is_given_and_kept_for_long(tmp_path: Path, found: Found) -> None:
    """R-POS-11: by browsers and by proxies."""
    server = client(tmp_path, ApiConfig(pose_model=lambda: found, sign_in_required=True))
    given = server.get(MODEL)
    assert (given.status_code, given.content) == (200, b"a model")
    assert given.headers["Cache-Control"] == "public, max-age=604800"
    assert given.headers["Access-Control-Allow-Origin"] == "*"
    state = {"If-None-Match": f'W/"other", {given.headers["ETag"]}'}
    again = server.get(MODEL, headers=state)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == given.headers["ETag"]
    assert server.get(MODEL, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("config", [ApiConfig(), ApiConfig(pose_model=nowhere)])
def test_a_missing_pose_model_returns_a_problem(tmp_path: Path, config: ApiConfig) -> None:
    answer = client(tmp_path, config).get(MODEL)
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] in {"pose_model.unavailable", "pose_model.not_served"}


def test_client_settings_name_the_mirror(tmp_path: Path) -> None:
    """R-POS-11: the CDN's address is a setting, and the content security policy allows only it."""
    cdn = "https://cdn.example.org/kinelog"
    settings = Settings(home=tmp_path, cache=tmp_path, model_base_url=cdn)
    pages = client(tmp_path, build_api_config(settings, "127.0.0.1"))
    assert pages.get("/v1/client-settings").json()["poseModelUrl"] == cdn + MODEL
    policy = pages.get("/static/assets/pose-worker-BxY_z-12.js").headers["Content-Security-Policy"]
    assert policy.endswith("connect-src 'self' https://cdn.example.org")
    assert "cdn" not in pages.get("/").headers["Content-Security-Policy"]


def test_without_a_copy_the_model_comes_from_here(tmp_path: Path) -> None:
    pages = client(tmp_path, ApiConfig())
    assert pages.get("/v1/client-settings").json()["poseModelUrl"] == MODEL


def test_an_exercise_is_given_as_it_is_defined(tmp_path: Path) -> None:
    """R-LIV-08: a device counts by the same definition."""
    server = client(tmp_path, ApiConfig())
    view = server.get("/v1/exercises/plank").json()
    assert view["hold"]["leastS"] > 0
    assert view["signals"][0]["measure"] == "trunk_lean"
    assert server.get("/v1/exercises/nothing").json()["code"] == "motion.unknown_exercise"
