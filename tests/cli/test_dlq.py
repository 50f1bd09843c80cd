"""`kinelog dlq` lists, inspects, replays and purges dead letters."""

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import KafkaBus
from application.kernel.bus import Delivery, Message
from application.kernel.dead_letters import (
    REPLAYED_FOR,
    DeadLetterForeign,
    DeadLetterUnknown,
    GroupUnknown,
    find_group,
    list_dead_letters,
    purge,
    to_dead_letter,
)
from application.kernel.topics import GROUPS, TOPICS
from bootstrap.cli.dlq import app
from tests.plugins.services import Service

QUEUE = find_group("email-notifications", GROUPS)
AT = datetime(2030, 1, 1, tzinfo=UTC)
TOPIC = "kinelog.events.users"


@pytest.fixture
def bus(kafka: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[KafkaBus]:
    """A bus whose queue has no dead letters before and after the test."""
    monkeypatch.setenv("KINELOG_KAFKA", kafka.address)
    monkeypatch.setenv("KINELOG_POSTGRES_URL", "postgresql://unused")
    monkeypatch.setenv("COLUMNS", "200")
    KafkaTopics(kafka.address).create(TOPICS)
    made = KafkaBus(kafka.address)
    purge(made, QUEUE, list_dead_letters(made, QUEUE))
    yield made
    purge(made, QUEUE, list_dead_letters(made, QUEUE))
    made.close()


@pytest.fixture
def mark() -> str:
    return secrets.token_hex(6)


@pytest.fixture
def places(bus: KafkaBus, mark: str) -> list[str]:
    """Return the positions of three dead letters, the oldest first."""
    headers = (("ce_id", mark.encode()), ("ce_type", b"user.created"))
    failed = [
        Delivery(Message(TOPIC, f"default/user-{n}", b'{"n":%d}' % n, headers), 0, 10**9 + n)
        for n in range(3)
    ]
    error = ValueError("no such [address]")
    bus.publish([to_dead_letter(each, QUEUE, error, attempts=5, at=AT) for each in failed])
    return [each.place for each in failed]


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def json_of(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def listed() -> list[str]:
    return [letter["place"] for letter in json_of("list", QUEUE.name)["letters"]]


def test_dead_letters_are_listed_page_by_page(places: list[str], mark: str) -> None:
    """R-EVT-19"""
    page = json_of("list", QUEUE.name, "--first", "2")
    assert [letter["place"] for letter in page["letters"]] == places[:2]
    assert page["next"] == places[1]
    rest = json_of("list", QUEUE.name, "--after", page["next"])
    assert rest["next"] is None
    (letter,) = rest["letters"]
    assert letter == {
        "place": places[2],
        "group": QUEUE.name,
        "key": "default/user-2",
        "event_id": mark,
        "type": "user.created",
        "failed_at": "2030-01-01T00:00:00Z",
        "attempts": 5,
        "reason": "ValueError: no such [address]",
    }
    assert "no such [address]" in run("list", QUEUE.name)


def test_a_dead_letter_is_inspected(places: list[str], mark: str) -> None:
    """R-EVT-19"""
    letter = json_of("inspect", QUEUE.name, places[0])
    assert letter["value"] == '{"n":0}'
    assert letter["headers"] == {"ce_id": mark, "ce_type": "user.created"}
    assert "ValueError" in letter["stack"]
    assert '{"n":0}' in run("inspect", QUEUE.name, places[0])


def test_a_dead_letter_is_replayed(bus: KafkaBus, places: list[str], mark: str) -> None:
    """R-EVT-19"""
    dry = json_of("replay", QUEUE.name, places[1], "--dry-run")
    assert dry == {"replayed": [places[1]], "dry_run": True}
    assert listed() == places
    json_of("replay", QUEUE.name, places[1])
    assert listed() == [places[0], places[2]]
    (again,) = [each.message for each in bus.read(TOPIC) if each.message.header("ce_id") == mark]
    assert (again.key, again.value) == ("default/user-1", b'{"n":1}')
    assert again.header(REPLAYED_FOR) == QUEUE.name


def test_dead_letters_are_purged(places: list[str]) -> None:
    """R-EVT-19"""
    json_of("purge", QUEUE.name, places[0], places[1])
    assert listed() == [places[2]]
    json_of("purge", QUEUE.name, "--all", "--dry-run")
    assert listed() == [places[2]]
    assert places[2] in run("purge", QUEUE.name, "--all")
    assert listed() == []


@pytest.mark.parametrize("word", ["replay", "purge"])
@pytest.mark.parametrize("others", [[], ["--all", "topic/0/1"]], ids=["none", "both"])
def test_all_requires_an_explicit_option(places: list[str], word: str, others: list[str]) -> None:
    result = CliRunner().invoke(app, [word, QUEUE.name, *others])
    assert result.exit_code == 2
    assert listed() == places


def test_a_message_of_another_program_is_listed_and_can_only_be_purged(
    bus: KafkaBus, places: list[str]
) -> None:
    """R-EVT-19: it hid the other dead letters of its queue."""
    bus.publish([Message(QUEUE.dead_letters, "foreign", b"{}")])
    assert listed() == [*places, "foreign"]
    inspected = run("inspect", QUEUE.name, "foreign")
    assert "no dead letter" in inspected
    assert "failed_at" not in inspected, "it does not say when it failed"
    assert json_of("list", QUEUE.name)["letters"][-1]["failed_at"] is None
    assert "1970" not in run("list", QUEUE.name)
    with pytest.raises(DeadLetterForeign, match="'foreign'"):
        run("replay", QUEUE.name, "--all")
    assert listed() == [*places, "foreign"]
    run("purge", QUEUE.name, "foreign")
    assert listed() == places


def test_missing_dead_letters_are_refused(places: list[str]) -> None:
    with pytest.raises(DeadLetterUnknown):
        run("inspect", QUEUE.name, "topic/0/1")
    with pytest.raises(GroupUnknown):
        run("list", "pigeons")
