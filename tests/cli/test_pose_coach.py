"""`kinelog pose-coach`: verify, repair, replay."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from application.platform import Platform
from bootstrap.cli.pose_coach import app
from bootstrap.exit_codes import FAILED, OK
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.pose_coach import (
    PoseCoachStores,
    build_sink_subscription,
    open_pose_coach,
)
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.pose_coach.commands import PoseSummary


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINELOG_HOME", str(tmp_path))
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    return tmp_path


NOTHING: dict[str, Any] = {
    "stores": [], "log_and_document": [], "log_and_analytics": [], "unknown_to_log": [],
    "log_restored": None,
}  # fmt: skip


def save(number: int, *, reps: int | None = None, followed: bool = True) -> str:
    """Save a session; have both stores follow the log, as the server does."""
    ended = datetime(2025, 10, 17, 0, 0, number, tzinfo=UTC)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
    with open_platform(Settings()) as platform, open_pose_coach(Settings(), platform) as stores:
        session, _ = platform.pose_coach.save_workout_session(
            UserId("athlete"),
            PoseSummary("squat", reps or number, 0.87, ended, 120, ()),
            origin=origin,
            command_id=uuid4(),
        )
        if followed:
            follow(platform, stores)
    return session


def follow(platform: Platform, stores: PoseCoachStores) -> None:
    for store in (stores.document, stores.analytics):
        with build_sink_subscription(Settings(), platform, stores, store) as subscription:
            subscription.run_once()


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
    missing = {"log_and_document": [session], "log_and_analytics": [session]}
    assert ask("verify") == (OK, NOTHING)
    assert ask("verify", "--log") == (FAILED, NOTHING | missing)
    assert ask("repair", "--from", "log") == (OK, {"document": [session], "analytics": [session]})
    assert ask("verify", "--log", "--deep") == (OK, NOTHING)
    assert ask("repair", "--from", "document") == (OK, {"analytics": []})


@pytest.mark.parametrize("grown", [False, True])
@pytest.mark.parametrize("followed", [False, True])
def test_stores_that_are_ahead_of_a_restored_log_do_not_agree(
    home: Path,
    tmp_path_factory: pytest.TempPathFactory,
    followed: bool,  # noqa: FBT001
    grown: bool,  # noqa: FBT001
) -> None:
    """C-05, R-PCH-18, R-OPS-09: also after it has grown to the same position, and was followed."""
    backup = tmp_path_factory.mktemp("backup") / "home"
    kept = save(1)
    shutil.copytree(home, backup, ignore=shutil.ignore_patterns("pose_*"))
    lost = save(2)
    with open_platform(Settings()) as platform:
        position = platform.log.head()
    for each in backup.rglob("*"):
        if each.is_file():
            for old in home.joinpath(each.relative_to(backup)).parent.glob(f"{each.name}-*"):
                old.unlink()  # the journal of a database
            shutil.copy2(each, home / each.relative_to(backup))
    if grown:
        save(3, followed=False)
    if followed:
        with open_platform(Settings()) as platform, open_pose_coach(Settings(), platform) as stores:
            follow(platform, stores)
    code, found = ask("verify")
    assert (code, found["log_restored"]) == (FAILED, position)
    assert found["stores"] == []
    code, found = ask("verify", "--log")
    assert (code, found["unknown_to_log"]) == (FAILED, [lost])
    result = CliRunner().invoke(app, ["verify"], catch_exceptions=False)
    assert "The stores are ahead of the log" in result.stdout
    assert "agree." not in result.stdout
    assert lost in ask("repair", "--from", "log")[1]["document"]
    assert ask("verify", "--log")[0] == FAILED, "until the operator takes the log for right"
    assert ask("accept-log") == (OK, {"log_restored": position})
    assert ask("verify", "--log", "--deep") == (OK, NOTHING)
    assert save(4)
    assert ask("verify", "--log", "--deep") == (OK, NOTHING)
    with open_platform(Settings()) as platform, open_pose_coach(Settings(), platform) as stores:
        ids = {each.session_id for each in stores.document.list(DEFAULT_TENANT, "athlete")}
    assert kept in ids
    assert lost not in ids


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
        states = platform.pose_sinks.of_sessions(DEFAULT_TENANT, [session])[session]
        assert {name: each.status for name, each in states.items()} == {
            "document": "saved", "analytics": "saved",
        }  # fmt: skip


def test_a_merged_session_replaces_the_saved_one_in_both_stores() -> None:
    """R-PCH-18, R-PCH-21: the result of another device came after both stores had the first."""
    session = save(1)
    assert save(1, reps=13) == session
    assert ask("verify", "--log", "--deep") == (OK, NOTHING)
    settings = Settings()
    with open_platform(settings) as platform, open_pose_coach(settings, platform) as stores:
        found = [each.find(DEFAULT_TENANT, session) for each in (stores.document, stores.analytics)]
    assert [each and each.reps for each in found] == [13, 13]
