"""The achievement worker can be killed at any moment: nothing is lost or awarded twice."""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from application.kernel.command_handler import Request
from application.platform import Platform
from bootstrap.cli.worker import app
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import SettingMissing
from domain.achievements.events import BadgeEarned, SessionChecked, TrophyUnlocked
from domain.ids import DEFAULT_TENANT, ExerciseId, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from tests.api.cluster import at_work, cluster_database
from tests.api.conftest import COMPOSITIONS
from tests.commands import Command
from tests.data_folders import prepared
from tests.plugins.services import Service

WITHIN_S = 120.0
AT = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
ATHLETES, SESSIONS = 12, 4
DEVICE = CountedBy("device", "blazepose-full", 1)
SPAN = Span(0, 4000)


@pytest.fixture(params=COMPOSITIONS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(home=prepared(tmp_path / "home"), postgres_url=None)
    if request.param == "embedded":
        yield settings
        return
    postgres: Service = request.getfixturevalue("postgres")
    with cluster_database(postgres.address) as url:
        distributed = settings.model_copy(update={"postgres_url": SecretStr(url)})
        with at_work(distributed):
            yield distributed


def train(platform: Platform) -> None:
    """Complete sessions of several athletes without waking the achievement worker."""
    for number in range(ATHLETES * SESSIONS):
        athlete = UserId(f"a{number % ATHLETES}")
        at = AT + timedelta(days=number // ATHLETES)
        preferences = [
            commands.StartSession(athlete_id=athlete, at=at),
            commands.StartSet(set=1, exercise_id=ExerciseId("squat"), counted_by=DEVICE),
            *(
                commands.CountRepetition(
                    set=1, number=each, span=Span(500 * each, 500 * each + 400), source="server"
                )
                for each in range(1, 6)
            ),
            commands.CompleteSet(set=1, span=SPAN),
            commands.CompleteSession(at=at + timedelta(seconds=4), specs={}),
        ]
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
        request = Request(SESSION, f"s{number}", preferences)
        platform.commands.execute(request, origin=origin, command_id=uuid4())


def facts(platform: Platform) -> Counter[tuple[str, str]]:
    """Count the achievements by athlete, and the checks by session."""
    found: Counter[tuple[str, str]] = Counter()
    for athlete in (f"a{number}" for number in range(ATHLETES)):
        for recorded in platform.log.load(DEFAULT_TENANT, f"achievements-{athlete}"):
            match recorded.event:
                case SessionChecked(session_id=session):
                    found["checked", session] += 1
                case BadgeEarned(badge=name):
                    found[athlete, name] += 1
                case TrophyUnlocked(family=name, tier=tier):
                    found[athlete, f"{name} {tier}"] += 1
                case _:
                    raise AssertionError(recorded.event)
    return found


@contextmanager
def checker(settings: Settings) -> Iterator[Command]:
    """Run the achievement worker in its own process."""
    environment = {**os.environ, "KINELOG_HOME": str(settings.home)}
    words = ["serve", "--port", "0", "--json"]
    if settings.postgres_url is not None:
        environment["KINELOG_POSTGRES_URL"] = settings.postgres_url.get_secret_value()
        words = ["worker", "achievements", "--json"]
    with Command(*words, environment=environment, errors=settings.home / "stderr") as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until_checked(platform: Platform, sessions: int) -> None:
    deadline = time.monotonic() + WITHIN_S
    while sum(what == "checked" for what, _ in facts(platform)) < sessions:
        assert time.monotonic() < deadline, facts(platform)
        time.sleep(0.01)


@pytest.mark.slow
def test_a_kill_between_completion_and_check_loses_nothing_and_doubles_nothing(
    settings: Settings,
) -> None:
    """R-WKT-08"""
    with open_platform(settings) as platform:
        train(platform)
        with checker(settings):
            wait_until_checked(platform, 1)  # then it is killed while it works
        with checker(settings) as second:
            assert second.stdout.readline()  # it has started: a signal stops it in good order
            wait_until_checked(platform, ATHLETES * SESSIONS)
            second.send_signal(signal.SIGTERM)
            assert second.wait(WITHIN_S) == 0
        found = facts(platform)
    expected = {("checked", f"s{number}") for number in range(ATHLETES * SESSIONS)}
    for number in range(ATHLETES):
        expected |= {(f"a{number}", name) for name in ("first_workout", "days_in_a_row bronze")}
    assert found == Counter(expected)


@pytest.mark.slow
def test_the_worker_announces_its_start_and_ends_on_a_signal(
    postgres: Service, tmp_path: Path
) -> None:
    with cluster_database(postgres.address) as url:
        settings = Settings(home=tmp_path, postgres_url=SecretStr(url))
        with checker(settings) as worker:
            assert json.loads(worker.stdout.readline()) == {"state": "checking"}
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(WITHIN_S) == 0


def test_the_embedded_composition_has_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    ran = CliRunner().invoke(app, ["achievements"])
    assert isinstance(ran.exception, SettingMissing)
