"""The pose coach on a distributed platform: PostgreSQL, MariaDB, Firestore, and a worker."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
from application.pose_coach.restored_log import LogMark
from bootstrap.cli.pose_coach import app as commands
from bootstrap.cli.worker import app as workers
from bootstrap.exit_codes import FAILED, OK
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import SettingMissing
from bootstrap.wiring.pose_coach import run_sinks
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.cluster import at_work, cluster_database
from tests.api.conftest import WEB
from tests.api.pose_coach_items import SESSIONS, SUMMARY, summary
from tests.commands import Command
from tests.plugins.services import Service
from tests.waiting import wait_until
from tools.firestore.server import LocalFirestore
from tools.local_services.mariadb import LocalMariaDb

WITHIN_S = 120.0
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


BOTH = {"document": "saved", "analytics": "saved"}


@pytest.fixture
def settings(postgres: Service, tmp_path: Path) -> Iterator[Settings]:
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


@pytest.mark.slow
def test_both_stores_follow_a_log_in_postgresql(settings: Settings) -> None:
    """R-PCH-01, R-PCH-15, R-PCH-18: of two that follow it, one writes; commands know the states."""
    with serving(settings) as coach:
        coach.stop_workouts(1)
        assert coach.sinks() == [{"document": "pending", "analytics": "pending"}]
        platform = coach.platform
        with run_sinks(settings, platform), run_sinks(settings, platform):
            coach.eventually(BOTH)
            coach.stop_workouts(2)
            coach.eventually(BOTH, BOTH)
        assert coach.verify() == (OK, AGREE)
        (first, *_) = coach.client.get(SESSIONS).json()["items"]
        coach.client.delete(f"{SESSIONS}/{first['sessionId']}")
        code, found = coach.verify()
        assert (code != OK, found["log_and_document"]) == (True, [first["sessionId"]])
        with run_sinks(settings, platform):
            wait_until(lambda: coach.verify() == (OK, AGREE))


@pytest.mark.slow
def test_stores_are_repaired_replayed_and_follow_a_restored_log(settings: Settings) -> None:
    """R-PCH-18, R-PCH-21, R-PCH-23: with the log and the states of the sinks in PostgreSQL."""
    with serving(settings) as coach:
        coach.stop_workouts(1, 2)
        with run_sinks(settings, coach.platform):
            coach.eventually(BOTH, BOTH)
        (_, analytics), states = coach.platform.pose_stores, coach.platform.pose_sinks
        assert states is not None
        damaged, lost = analytics.list(DEFAULT_TENANT, "athlete")
        analytics.save(DEFAULT_TENANT, replace(damaged, reps=99), FIRST)
        analytics.delete(DEFAULT_TENANT, "athlete", lost.session_id)
        both = sorted([damaged.session_id, lost.session_id])
        words = ("repair", "--from", "document")
        assert coach.run(*words, "--dry-run") == (OK, {"analytics": both})
        assert coach.run(*words) == (OK, {"analytics": both})
        assert coach.verify() == (OK, AGREE)
        assert coach.sinks() == [{"document": "pending", "analytics": "pending"}] * 2

        own = states.of_user(DEFAULT_TENANT, UserId("athlete"))
        entries = [each for name, each in own if name == "document"]
        assert states.store(
            "document", [(each, replace(each, status="failed")) for each in entries]
        )
        assert coach.run("replay") == (OK, {"document": 3, "analytics": 0})

        states.mark("analytics", [], LogMark(1000, "lost"), FIRST)
        assert coach.verify() == (FAILED, AGREE | {"log_restored": 1000})
        assert coach.run("accept-log") == (OK, {"log_restored": 1000})
        with run_sinks(settings, coach.platform):
            coach.eventually(BOTH, BOTH)
        assert coach.verify() == (OK, AGREE)


def test_the_embedded_composition_has_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    ran = CliRunner().invoke(workers, ["pose-coach"])
    assert isinstance(ran.exception, SettingMissing)


@pytest.mark.slow
def test_stores_that_stop_and_a_worker_that_is_killed_lose_nothing(settings: Settings) -> None:
    """R-PCH-01, R-PCH-15, R-PCH-16, R-PCH-17, R-PCH-18, R-PCH-21, R-OPS-09: on real servers."""
    with LocalFirestore() as firestore, LocalMariaDb() as mariadb:
        servers = {
            "pose_coach_mysql_url": SecretStr(mariadb.url),
            "pose_coach_firestore_project": "project",
            "pose_coach_firestore_url": firestore.url,
        }
        with serving(settings.model_copy(update=servers)) as coach:
            with worker(coach) as first:
                coach.stop_workouts(1)
                coach.eventually(BOTH)
                assert coach.verify() == (OK, AGREE)

                firestore.faults.extend(["down"] * 100_000)
                coach.stop_workouts(2)
                coach.eventually({"document": "retrying", "analytics": "saved"}, BOTH)
                firestore.faults.clear()
                coach.eventually(BOTH, BOTH)

                mariadb.stop()
                coach.stop_workouts(3)
                coach.eventually({"document": "saved", "analytics": "retrying"}, BOTH, BOTH)
                stats = coach.client.get(f"{SESSIONS}/stats").json()
                assert stats["totalSessions"] == 3, "the history is there meanwhile"
                mariadb.start()
                coach.eventually(BOTH, BOTH, BOTH)

                coach.stop_workouts(*range(4, 24))
                first.kill()
                first.wait()
            coach.stop_workouts(24)
            with worker(coach) as second:
                coach.eventually(*[BOTH] * 24)
                second.send_signal(signal.SIGTERM)
                assert second.wait(WITHIN_S) == 0
            assert coach.verify() == (OK, AGREE)
            copies = [list_store(coach, name) for name in ("document", "analytics")]
            assert copies[0] == copies[1]
            assert len(copies[0]) == 24


def list_store(coach: Coach, name: str) -> list[Any]:
    """Return what a store has, as the athlete sees it."""
    (store,) = (each for each in coach.platform.pose_stores if each.name == name)
    return [vars(each) for each in store.list(DEFAULT_TENANT, "athlete")]
