"""The e-mail "Content Live" (R-CON-07): sent once for each version, in the trainer's language."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import pytest

from application.content import email_texts
from application.content.email_texts import email_text
from application.kernel.catalogues import languages
from application.kernel.cloud_events import encoded
from application.kernel.ports import Change
from domain.content import events
from domain.ids import UserId
from domain.personal import Personal
from tests.application.users.users_fixture import ADDRESS, AT, UsersFixture
from tests.application.users.users_fixture import users as opened

DIGEST = "ab" * 32
FILE = events.DeclaredFile(5_000_000, "video/mp4", DIGEST)
ENCODING = events.Encoding(600_000, (events.Rendition(854, 480, "h264", 1_400_000),), DIGEST)


@pytest.fixture
def users(tmp_path: Path) -> Iterator[UsersFixture]:
    with opened(tmp_path) as built:
        built.registers()
        built.mailbox.mails.clear()
        yield built


def trainer(users: UsersFixture) -> UserId:
    streams = [each.stream for each in users.log.scan(after=0, limit=99)]
    return UserId(next(each for each in streams if each.startswith("user-"))[len("user-") :])


def requested(trainer_id: UserId) -> events.UploadRequested:
    title = Personal(trainer_id, "Squats & <lunges>")
    return events.UploadRequested(
        trainer_id=trainer_id, title=title, description=title, file=FILE, at=AT
    )


def live(number: int) -> tuple[Any, ...]:
    return (
        events.ContentUploaded(number=number, size=FILE.size, at=AT),
        events.ChecksPassed(number=number, media_type="video/mp4", duration_ms=600_000, at=AT),
        events.ContentEncoded(number=number, encoding=ENCODING, at=AT),
        events.ContentReady(number=number, duration_ms=600_000, bitrates=(1_400_000,), at=AT),
    )


def happen(users: UsersFixture, *happened: Any) -> None:
    """Record events of a video, and deliver them twice to the queue."""
    version = len(users.log.load(users.origin.tenant_id, "content-squats"))
    position = users.log.head()
    users.log.append(
        [Change("content-squats", version, list(happened))],
        origin=users.origin,
        command_id=uuid4(),
    )
    for _ in range(2):
        for recorded in users.log.scan(after=position, limit=99):
            users.delivery.send_email(encoded(recorded, users.codec.encode))


def test_the_trainer_learns_once_that_a_video_is_live(users: UsersFixture) -> None:
    happen(users, requested(trainer(users)), *live(1))
    (mail,) = users.mailbox.mails
    assert mail.to == ADDRESS
    assert mail.subject == "Content Live: Squats & <lunges>"
    assert "10 min" in mail.text
    assert "Squats &amp; &lt;lunges&gt;" in mail.html


def test_a_new_version_has_its_own_e_mail(users: UsersFixture) -> None:
    happen(users, requested(trainer(users)), *live(1))
    replacement = events.ReplacementRequested(number=2, file=FILE, at=AT)
    happen(users, replacement, *live(2))
    subjects = [mail.subject for mail in users.mailbox.mails]
    assert subjects[1:] == ["Content Live: new version of Squats & <lunges>"]


def test_the_first_version_that_is_live_is_no_new_one(users: UsersFixture) -> None:
    cancelled = events.UploadEnded(number=1, reason="cancelled", at=AT)
    happen(users, requested(trainer(users)), cancelled)
    happen(users, events.ReplacementRequested(number=2, file=FILE, at=AT), *live(2))
    (mail,) = users.mailbox.mails
    assert mail.subject == "Content Live: Squats & <lunges>"


def test_nobody_hears_that_what_is_gone_is_live(users: UsersFixture) -> None:
    happen(users, requested(trainer(users)), *live(1), events.ContentDeleted(at=AT))
    assert users.mailbox.mails == []


@pytest.mark.parametrize("locale", ["en", "es-MX", "ru"])
@pytest.mark.parametrize("kind", ["content_live", "version_live"])
def test_the_e_mail_exists_in_each_language(kind: Any, locale: str) -> None:
    text = email_text(kind, locale, {"title": "Squats", "minutes": 10})
    assert "Squats" in text.subject
    assert "10" in text.body
    assert all(part.strip() for part in text)


@pytest.mark.parametrize("locale", ["en", "es-MX", "ru"])
def test_each_reason_of_a_take_down_has_its_words(locale: str) -> None:
    texts = [
        email_text("taken_down", locale, {"title": "Squats", "reason": reason})
        for reason in get_args(events.TakeDownReason)
    ]
    assert len({text.body for text in texts}) == len(texts)
    assert {text.footer for text in texts} == {texts[0].footer}


def test_the_trainer_learns_why_a_video_was_taken_down(users: UsersFixture) -> None:
    taken_down = events.ContentTakenDown(reason="privacy", at=AT)
    happen(users, requested(trainer(users)), *live(1), taken_down)
    (mail,) = users.mailbox.mails
    assert (mail.to, mail.subject) == (ADDRESS, "Taken down: Squats & <lunges>")
    assert "privacy" in mail.text


def rejected(reason: events.Rejection, number: int = 1, **details: Any) -> tuple[Any, ...]:
    return (
        events.ContentUploaded(number=number, size=FILE.size, at=AT),
        events.ContentRejected(
            number=number, reason=reason, details=events.RejectionDetails(**details), at=AT
        ),
        events.FileQuarantined(number=number, at=AT),
    )


@pytest.mark.parametrize("locale", ["en", "es-MX", "ru"])
def test_each_reason_of_a_rejection_has_its_words(locale: str) -> None:
    """R-CON-01."""
    values = {"title": "Squats", "at": "00:12", "live": "no"}
    reasons = (*get_args(events.Rejection), "damaged_at")
    texts = [email_text("rejected", locale, {**values, "reason": reason}) for reason in reasons]
    assert len({text.body for text in texts}) == len(texts)
    assert "00:12" in texts[-1].body


def test_the_trainer_learns_once_why_a_video_was_rejected(users: UsersFixture) -> None:
    """R-CON-01."""
    happen(users, requested(trainer(users)), *rejected("damaged", at_ms=12_400))
    (mail,) = users.mailbox.mails
    assert (mail.to, mail.subject) == (ADDRESS, "Not published: Squats & <lunges>")
    assert "damaged at 00:12" in mail.text
    assert "version before" not in mail.text


def test_a_rejected_version_leaves_the_one_before(users: UsersFixture) -> None:
    """R-CON-01: the e-mail says that viewers still get it."""
    replacement = events.ReplacementRequested(number=2, file=FILE, at=AT)
    again = events.ReplacementRequested(number=3, file=FILE, at=AT)
    first = requested(trainer(users))
    happen(users, first, *live(1), replacement, *rejected("too_long", number=2))
    assert "Viewers still get the version before." in users.mailbox.mails[-1].text
    happen(users, again, *rejected("malware_found", number=3, finding="EICAR"))
    assert "malware" in users.mailbox.mails[-1].text


def test_the_languages_are_those_of_other_e_mails() -> None:
    assert languages(email_texts.__name__) == {"en", "es", "ru"}
