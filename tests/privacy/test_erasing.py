"""A user with much personal data is erased, and a search finds nothing of them."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.mail.folder import stored_mails
from application.audit.history import replay_stream
from application.kernel.command_handler import CommandHandler
from application.kernel.encryption import SubjectErased
from application.kernel.ports import StorageUnavailable
from application.kernel.projection_runner import rebuild
from application.platform import Platform
from application.privacy.erasure import NotCertified, TermsLost
from application.privacy.erasure_certificate import InvalidCertificate, to_json, verify
from application.privacy.subject_data import SubjectData
from bootstrap.cli.output import plain
from bootstrap.cli.privacy import app
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import build_encryption
from bootstrap.wiring.platform import build_projection_log
from domain.erasures.commands import ErasureNotDue, ErasureUnderway
from domain.erasures.erasure import Certified, NotRequested, Pending
from domain.erasures.events import STEPS, Step
from domain.ids import DEFAULT_TENANT, SessionId, TenantId, UserId
from domain.kernel import Origin
from domain.users.commands import UserUnknown
from domain.users.user import Erased
from projections.participant import PARTICIPANT
from projections.registry import ALL
from projections.session_recording import SESSION_RECORDING
from projections.session_summary import SESSION_SUMMARY
from projections.workout_prescription import WORKOUT_PRESCRIPTION
from tests.privacy.erasing import certified
from tests.privacy.person import (
    ADDRESS,
    DESCRIPTION,
    EXERCISE_NOTE,
    NAME,
    PSEUDONYM,
    RENAMED,
    WRITTEN,
    found,
    settle,
    train,
)

ELSEWHERE = TenantId("elsewhere")


@dataclass
class Crash:
    """Ends the first run of its step as a crash would."""

    step: Step
    crashed: list[Step] = field(default_factory=list[Step])

    def count(self, subject: SubjectData) -> int:
        return 0

    def remove(self, subject: SubjectData) -> int:
        if self.step not in self.crashed:
            self.crashed.append(self.step)
            raise StorageUnavailable
        return 0


def test_erasure_removes_all_data_of_one_user_only(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-24, R-TEN-12, R-TEN-09"""
    person = settle(platform)
    other = settle(platform, ELSEWHERE, video="take.mp4")
    assert found(person, settings.home)  # the name of a job
    assert len(list(stored_mails(settings.home / "mail"))) == 2
    (queued,) = platform.health_import_store.of_user(DEFAULT_TENANT, person.id)
    assert platform.media.list_media(DEFAULT_TENANT, queued.prefix)
    erasure = platform.privacy().erasure
    content = certified(erasure, person.id, origin)["certificate"]
    assert platform.media.list_media(DEFAULT_TENANT, queued.prefix) == []
    assert platform.health_import_store.of_user(DEFAULT_TENANT, person.id) == []
    assert content["found"] == 0
    assert content["chain"]["holds"]
    assert all(content["removed"][step] for step in ("account", "read_models", "media", "jobs"))
    assert platform.read.get(SESSION_SUMMARY, DEFAULT_TENANT, person.session) is None
    assert platform.read.get(SESSION_SUMMARY, ELSEWHERE, other.session) is not None


