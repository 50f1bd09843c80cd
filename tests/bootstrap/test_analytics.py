"""The analytics workers as processes: events on Kafka fill the analysts' tables."""

import json
import os
import secrets
import signal
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import KafkaBus
from application.analytics.rollups import LATENESS
from application.kernel.cloud_events import encoded, to_message
from application.kernel.ports import StorageUnavailable
from application.kernel.topics import TOPICS
from bootstrap.cli.analytics import app
from bootstrap.settings import Settings
from bootstrap.wiring.bus import SettingMissing
from bootstrap.wiring.consumers import build_analytics
from domain.tenants.commands import TenantUnknown
from tests.adapters.analytics.reading import query_rows
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.commands import Command
from tests.golden.examples import CODEC
from tests.plugins.services import Service
from tests.projections.histories import (
    AT,
    ListLog,
    completed,
    recording_started,
    repetition,
    set_completed,
    set_started,
    started,
)

WITHIN_S = 120.0
WORK = {
    "real-time-analytics": "filling",
    "analytics-events": "counting",
    "metrics-rollup": "rolling up",
}
MIDNIGHT = AT.replace(hour=0, minute=0) + timedelta(days=1)


@contextmanager
def working(environment: dict[str, str]) -> Generator[None]:
    """Run the commands of all workers until the block ends."""
    with ExitStack() as stack:
        workers = {word: stack.enter_context(begun(word, environment)) for word in WORK}
        for word, worker in workers.items():
            said = worker.stdout.readline()
            assert said, errors(word, environment).read_text()
            assert json.loads(said) == {"state": WORK[word]}
        yield
        for worker in workers.values():
            worker.send_signal(signal.SIGTERM)
        for word, worker in workers.items():
            assert worker.wait(WITHIN_S) == 0, errors(word, environment).read_text()


@contextmanager
def begun(word: str, environment: dict[str, str]) -> Generator[Command]:
    words, everything = ("worker", word, "--json"), {**os.environ, **environment}
    with Command(*words, environment=everything, errors=errors(word, environment)) as process:
        try:
            yield process
        finally:
            process.kill()


def errors(word: str, environment: dict[str, str]) -> Path:
    return Path(environment["KINELOG_HOME"]) / f"{word}.stderr"


@pytest.fixture(scope="module")
def environment(
    kafka: Service, postgres: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    KafkaTopics(kafka.address).create(TOPICS)
    with upgraded_database(postgres.address) as url:
        yield {
            "KINELOG_HOME": str(tmp_path_factory.mktemp("home")),
            "KINELOG_KAFKA": kafka.address,
            "KINELOG_POSTGRES_URL": url,
        }


@pytest.fixture(scope="module")
def tenant(environment: dict[str, str]) -> Iterator[str]:
    """A tenant whose two days of training the workers have received."""
    name = f"gym-{secrets.token_hex(4)}"
    log = ListLog()
    facts = [started(), set_started(), repetition(1), repetition(2), set_completed(2), completed()]
    log.add("session-1", *facts, tenant=name)
    log.add("recording-1", recording_started(), tenant=name)
    log.add("session-2", started(at=MIDNIGHT), tenant=name, at=MIDNIGHT + LATENESS)
    messages = [to_message(encoded(each, CODEC.encode)) for each in log.recorded]
    with working(environment):
        with closing(KafkaBus(environment["KINELOG_KAFKA"])) as bus:
            bus.publish([*messages, *messages])
        yield name


def eventually(url: str, query: str, *, holds: Callable[[list[tuple[Any, ...]]], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not holds(found := query_rows(url, query)):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


def is_found(environment: dict[str, str], query: str, *expected: tuple[Any, ...]) -> None:
    url = environment["KINELOG_POSTGRES_URL"]
    eventually(url, query, holds=lambda found: found == list(expected))


@pytest.mark.slow
def test_events_fill_windows(environment: dict[str, str], tenant: str) -> None:
    """R-EVT-08, R-EVT-13: each event was sent twice."""
    query = "SELECT exercise_id, athletes, sets, repetitions FROM analytics.exercises_by_hour"
    is_found(environment, f"{query} WHERE tenant_id = '{tenant}'", ("squat", 1, 1, 2))
    query = "SELECT minute, sessions FROM analytics.active_sessions"
    two = ((AT, 1), (MIDNIGHT + LATENESS, 1))
    is_found(environment, f"{query} WHERE tenant_id = '{tenant}' ORDER BY minute", *two)


def test_events_of_all_contexts_are_counted(environment: dict[str, str], tenant: str) -> None:
    """R-EVT-04"""
    query = "SELECT name, sum(events)::integer FROM analytics.event_counts"
    query += f" WHERE tenant_id = '{tenant}' GROUP BY name ORDER BY name"
    expected = [
        ("recording.started", 1),
        ("session.repetition_counted", 2),
        ("session.set_completed", 1),
        ("session.set_started", 1),
        ("session.started", 2),
        ("workout.completed", 1),
    ]
    is_found(environment, query, *expected)


def test_a_day_that_is_over_is_rolled_up_by_itself(
    environment: dict[str, str], tenant: str
) -> None:
    """R-EVT-09: the analytics worker requests the roll-up, the roll-up worker executes it."""
    query = "SELECT period, sessions, repetitions FROM analytics.metrics_rollup"
    query += f" WHERE tenant_id = '{tenant}' AND athlete_id IS NULL ORDER BY period"
    periods = [(period, 1, 2) for period in ("day", "month", "week")]
    is_found(environment, query, *periods)


def test_metrics_are_recomputed_on_request(
    environment: dict[str, str], tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-09"""
    url = environment["KINELOG_POSTGRES_URL"]
    computed = "SELECT min(computed_at) FROM analytics.metrics_rollup"
    computed += f" WHERE tenant_id = '{tenant}'"
    eventually(url, computed, holds=lambda found: found[0][0] is not None)
    ((before,),) = query_rows(url, computed)
    monkeypatch.setenv("KINELOG_KAFKA", environment["KINELOG_KAFKA"])
    words = ["rollup", "--day", AT.date().isoformat(), "--tenant", tenant, "--json"]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    day = {"tenant_id": tenant, "day": AT.date().isoformat()}
    assert json.loads(result.stdout) == {"asked": [day], "dry_run": False}
    eventually(url, computed, holds=lambda found: found[0][0] > before)


def test_roll_ups_of_a_mistyped_tenant_are_not_requested(
    postgres: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-EVT-09"""
    words = ["rollup", "--day", "2030-01-31", "--dry-run", "--tenant"]
    with upgraded_database(postgres.address) as url:
        monkeypatch.setenv("KINELOG_POSTGRES_URL", url)
        assert CliRunner().invoke(app, [*words, "default"]).exit_code == 0
        assert isinstance(CliRunner().invoke(app, [*words, "gmy"]).exception, TenantUnknown)


def test_a_dry_run_requests_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KINELOG_KAFKA", raising=False)
    words = ["rollup", "--day", "2030-01-31", "--day", "2030-01-30"]
    result = CliRunner().invoke(app, [*words, "--dry-run"], catch_exceptions=False)
    assert result.stdout.splitlines() == [
        "Would request 2030-01-30 of default",
        "Would request 2030-01-31 of default",
    ]
    with pytest.raises(SettingMissing):
        CliRunner().invoke(app, words, catch_exceptions=False)


def test_a_database_without_the_analysts_tables_is_reported(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(postgres_url=SecretStr(postgres_database))
    with pytest.raises(StorageUnavailable), build_analytics(settings):
        pass
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    with pytest.raises(SettingMissing), build_analytics(Settings()):
        pass
