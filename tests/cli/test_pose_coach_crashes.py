"""The pose coach's stores after a crash in mid-write: both agree once they follow the log again."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from bootstrap.cli.pose_coach import app
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.pose_coach.commands import PoseSummary
from tests.cli.pose_coach_follower import ANNOUNCEMENT, follow
from tools.firestore.documents import Documents
from tools.firestore.server import LocalFirestore


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINELOG_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    return tmp_path


@pytest.fixture
def follower() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


def save(number: int) -> None:
    summary = PoseSummary(
        "squat", number, 0.87, datetime(2025, 10, 17, 0, 0, number, tzinfo=UTC), 120, ("Knees.",)
    )
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
    with open_platform(Settings()) as platform:
        platform.pose_coach.save_workout_session(
            UserId("athlete"), summary, origin=origin, command_id=uuid4()
        )


def verified() -> dict[str, Any]:
    """Return what differs, also from the log, and behind the hash trees."""
    words = ["verify", "--log", "--deep", "--json"]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return {name: each for name, each in found.items() if each}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "database"),
    [
        ("document", "pose_documents"),
        ("document", "pose_sinks"),
        ("workout_sessions", "pose_analytics"),
        ("workout_sessions", "pose_sinks"),
    ],
)
def test_a_process_that_is_killed_within_a_write_leaves_nothing_half_done(
    follower: list[subprocess.Popen[str]], table: str, database: str
) -> None:
    """R-PCH-15, R-PCH-18, R-PCH-21: before the commit, and before the state is noted."""
    save(1)
    words = [sys.executable, "-m", "tests.cli.pose_coach_follower", table, database]
    follower.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True))
    assert follower[0].stdout is not None
    assert ANNOUNCEMENT in (line.strip() for line in follower[0].stdout)
    follower[0].kill()
    follower[0].wait()
    save(2)
    assert follow() == (2, 2)
    assert verified() == {}


def test_a_store_that_dies_in_mid_write_agrees_after_its_restart(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-PCH-16, R-PCH-18, R-OPS-09: it had written the session, and nobody learned of it."""
    journal = home / "documents.jsonl"
    monkeypatch.setenv("KINELOG_POSE_COACH_FIRESTORE_PROJECT", "project")
    with LocalFirestore(Documents(journal)) as server:
        monkeypatch.setenv("KINELOG_POSE_COACH_FIRESTORE_URL", server.url)
        save(1)
        assert follow() == (1, 1)
        server.faults.append("lost_answer")
        save(2)
        assert follow() == (2, 2), "the outage is noted, and the other store goes on"
    save(3)
    with LocalFirestore(Documents(journal)) as server:
        monkeypatch.setenv("KINELOG_POSE_COACH_FIRESTORE_URL", server.url)
        assert follow() == (3, 3)
        assert verified() == {}
