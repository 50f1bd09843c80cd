"""Export and erasure of who sees whose training."""

import io
import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest

from application.platform import Platform
from application.privacy.erasure import AccountErasure, NotCertified
from domain.comments.events import Place
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.personal import Erased
from domain.supervision.commands import AthleteInvitationOver
from domain.users.user import Erased as Gone
from projections.athlete_invitation import ATHLETE_INVITATION
from projections.supervision import SUPERVISION
from tests.privacy.erasing import erase
from tests.privacy.person import settle
from tests.privacy.supervised import COACH, SESSION, grant_trainer


def supervised(platform: Platform, athlete: UserId, trainer: UserId) -> str:
    """Let a trainer see the training of an athlete who accepts an invitation."""
    invite = Origin(tenant_id=DEFAULT_TENANT, actor=trainer, correlation_id=uuid4())
    grant_trainer(platform, trainer, invite)
    invitation, _ = platform.supervision.invite(trainer, origin=invite, command_id=uuid4())
    accept = Origin(tenant_id=DEFAULT_TENANT, actor=athlete, correlation_id=uuid4())
    for video in (False, True):
        platform.supervision.allow(
            athlete,
            trainer,
            video=video,
            enrollment_id=None,
            invitation_id=None if video else invitation,
            origin=accept,
            command_id=uuid4(),
        )
    return invitation


def test_an_erased_athlete_has_no_trainers(platform: Platform, origin: Origin) -> None:
    """C-24: the permission is withdrawn first, and its row removed."""
    person = settle(platform)
    supervised(platform, person.id, COACH)
    key = f"{person.id}/{COACH}"
    assert platform.read.get(SUPERVISION, DEFAULT_TENANT, key) is not None
    assert erase(platform, person.id, origin)
    assert platform.supervision.permission(DEFAULT_TENANT, person.id, COACH) is None
    assert platform.read.get(SUPERVISION, DEFAULT_TENANT, key) is None
    history = platform.log.load(DEFAULT_TENANT, f"supervision-{person.id}")
    assert history[-1].event.event_name == "supervision.withdrawn"


def test_a_permission_given_during_an_erasure_ends_with_it(
    platform: Platform, origin: Origin
) -> None:
    """C-24: after the first withdrawal, and before the athlete is signed out."""
    person = settle(platform)
    erasure = platform.privacy().erasure

    def allow_first() -> AccountErasure:
        if not isinstance(platform.accounts().accounts.user(DEFAULT_TENANT, person.id), Gone):
            supervised(platform, person.id, COACH)
        return erasure.account_erasure()

    erasure.request(person.id, origin=origin, at_once=True)
    outcome = replace(erasure, account_erasure=allow_first).run(person.id, origin=origin)
    assert not isinstance(outcome, NotCertified)
    assert platform.supervision.state(DEFAULT_TENANT, person.id).permissions == ()


def test_ending_permissions_tolerates_a_withdrawal_by_the_athlete(
    platform: Platform, origin: Origin
) -> None:
    """C-24: between reading the permissions and withdrawing them."""
    athlete, service = UserId("ada"), platform.supervision
    supervised(platform, athlete, COACH)

    def withdraw_first() -> UUID:
        service.disallow(athlete, COACH, origin=origin, command_id=uuid4())
        return uuid4()

    replace(service, new_id=withdraw_first).end(athlete, origin)
    assert service.state(DEFAULT_TENANT, athlete).permissions == ()


def test_an_erased_trainer_leaves_no_invitations(platform: Platform, origin: Origin) -> None:
    """C-24: the athlete's own facts stay, with the id of an account that no longer exists."""
    person = settle(platform)
    invitation = supervised(platform, UserId("ada"), person.id)
    assert platform.read.get(ATHLETE_INVITATION, DEFAULT_TENANT, invitation) is not None
    assert erase(platform, person.id, origin)
    assert platform.read.get(ATHLETE_INVITATION, DEFAULT_TENANT, invitation) is None


def test_permissions_and_invitations_end_with_the_account_of_the_trainer(
    platform: Platform, origin: Origin
) -> None:
    """R-TEN-06: an invitation that is accepted afterwards is refused."""
    person, service = settle(platform), platform.supervision
    supervised(platform, UserId("ada"), person.id)
    unused, _ = service.invite(person.id, origin=origin, command_id=uuid4())
    assert len(service.current_trainers(DEFAULT_TENANT, UserId("ada"))) == 1
    assert erase(platform, person.id, origin)
    assert service.current_trainers(DEFAULT_TENANT, UserId("ada")) == []
    with pytest.raises(AthleteInvitationOver):
        service.allow(
            UserId("eve"),
            person.id,
            video=False,
            enrollment_id=None,
            invitation_id=unused,
            origin=origin,
            command_id=uuid4(),
        )


