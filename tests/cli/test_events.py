"""`kinelog events` creates topics, and prints and rewinds the relay's position."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest
from kafka.admin import ConfigResource, ConfigResourceType
from typer.testing import CliRunner

from adapters.analytics.database import Analytics, execute, fetch
from adapters.analytics.statements import BEGIN_POSITION, POSITIONS
from adapters.bus.kafka import client
from adapters.bus.kafka.config import KafkaAddress
from adapters.event_log.postgres_checkpoints import NotReached, PostgresCheckpointStore
from adapters.event_log.worker_checkpoints import SqlPositions
from adapters.health_checks.cluster import topics
from adapters.migrations import SCHEMA
from adapters.sql.engines import open_engine
from application.kernel.outages import LeadershipLost
from application.kernel.topics import (
    EXERCISE_DETECT,
    EXERCISE_WORKER,
    TOPICS,
    events_topic,
)
from application.operations.readiness import Degraded
from bootstrap.cli.events import app
from bootstrap.exit_codes import USAGE
from bootstrap.wiring.bus import SettingMissing
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.cli.conftest import Shell
from tests.plugins.services import Service
from tests.waiting import wait_until


@pytest.fixture
def database(postgres: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        monkeypatch.setenv("KINELOG_POSTGRES_URL", url)
        yield url


@pytest.fixture
def bootstrap(kafka: Service, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("KINELOG_KAFKA", kafka.address)
    return kafka.address


def json_of(*words: str) -> Any:
    result = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def relayed_up_to(position: int, database: str) -> None:
    """Move the position as a relay does."""
    relay = PostgresCheckpointStore(database)
    relay.acquire()
    relay.move(position)
    relay.release()


def test_topics_are_made_and_listed(bootstrap: str) -> None:
    """R-EVT-09"""
    json_of("topics", "create", "--dry-run")
    made = json_of("topics", "create")
    assert [each["name"] for each in made] == [topic.name for topic in TOPICS]
    assert {each["state"] for each in made} == {"as declared"}
    assert json_of("topics", "list") == json_of("topics", "create") == made


def test_topics_with_other_settings_are_listed_and_changed(bootstrap: str) -> None:
    """R-OPS-09, C-24: a certificate of an erasure says how long a topic keeps messages."""
    json_of("topics", "create")
    name = "pose.stream"
    longer = ConfigResource(ConfigResourceType.TOPIC, name, {"retention.ms": "604800000"})
    with closing(client.admin(KafkaAddress(bootstrap))) as admin:
        admin.alter_configs([longer])
    (other,) = [each for each in json_of("topics", "create") if each["state"] != "as declared"]
    assert (other["name"], other["other_settings"]) == (name, ["retention.ms"])
    result = CliRunner().invoke(app, ["topics", "list"], catch_exceptions=False)
    assert "other settings" in result.stdout
    with pytest.raises(Degraded, match=r"pose\.stream has another retention\.ms"):
        topics(KafkaAddress(bootstrap)).probe()
    changed = json_of("topics", "create", "--configure")
    assert {each["state"] for each in changed} == {"as declared"}


def test_workers_read_topics_of_a_new_kafka_from_the_beginning(
    bootstrap: str, database: str
) -> None:
    """R-OPS-09: their positions in the lost one would skip as many of its first messages."""
    lost, kept = EXERCISE_DETECT.name, "pose.stream"
    json_of("topics", "create")
    with closing(client.admin(KafkaAddress(bootstrap))) as admin:
        admin.delete_topics([lost])
    wait_until(lambda: state_of(lost) == "missing")
    engine = open_engine(database, schema=SCHEMA)
    positions = SqlPositions(engine)
    positions.save(EXERCISE_WORKER.name, lost, {0: 14, 3: 12})
    positions.save(EXERCISE_WORKER.name, kept, {0: 7})
    with closing(Analytics.at(database)) as analytics:
        with analytics.transaction() as connection:
            execute(connection, BEGIN_POSITION, "windows", lost, 0, 9)
        json_of("topics", "create", "--dry-run")
        assert positions.load(EXERCISE_WORKER.name, lost) == {0: 14, 3: 12}
        json_of("topics", "create")
        with analytics.transaction() as connection:
            assert fetch(connection, POSITIONS, "windows", lost) == [(0, 0)]
    assert positions.load(EXERCISE_WORKER.name, lost) == {0: 0, 3: 0}
    assert positions.load(EXERCISE_WORKER.name, kept) == {0: 7}
    engine.dispose()


def state_of(topic: str) -> str:
    return next(str(each["state"]) for each in json_of("topics", "list") if each["name"] == topic)


def test_topics_are_shown_as_a_table(bootstrap: str) -> None:
    result = CliRunner().invoke(app, ["topics", "list"], env={"COLUMNS": "200"})
    assert "pose.stream" in result.stdout


def test_the_relay_s_position_is_printed_and_rewound(database: str) -> None:
    """C-44: after a loss of Kafka, its topics can be refilled."""
    assert json_of("position") == {"position": 0}
    relayed_up_to(9, database)
    assert json_of("refill", "--dry-run") == {"before": 9, "after": 0, "dry_run": True}
    assert json_of("position") == {"position": 9}
    assert json_of("refill", "--after", "4") == {"before": 9, "after": 4, "dry_run": False}
    assert json_of("position") == {"position": 4}


def test_workers_read_a_refilled_kafka_from_the_beginning(database: str) -> None:
    """C-44: a restored database has their positions in the Kafka that was lost."""
    refilled, other = events_topic("sessions"), EXERCISE_DETECT.name
    relayed_up_to(9, database)
    with closing(Analytics.at(database)) as analytics:

        def positions(topic: str) -> Sequence[Any]:
            with analytics.transaction() as connection:
                return fetch(connection, POSITIONS, "windows", topic)

        with analytics.transaction() as connection:
            execute(connection, BEGIN_POSITION, "windows", refilled, 0, 9)
            execute(connection, BEGIN_POSITION, "windows", other, 0, 7)
        json_of("refill", "--dry-run")
        assert positions(refilled) == [(0, 9)]
        json_of("refill")
        assert positions(refilled) == [(0, 0)]
        assert positions(other) == [(0, 7)]


@pytest.mark.parametrize("dry_run", [[], ["--dry-run"]], ids=["moved", "dry run"])
def test_a_refill_does_not_move_the_relay_forward(database: str, dry_run: list[str]) -> None:
    """C-44: the events in between would never reach Kafka."""
    relayed_up_to(9, database)
    with pytest.raises(NotReached, match="has reached position 9, not 10") as refused:
        CliRunner().invoke(app, ["refill", "--after", "10", *dry_run], catch_exceptions=False)
    assert refused.value.kind == "invalid"
    assert json_of("position") == {"position": 9}
    assert json_of("refill", "--after", "9", *dry_run)["after"] == 9


def test_a_position_that_no_log_can_have_is_a_usage_error() -> None:
    words = ["refill", "--after", str(2**63)]
    assert CliRunner().invoke(app, words, catch_exceptions=False).exit_code == USAGE


def test_a_position_is_not_rewound_under_a_running_relay(database: str) -> None:
    running = PostgresCheckpointStore(database)
    running.acquire()
    with pytest.raises(LeadershipLost):
        CliRunner().invoke(app, ["refill"], catch_exceptions=False)
    running.release()


def test_a_refill_under_a_running_relay_is_refused_in_one_line(database: str, shell: Shell) -> None:
    """R-OPS-09: it waits for a moment, in case the relay was just stopped."""
    running = PostgresCheckpointStore(database)
    running.acquire()
    environment = {**os.environ, "KINELOG_HOME": str(shell.home)}
    command = [sys.executable, "-m", "bootstrap", "events", "refill"]
    refused = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    running.release()
    assert refused.stdout == ""
    assert refused.stderr.splitlines() == ["kinelog: A relay is running: stop it first."]


@pytest.mark.parametrize("words", [["topics", "list"], ["position"], ["relay"]])
def test_a_missing_setting_is_named(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KINELOG_KAFKA", "KINELOG_POSTGRES_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("gc.set_threshold", lambda *_: None)
    with pytest.raises(SettingMissing, match="KINELOG_"):
        CliRunner().invoke(app, words, catch_exceptions=False)
