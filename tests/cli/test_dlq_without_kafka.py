"""`kinelog dlq` without Kafka: events of the log that a queue could not handle."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from application.kernel.command_handler import Request
from application.platform import Platform
from application.recordings.video_jobs import GROUP, VideoQueue
from bootstrap.cli.dlq import app
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from bootstrap.wiring import videos
from bootstrap.wiring.health_checks import run_checks
from bootstrap.wiring.log_queues import open_dead_letters
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from domain.users.commands import RegisterUser
from domain.users.user import USER


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("KINELOG_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return Settings(cache=tmp_path / "cache")


@pytest.fixture
def platform(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """A platform whose queue of videos has failed on one event."""
    monkeypatch.setattr(videos, "draw", lambda: 0.0)

    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    with embedded(settings) as platform:
        platform.commands.execute(
            Request(USER, "ada", [RegisterUser(at=platform.clock())]),
            origin=Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=uuid4()),
            command_id=uuid4(),
        )
        with monkeypatch.context() as patched:
            patched.setattr(VideoQueue, "submit", fail)
            with videos.build_video_subscription(settings, platform) as subscription:
                subscription.run_once()
        yield platform


def json_of(*words: str) -> Any:
    result = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def listed() -> list[dict[str, Any]]:
    letters: list[dict[str, Any]] = json_of("list", GROUP.name)["letters"]
    return letters


@pytest.mark.usefixtures("platform")
def test_a_failed_event_is_listed_and_inspected() -> None:
    """R-EVT-19"""
    (letter,) = listed()
    assert letter["place"].startswith("log/")
    assert (letter["type"], letter["key"]) == ("user.created", "default/user-ada")
    assert (letter["attempts"], letter["reason"]) == (8, "ZeroDivisionError")
    assert "raise ZeroDivisionError" in json_of("inspect", GROUP.name, letter["place"])["stack"]


def test_a_replayed_event_is_handled_at_once(settings: Settings, platform: Platform) -> None:
    """R-EVT-19"""
    (letter,) = listed()
    assert json_of("replay", GROUP.name, letter["place"])["replayed"] == [letter["place"]]
    deadline = time.monotonic() + 60
    with (
        open_dead_letters(settings, GROUP) as queue,
        videos.making_videos(settings, platform),
    ):
        while queue.list():
            assert time.monotonic() < deadline, "the event was not handled"
            time.sleep(0.05)


@pytest.mark.usefixtures("platform")
def test_a_failed_event_is_purged() -> None:
    """R-EVT-19"""
    assert len(json_of("purge", GROUP.name, "--all")["purged"]) == 1
    assert listed() == []


@pytest.mark.usefixtures("platform")
def test_the_doctor_counts_failed_events(settings: Settings) -> None:
    """R-EVT-19"""
    report = run_checks(settings, within_s=60.0)
    (found,) = (each for each in report.findings if each.name == "failedEvents")
    assert (found.state, found.detail) == ("degraded", f"Dead letters: 1 of {GROUP.name}.")
