"""An erasure deletes the person's dead letters and messages, and nobody else's."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.bus.in_process import InProcessBus
from adapters.encryption.envelope import EnvelopeCipher
from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.mail.folder import FolderMailer, stored_mails
from adapters.privacy.targets import kafka
from adapters.privacy.targets.files import MailFolder
from adapters.privacy.targets.kafka import DeadLetters, KafkaTopicsPlace
from adapters.users.database import IdentityDatabase
from application.kernel.bus import Delivery, Message
from application.kernel.dead_letters import to_dead_letter
from application.kernel.topics import DEAD_LETTER_TOPICS, POSE_STREAM, QUEUES, events_topic
from application.privacy.subject_data import SubjectData, Term
from application.users.emails import compose_mail
from domain.ids import SessionId, TenantId, UserId

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
USERNAME, ADDRESS = "python", "ada@example.org"


def person(*names: str) -> SubjectData:
    return SubjectData(
        tenant_id=TenantId("gym"),
        user_id=UserId("ada"),
        sessions=(SessionId("s-1"), SessionId("user-bob")),
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
        topic = events_topic("users") if "/user-" in key else POSE_STREAM.name
        sent = Delivery(Message(topic, key, value), 0, offset)
        failed = ValueError(f"in /usr/lib/python3, of {USERNAME}")
        bus.publish([to_dead_letter(sent, QUEUES[0], failed, attempts=1, at=AT)])
    names = [topic.name for topic in DEAD_LETTER_TOPICS]
    monkeypatch.setattr(kafka, "topics_of", lambda _: names)
    return DeadLetters("", bus).count(whose)


@pytest.mark.parametrize(
    ("key", "value", "count"),
    [
        ("gym/user-ada", b"{}", 1),
        ("gym/s-1", b"{}", 1),
        ("gym/s-2", b'{"athlete_id": "ada"}', 1),
        ("gym", b'{"athlete_id": "ada"}', 1),
        ("gym/s-2", b'{"athlete_id": "ada-2", "heard": "ada?"}', 1),
        ("gym/s-2", b'{"athlete_id": "ada-2"}', 0),
        ("gym/s-2", b'{"heard": "python", "of": "s-1"}', 0),  # said by somebody else
        ("gym/s-2", b"{}", 0),
        ("gym/s-10", b"{}", 0),
        ("gym/user-bob", b"{}", 0),  # the key is not that of a session with this id
        ("hall/s-1", b"{}", 0),  # the same name in another tenant
        ("hall/user-ada", b"{}", 0),
        ("hall/s-2", b'{"athlete_id": "ada"}', 0),
    ],
)
def test_an_erasure_finds_messages_by_key_and_content(
    monkeypatch: pytest.MonkeyPatch, key: str, value: bytes, count: int
) -> None:
    """C-24, R-TEN-05"""
    assert theirs(monkeypatch, person(USERNAME), [(key, value)]) == count


def test_a_term_in_letters_of_others_does_not_delete_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C-24: also the person's address, which their own letters have with an id."""
    for term, said in ((ADDRESS, ADDRESS), ("squat", "squat"), ("device", "device")):
        message = f'{{"said": "{said}"}}'.encode()
        assert theirs(monkeypatch, person(term), [("gym/s-2", message), ("gym/s-1", message)]) == 1


def test_the_scan_of_topics_tells_dead_letters_from_other_messages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C-24: dead letters of others may contain a term."""
    letters = QUEUES[0].dead_letters
    monkeypatch.setattr(kafka, "topics_of", lambda _: [POSE_STREAM.name, letters])
    parts = KafkaTopicsPlace("Kafka", "", InProcessBus(DEAD_LETTER_TOPICS)).parts()
    assert {part.name: part.has_dead_letters for part in parts} == {
        POSE_STREAM.name: False,
        letters: True,
    }


def test_only_messages_to_the_erased_person_are_deleted(tmp_path: Path) -> None:
    """C-24, R-TEN-09: without reading them; the same id in another tenant is somebody else."""
    with closing(IdentityDatabase(f"sqlite:///{tmp_path / 'keys'}")) as database:
        cipher = EnvelopeCipher(SqlSubjectKeyStore(database), KeyFileKms(tmp_path / "key"))
        mailer = FolderMailer(tmp_path / "mail", sender="gym@example.org", cipher=cipher)
        for tenant, user in (("gym", "ada"), ("hall", "ada"), ("gym", "bob")):
            mail = compose_mail(uuid4(), ADDRESS, "Hello", "Hello", ("Open", "https://x"), "Bye")
            mailer.send(mail, tenant_id=TenantId(tenant), user_id=UserId(user))
        cipher.destroy(TenantId("gym"), UserId("ada"), AT)
    assert MailFolder(tmp_path / "mail").remove(person(ADDRESS)) == 1
    left = {(each.tenant_id, each.user_id) for each in stored_mails(tmp_path / "mail")}
    assert left == {("hall", "ada"), ("gym", "bob")}


def test_only_messages_of_earlier_versions_to_the_erased_address_are_deleted(
    tmp_path: Path,
) -> None:
    """C-24: they are not encrypted. A person's name may be the platform's name."""
    for name, to in (("theirs", "Ada@example.org"), ("another", "bob@example.org")):
        mail = EmailMessage()
        mail["To"] = to
        mail.set_content("Welcome to Kinelog")
        (tmp_path / f"{name}.eml").write_bytes(mail.as_bytes())
    assert MailFolder(tmp_path).remove(person("Kinelog", ADDRESS)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["another.eml"]