def test_texts_of_a_user_are_encrypted_and_erased_with_them(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-24, R-TEN-09: names and descriptions of recordings and workouts, and notes."""
    person = settle(platform)
    row = platform.read.get(SESSION_RECORDING, DEFAULT_TENANT, person.session)
    assert row is not None
    assert (row.name, row.description) == (RENAMED, DESCRIPTION)
    session = platform.read.get(SESSION_SUMMARY, DEFAULT_TENANT, person.session)
    assert session is not None
    workout = platform.read.get(WORKOUT_PRESCRIPTION, DEFAULT_TENANT, str(session.workout_id))
    assert workout is not None
    assert workout.notes == (EXERCISE_NOTE,)
    log = b"".join(path.read_bytes() for path in settings.home.glob("log.sqlite3*"))
    assert not [words for words in WRITTEN if words.encode() in log]
    certified(platform.privacy().erasure, person.id, origin)
    assert found(person, settings.home) == []


def test_an_erased_user_leaves_leaderboards_and_frees_their_pseudonym(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-41, C-24: and its next owner does not prevent a certificate."""
    person, taken = settle(platform), platform.leaderboards.is_taken
    assert taken(DEFAULT_TENANT, PSEUDONYM, UserId("another"))
    certified(platform.privacy().erasure, person.id, origin)
    assert not taken(DEFAULT_TENANT, PSEUDONYM, UserId("another"))
    with build_encryption(settings) as sealing:
        rebuild(build_projection_log(platform.log, sealing.database), platform.tables, *ALL)
    assert not taken(DEFAULT_TENANT, PSEUDONYM, UserId("another"))
    assert platform.read.get(PARTICIPANT, DEFAULT_TENANT, person.id) is None


def test_a_replay_continues_and_marks_erased_values(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-24, R-EVT-15"""
    person = settle(platform)
    erasure = platform.privacy().erasure
    certified(erasure, person.id, origin)
    entries = list(replay_stream(platform.log, DEFAULT_TENANT, f"user-{person.id}"))
    reported = json.dumps(plain(entries, personal=True), default=str)
    assert '"erased": true' in reported
    assert entries[-1].state == Erased.__name__
    assert not any(text in reported for text in person.texts())


def test_an_erasure_continues_after_a_crash_in_any_step(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-24"""
    person = settle(platform)
    crashes = [Crash(step) for step in STEPS]
    real = platform.privacy().erasure
    erasure = replace(real, targets=[*real.targets, *crashes])
    for _ in STEPS:
        with pytest.raises(StorageUnavailable):
            certified(erasure, person.id, origin)
    content = certified(erasure, person.id, origin)["certificate"]
    assert isinstance(erasure.state(DEFAULT_TENANT, person.id), Certified)
    assert content["found"] == 0


@dataclass
class Training:
    """Continues a session that the device began before its sign-out."""

    begin: Callable[[], SessionId]
    step: Step = "account"
    begun: list[SessionId] = field(default_factory=list[SessionId])

    def count(self, subject: SubjectData) -> int:
        return 0

    def remove(self, subject: SubjectData) -> int:
        self.begun.append(self.begin())
        return 0


def test_erasure_includes_events_until_the_sign_out(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-24"""
    person = settle(platform)
    own = replace(origin, actor=person.id)
    training = Training(lambda: train(platform, person.id, own, alone=True))
    real = platform.privacy().erasure
    certified(replace(real, targets=[training, *real.targets]), person.id, origin)
    (delayed,) = training.begun
    with pytest.raises(SubjectErased):  # no more events can be written in their name
        train(platform, person.id, own)
    assert platform.read.get(SESSION_SUMMARY, DEFAULT_TENANT, delayed) is None
    assert list(platform.media.list_media(DEFAULT_TENANT, delayed, after="", limit=1)) == []


def test_remaining_data_is_listed_and_prevents_a_certificate(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-24: after its removal the certificate is issued."""
    person = settle(platform)
    leak = settings.home / "notes.txt"
    leak.write_text(f"call {ADDRESS.lower()}")
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    outcome = erasure.run(person.id, origin=origin)
    assert isinstance(outcome, NotCertified)
    assert {(each.part, each.kind) for each in outcome.findings} == {
        ("notes.txt", "user.email_changed.email")
    }
    leak.unlink()
    assert certified(erasure, person.id, origin)["certificate"]["found"] == 0


def test_an_old_copy_of_the_log_cannot_be_read_any_more(
    settings: Settings, platform: Platform, origin: Origin, tmp_path: Path
) -> None:
    """C-24, R-TEN-09: it does not contain the key."""
    person = settle(platform)
    backup = tmp_path / "backup"
    shutil.copytree(settings.home, backup, ignore=lambda *_: ["master.key", "identity.sqlite3"])
    erasure = platform.privacy().erasure
    certified(erasure, person.id, origin)
    restored = settings.model_copy(update={"home": tmp_path / "restored"})
    restored.home.mkdir()
    for name in ("master.key", "identity.sqlite3"):
        shutil.copy(settings.home / name, restored.home / name)
    for path in backup.glob("log.sqlite3*"):
        shutil.copy(path, restored.home / path.name)
    with open_platform(restored) as again:
        reported = plain(again.log.load(DEFAULT_TENANT, f"user-{person.id}"), personal=True)
        assert not any(text in json.dumps(reported, default=str) for text in person.texts())
        assert again.read.get(SESSION_SUMMARY, DEFAULT_TENANT, person.session) is None
    assert found(person, restored.home) == []


def test_an_erasure_can_be_called_off_until_it_is_due(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """R-TEN-12"""
    person = settle(platform)
    real = platform.privacy().erasure
    erasure = replace(real, grace=timedelta(hours=1))
    assert isinstance(erasure.request(person.id, origin=origin), Pending)
    with pytest.raises(ErasureNotDue):
        erasure.run(person.id, origin=origin)
    erasure.cancel(person.id, origin=origin)
    assert isinstance(erasure.state(DEFAULT_TENANT, person.id), NotRequested)
    certified(erasure, person.id, origin)
    with pytest.raises(ErasureUnderway):
        erasure.cancel(person.id, origin=origin)


def test_a_repeated_cancellation_leaves_a_newer_request_alone(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """R-API-04, R-TEN-12: its due date stays."""
    person, erasure = settle(platform), platform.privacy().erasure
    erasure = replace(erasure, grace=timedelta(0))
    erasure.request(person.id, origin=origin)
    cancellation = platform.new_id()
    erasure.cancel(person.id, origin=origin, command_id=cancellation)
    assert list(erasure.due(DEFAULT_TENANT)) == []
    erasure.request(person.id, origin=origin)
    erasure.cancel(person.id, origin=origin, command_id=cancellation)
    assert list(erasure.due(DEFAULT_TENANT)) == [person.id]


def test_a_repeated_request_is_not_due_again_after_its_cancellation(
    platform: Platform, origin: Origin
) -> None:
    """R-API-04, R-TEN-12"""
    person, erasure = settle(platform), platform.privacy().erasure
    request = platform.new_id()
    erasure.request(person.id, origin=origin, at_once=True, command_id=request)
    erasure.cancel(person.id, origin=origin)
    erasure.request(person.id, origin=origin, at_once=True, command_id=request)
    assert list(erasure.due(DEFAULT_TENANT)) == []


def test_a_user_erased_earlier_is_searched_by_given_terms(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-24: if the key was already destroyed, the search terms have to be given."""
    person = settle(platform)
    platform.accounts().account_erasure.erase(
        person.id, origin=origin, command_id=platform.new_id()
    )
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    with pytest.raises(TermsLost):
        erasure.run(person.id, origin=origin)
    outcome = erasure.run(person.id, origin=origin, extra_terms=[ADDRESS, NAME])
    assert not isinstance(outcome, NotCertified)
    assert outcome["certificate"]["removed"]["mails"] == 1
    assert list(outcome["certificate"]["lookedFor"]) == ["given"]


def test_a_certificate_is_believed_only_as_it_was_signed(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-24"""
    person = settle(platform)
    erasure = platform.privacy().erasure
    document = certified(erasure, person.id, origin)
    assert certified(erasure, person.id, origin) == document
    keys = erasure.signer.public_keys()
    assert verify(document, erasure.signer, keys) == document["certificate"]
    changed = {**document, "certificate": {**document["certificate"], "person": "bob"}}
    forgeries: list[Any] = [changed, {"certificate": {}}, {**document, "jws": "a.b.c"}]
    for forged in forgeries:
        with pytest.raises(InvalidCertificate):
            verify(forged, erasure.signer)
    with pytest.raises(InvalidCertificate):
        verify(document, erasure.signer, {"keys": []})


def test_an_operator_erases_and_verifies_on_the_command_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """C-24, R-TEN-12"""
    monkeypatch.setenv("KINELOG_HOME", str(settings.home))
    monkeypatch.setenv("KINELOG_ERASURE_WAIT_S", "0")
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    with open_platform(settings) as platform:
        person = settle(platform)

    def run(*words: str) -> Any:
        ran = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
        return ran.exit_code, json.loads(ran.stdout)

    who = ("--user", ADDRESS)
    assert run("erase", *who, "--dry-run")[1]["would_remove"]["media"] == 1
    leak = settings.home / "notes.txt"
    leak.write_text(NAME)
    status, refused = run("erase", *who, "--look-for", "bob@example.org")
    assert status == 1
    unknown = CliRunner().invoke(app, ["erase", "--user", "bob@example.org"])
    assert isinstance(unknown.exception, UserUnknown), "it was only searched for"
    assert [each["part"] for each in refused["findings"]] == ["notes.txt"] * len(
        refused["findings"]
    )
    leak.unlink()
    file = tmp_path / "certificate.json"
    status, reported = run("erase", *who, "--output", str(file))  # resumes
    assert status == 0
    assert file.read_text() == to_json({name: reported[name] for name in ("certificate", "jws")})
    status, content = run("certificate", "verify", str(file))
    assert (status, content["person"]) == (0, person.id)


def test_an_erasure_that_cannot_be_carried_out_does_not_hold_up_the_others(
    settings: Settings, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-24, R-TEN-12: it is named; a canceled one is no longer due."""
    monkeypatch.setenv("KINELOG_HOME", str(settings.home))
    monkeypatch.setenv("KINELOG_ERASURE_WAIT_S", "0")
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    called_off, unknown = UserId("called-off"), UserId("unknown")
    with open_platform(settings) as platform:
        person = settle(platform)
        erasure = platform.privacy().erasure
        erasure.due_dates.set_due(DEFAULT_TENANT, called_off, platform.clock())
        for who in (unknown, person.id):
            erasure.request(who, origin=origin, at_once=True)
        assert erasure.due(DEFAULT_TENANT) == [called_off, unknown, person.id]
    ran = CliRunner().invoke(app, ["run-due", "--json"])
    assert ran.exit_code == 1
    assert json.loads(ran.stdout) == {
        "certified": [person.id],
        "refused": [],
        "failed": {unknown: TermsLost.code},
    }
    with open_platform(settings) as platform:
        assert platform.privacy().erasure.due(DEFAULT_TENANT) == [unknown]


class LostError(Exception):
    """The process is gone."""


def test_a_requested_erasure_is_due_after_the_process_was_lost(
    platform: Platform, origin: Origin
) -> None:
    """C-24, R-TEN-12"""
    person = settle(platform)
    real = platform.privacy().erasure

    def lost(_: int) -> None:
        raise LostError

    dying = replace(real, commands=CommandHandler(platform.log, settled=lost))
    with pytest.raises(LostError):
        dying.request(person.id, origin=origin, at_once=True)
    assert isinstance(real.state(DEFAULT_TENANT, person.id), Pending)
    assert real.due(DEFAULT_TENANT) == [person.id]
