"""`kinelog pose-coach`: verify, repair, replay."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from bootstrap.cli.pose_coach import app
from bootstrap.exit_codes import FAILED, OK
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.pose_coach import build_sink_subscription, open_pose_coach
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.pose_coach.commands import PoseSummary


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINELOG_HOME", str(tmp_path))
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    return tmp_path


def ask(*words: str) -> tuple[int, Any]:
    result = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    return result.exit_code, json.loads(result.stdout.splitlines()[-1])


def test_the_stores_are_verified_and_repaired() -> None:
    """R-PCH-18, R-PCH-23: from nothing, by way of the log, and between the stores."""
    summary = PoseSummary("squat", 12, 0.87, datetime(2025, 10, 17, tzinfo=UTC), 120, ())
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
    with open_platform(Settings()) as platform:
        session, _ = platform.pose_coach.save_workout_session(
            UserId("athlete"), summary, origin=origin, command_id=uuid4()
        )
    nothing: dict[str, list[str]] = {
        "stores": [], "log_and_document": [], "log_and_analytics": [],
    }  # fmt: skip
    missing = {"log_and_document": [session], "log_and_analytics": [session]}
    assert ask("verify") == (OK, nothing)
    assert ask("verify", "--log") == (FAILED, nothing | missing)
    assert ask("repair", "--from", "log") == (OK, {"document": [session], "analytics": [session]})
    assert ask("verify", "--log", "--deep") == (OK, nothing)
    assert ask("repair", "--from", "document") == (OK, {"analytics": []})


def test_failed_sessions_are_replayed() -> None:
    """R-PCH-21."""
    assert ask("replay") == (OK, {"document": 0, "analytics": 0})


def test_the_server_follows_the_log_for_both_stores() -> None:
    """R-PCH-01, R-IDN-14: as `kinelog serve` wires it."""
    summary = PoseSummary("squat", 12, 0.87, datetime(2025, 10, 17, tzinfo=UTC), 120, ())
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
    settings = Settings()
    with open_platform(settings) as platform, open_pose_coach(settings, platform) as stores:
        session, _ = platform.pose_coach.save_workout_session(
            UserId("athlete"), summary, origin=origin, command_id=uuid4()
        )
        for store in (stores.document, stores.analytics):
            with build_sink_subscription(settings, platform, stores, store) as subscription:
                subscription.run_once()
            assert store.find(DEFAULT_TENANT, session) is not None
        assert platform.pose_sinks is not None
        states = platform.pose_sinks.of_sessions(DEFAULT_TENANT, [session])[session]
        assert {name: each.status for name, each in states.items()} == {
            "document": "saved", "analytics": "saved",
        }  # fmt: skip
