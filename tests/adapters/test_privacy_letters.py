"""An erasure deletes the person's dead letters and messages, and nobody else's."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from adapters.bus.in_process import InProcessBus
from adapters.privacy.targets import kafka
from adapters.privacy.targets.files import MailFolder
from adapters.privacy.targets.kafka import DeadLetters
from application.kernel.bus import Delivery, Message
from application.kernel.dead_letters import to_dead_letter
from application.kernel.topics import DEAD_LETTER_TOPICS, QUEUES
from application.privacy.subject_data import SubjectData, Term
from domain.ids import SessionId, TenantId, UserId

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
USERNAME, ADDRESS = "python", "ada@example.org"


def person(*names: str) -> SubjectData:
    return SubjectData(
        tenant_id=TenantId("gym"),
        user_id=UserId("ada"),
        sessions=(SessionId("s-1"),),
        recordings=(),
        workouts=(),
        terms=tuple(Term("user.named", name) for name in names),
    )


def theirs(
    monkeypatch: pytest.MonkeyPatch, whose: SubjectData, letters: Sequence[tuple[str, bytes]]
) -> int:
    """Count the letters with these keys and values that the erasure would delete."""
    bus = InProcessBus(DEAD_LETTER_TOPICS)
    for offset, (key, value) in enumerate(letters):
        sent = Delivery(Message("kinelog.events.users", key, value), 0, offset)
        failed = ValueError(f"in /usr/lib/python3, of {USERNAME}")
        bus.publish([to_dead_letter(sent, QUEUES[0], failed, attempts=1, at=AT)])
    names = [topic.name for topic in DEAD_LETTER_TOPICS]
    monkeypatch.setattr(kafka, "topics_of", lambda _: names)
    return DeadLetters("", bus, vocabulary=frozenset({"squat"})).count(whose)


@pytest.mark.parametrize(
    ("key", "value", "count"),
    [
        ("gym/user-ada", b"{}", 1),
        ("gym/s-1", b"{}", 1),
        ("gym/s-2", b'{"heard": "python"}', 1),
        ("gym/s-2", b"{}", 0),  # the error text contains the word, the message does not
        ("hall/s-1", b"{}", 0),  # the same name in another tenant
        ("hall/user-ada", b"{}", 0),
        ("hall/s-2", b'{"heard": "python"}', 0),
    ],
)
def test_an_erasure_finds_messages_by_key_and_content(
    monkeypatch: pytest.MonkeyPatch, key: str, value: bytes, count: int
) -> None:
    """C-24, R-TEN-05"""
    assert theirs(monkeypatch, person(USERNAME), [(key, value)]) == count


def test_who_is_called_as_an_exercise_is_does_not_take_letters_of_others_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C-24"""
    said = b'{"exercise_id": "squat"}'
    assert theirs(monkeypatch, person("squat"), [("gym/s-2", said), ("gym/s-1", said)]) == 1


def test_only_messages_to_the_erased_address_are_deleted(tmp_path: Path) -> None:
    """C-24: a person's name may be the platform's name."""
    for name, to in (("theirs", "Ada@example.org"), ("another", "bob@example.org")):
        mail = EmailMessage()
        mail["To"] = to
        mail.set_content("Welcome to Kinelog")
        (tmp_path / f"{name}.eml").write_bytes(mail.as_bytes())
    assert MailFolder(tmp_path).remove(person("Kinelog", ADDRESS)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["another.eml"]
