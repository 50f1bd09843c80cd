"""A distributed pose coach: the API in this process, and a worker that its stores follow."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from bootstrap.cli.pose_coach import app as commands
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from tests.api.cluster import at_work, cluster_database
from tests.api.conftest import WEB
from tests.api.pose_coach_items import SESSIONS, SUMMARY, summary
from tests.commands import Command
from tests.plugins.services import Service
from tests.waiting import wait_until

FIRST = datetime(2025, 10, 17, 6, 0, tzinfo=UTC)
AGREE: dict[str, Any] = {
    "stores": [], "log_and_document": [], "log_and_analytics": [], "unknown_to_log": [],
    "log_restored": None,
}  # fmt: skip


@dataclass(frozen=True)
class Coach:
    """A platform over HTTP, without sign-in; its stores follow the log in other processes."""

    client: TestClient
    platform: Platform
    environment: dict[str, str]

    def stop_workouts(self, *numbers: int) -> None:
        for number in numbers:
            ended = (FIRST + timedelta(minutes=number)).isoformat()
            body = summary("athlete", timestamp=ended, reps=number)
            answer = self.client.post(SUMMARY, json=body)
            assert answer.json()["success"] is True, answer.text

    def sinks(self) -> list[dict[str, str]]:
        """Return the states of all sessions, newest first."""
        headers = {"After-Position": str(self.platform.log.head())}
        page = self.client.get(f"{SESSIONS}?first=100", headers=headers).json()
        return [each["sinks"] for each in page["items"]]

    def eventually(self, *states: dict[str, str]) -> None:
        """Wait until the sessions have these states, newest first."""
        wait_until(lambda: self.sinks() == list(states))

    def verify(self) -> tuple[int, dict[str, Any]]:
        """Compare both stores with the log, also behind their trees."""
        return self.run("verify", "--log", "--deep")

    def run(self, *words: str) -> tuple[int, dict[str, Any]]:
        """Run a command of the pose coach; return its status and what it prints."""
        runner = CliRunner(env=self.environment)
        result = runner.invoke(commands, [*words, "--json"], catch_exceptions=False)
        return result.exit_code, json.loads(result.stdout.splitlines()[-1])


@pytest.fixture
def cluster_settings(postgres: Service, tmp_path: Path) -> Iterator[Settings]:
    with cluster_database(postgres.address) as url:
        yield Settings(
            home=tmp_path / "home",
            cache=tmp_path / "cache",
            postgres_url=SecretStr(url),
            read_your_writes_timeout_s=60.0,
        )


@contextmanager
def serving(settings: Settings) -> Iterator[Coach]:
    """Serve the API in this process, with a projection runner."""
    environment = {**os.environ, "KINELOG_HOME": str(settings.home)}
    assert settings.postgres_url is not None
    environment["KINELOG_POSTGRES_URL"] = settings.postgres_url.get_secret_value()
    if settings.pose_coach_mysql_url is not None:
        environment["KINELOG_POSE_COACH_MYSQL_URL"] = (
            settings.pose_coach_mysql_url.get_secret_value()
        )
    if settings.pose_coach_firestore_project is not None:
        environment["KINELOG_POSE_COACH_FIRESTORE_PROJECT"] = settings.pose_coach_firestore_project
        environment["KINELOG_POSE_COACH_FIRESTORE_URL"] = settings.pose_coach_firestore_url
    with at_work(settings), open_platform(settings) as platform:
        app = build_app(platform, web=WEB, config=ApiConfig())
        with TestClient(app, base_url="http://127.0.0.1") as client:
            yield Coach(client, platform, environment)


@contextmanager
def worker(coach: Coach) -> Iterator[Command]:
    """Run `kinelog worker pose-coach`, which has started, in its own process."""
    words = ("worker", "pose-coach", "--json")
    errors = Path(coach.environment["KINELOG_HOME"]) / "worker.stderr"
    with Command(*words, environment=coach.environment, errors=errors) as process:
        try:
            assert json.loads(process.stdout.readline()) == {"state": "writing"}
            yield process
        finally:
            process.kill()