def write_comment(platform: Platform, athlete: UserId, trainer: UserId, text: str) -> str:
    """Comment on a session of the athlete; return the id of the comment."""
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=trainer, correlation_id=uuid4())
    key, _ = platform.comments.write(
        SESSION, athlete, trainer, Place(at_ms=10), text, origin=origin, command_id=uuid4()
    )
    return key


def readable(platform: Platform) -> list[object]:
    return [each.text.value for each in platform.comments.of(DEFAULT_TENANT, SESSION)]


def test_comments_are_hidden_when_their_author_is_erased(
    platform: Platform, origin: Origin
) -> None:
    """C-24, R-TEN-12: those of other authors stay."""
    trainer = settle(platform)
    write_comment(platform, UserId("ada"), trainer.id, "Heels down.")
    write_comment(platform, UserId("ada"), COACH, "Chest up.")
    assert readable(platform) == ["Heels down.", "Chest up."]
    assert erase(platform, trainer.id, origin)
    assert readable(platform) == ["Chest up."]


def test_comments_are_erased_with_the_athlete_they_are_about(
    platform: Platform, origin: Origin
) -> None:
    """C-24, R-TEN-12: no read model has their texts, and the key of the athlete is destroyed."""
    athlete = settle(platform)
    write_comment(platform, athlete.id, COACH, "Heels down.")
    assert erase(platform, athlete.id, origin)
    assert readable(platform) == []
    (written,) = platform.log.load(DEFAULT_TENANT, f"comments-{SESSION}")
    assert isinstance(written.event.text.value, Erased)


def test_an_export_has_no_texts_of_deleted_comments(platform: Platform) -> None:
    """R-TEN-13"""
    person = settle(platform)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=COACH, correlation_id=uuid4())
    write_comment(platform, person.id, COACH, "Heels down.")
    deleted = write_comment(platform, person.id, COACH, "Wrong athlete.")
    platform.comments.delete(SESSION, deleted, COACH, origin=origin, command_id=uuid4())
    facts = [each for each in exported(platform, person.id) if each["name"] == "comments.written"]
    assert [each["event"]["text"] for each in facts] == ["Heels down.", None]


def exported(platform: Platform, user_id: UserId) -> list[Any]:
    """Return the events in an archive of a person."""
    archive = io.BytesIO()
    platform.privacy().exports.writer.write_into(DEFAULT_TENANT, user_id, archive)
    with ZipFile(archive) as files:
        return [json.loads(line) for line in files.read("events.jsonl").decode().splitlines()]


def test_an_export_has_each_permission_once(platform: Platform) -> None:
    """R-TEN-13: also one that was changed several times."""
    person = settle(platform)
    supervised(platform, person.id, COACH)
    archive = io.BytesIO()
    platform.privacy().exports.writer.write_into(DEFAULT_TENANT, person.id, archive)
    with ZipFile(archive) as files:
        lines = files.read("events.jsonl").decode().splitlines()
        rows = files.read("rows/supervision.jsonl").decode().splitlines()
    facts = [each for each in map(json.loads, lines) if each["name"] == "supervision.allowed"]
    assert [each["event"]["video"] for each in facts] == [False, True]
    assert [json.loads(row)["trainer_id"] for row in rows] == [COACH]


def test_an_export_of_a_trainer_has_the_comments_they_wrote(platform: Platform) -> None:
    """R-TEN-13: not those of others, deleted ones, and those about people who were erased."""
    trainer = settle(platform)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=trainer.id, correlation_id=uuid4())
    write_comment(platform, UserId("ada"), trainer.id, "Heels down.")
    write_comment(platform, UserId("ada"), COACH, "Chest up.")
    deleted = write_comment(platform, UserId("ada"), trainer.id, "Wrong athlete.")
    platform.comments.delete(SESSION, deleted, trainer.id, origin=origin, command_id=uuid4())
    archive = io.BytesIO()
    platform.privacy().exports.writer.write_into(DEFAULT_TENANT, trainer.id, archive)
    with ZipFile(archive) as files:
        lines = files.read("comments.jsonl").decode().splitlines()
    assert [
        (each["session"], each["athlete"], each["text"]) for each in map(json.loads, lines)
    ] == [(SESSION, "ada", "Heels down.")]
