"""Retention: expired data is removed once, and nothing else is."""

import json
import os
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from application.platform import Platform
from application.users.factor_ports import StoredFactor
from bootstrap.cli.audit import app as audit
from bootstrap.cli.privacy import app
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.background import embedded_daily_work
from domain.erasures.erasure import Certified, NotRequested, Pending
from domain.ids import DEFAULT_TENANT, RecordingId, SessionId, TenantId, UserId
from domain.kernel import Origin
from domain.recordings.commands import StartRecording
from domain.recordings.events import RecordingMediaRemoved
from domain.recordings.recording import RECORDING
from domain.tenants.commands import TenantUnknown
from domain.users.identities import FactorKind
from domain.users.user import Registered
from projections.session_recording import SESSION_RECORDING
from projections.session_summary import SESSION_SUMMARY
from tests.mail_folder import embedded_mails, text_of
from tests.privacy.person import settle
from tests.privacy.retention_rules import all_after

LINKS = 1
"""Links in e-mails to a new user."""


def test_expired_data_is_deleted_once(
    platform: Platform, settings: Settings, origin: Origin
) -> None:
    """R-TEN-12"""
    person = settle(platform)
    exports = platform.privacy().exports
    export = exports.request(platform.new_id(), person.id, origin=origin)
    while exports.get(export.id, person.id, origin=origin).state != "ready":
        pass
    (mail,) = (settings.home / "mail").glob("*.sealed")
    os.utime(mail, (0, 0))
    retention = all_after(platform, 90)
    reported = retention.run(DEFAULT_TENANT, dry_run=True)
    assert reported == {
        "exports": 1, "sign_ins": 2, "jobs": 1, "mails": 1, "media": 1, "inactive_accounts": 1,
        "deleted_recordings": 0, "unconfirmed_apps": 0, "webhooks": 0,
        "reconciliations": 0, "uploads": 0, "quarantine": 0, "orphans": 0,
    }  # fmt: skip
    assert mail.exists()
    row = platform.read.get(SESSION_RECORDING, DEFAULT_TENANT, person.session)
    assert row is not None
    assert row.media_removed_at is None
    assert retention.run(DEFAULT_TENANT, dry_run=False) == reported
    assert not mail.exists()
    assert not any(retention.run(DEFAULT_TENANT, dry_run=False).values())
    assert platform.read.get(SESSION_SUMMARY, DEFAULT_TENANT, person.session) is not None
    stream = f"{RECORDING.category}-{person.session}"
    happened = [each.event for each in platform.log.load(DEFAULT_TENANT, stream)]
    (removed,) = (each for each in happened if isinstance(each, RecordingMediaRemoved))
    row = platform.read.get(SESSION_RECORDING, DEFAULT_TENANT, person.session)
    assert row is not None
    assert (row.media_removed_at, row.frame_count, row.video_status) == (removed.at, 0, "none")
    state = platform.privacy().erasure.state(DEFAULT_TENANT, person.id)
    assert isinstance(state, Pending)  # an unused account, until its owner cancels the deletion
    platform.accounts().follow_email_requests.run_once()
    (message,) = embedded_mails(settings.home / "mail")
    assert "You have not signed in for a long time" in text_of(message)


def test_an_inactive_person_gets_an_email_also_after_a_crash(
    platform: Platform, settings: Settings, origin: Origin
) -> None:
    """R-TEN-12: between the request of the erasure and that of its e-mail."""
    person = settle(platform)
    platform.privacy().erasure.request(person.id, origin=origin)
    for mail in (settings.home / "mail").glob("*.sealed"):
        mail.unlink()
    for _ in range(2):
        removed = all_after(platform, 90).run(DEFAULT_TENANT, dry_run=False)
        assert removed["inactive_accounts"] == 0
    platform.accounts().follow_email_requests.run_once()
    (message,) = embedded_mails(settings.home / "mail")
    assert "You have not signed in for a long time" in text_of(message)


def test_the_last_administrator_of_a_tenant_is_kept(platform: Platform, origin: Origin) -> None:
    """R-TEN-06, R-TEN-12: as nobody else could administer it."""
    person, administration = settle(platform), platform.accounts().administration
    administration.create_tenant("Gym", person.id, origin=origin, command_id=uuid4())
    for dry_run in (True, False):
        removed = all_after(platform, 90).run(DEFAULT_TENANT, dry_run=dry_run)
        assert removed["inactive_accounts"] == 0
    assert isinstance(platform.privacy().erasure.state(DEFAULT_TENANT, person.id), NotRequested)


def test_an_administrator_who_has_become_the_last_one_is_kept(
    platform: Platform, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-06, R-TEN-12: the other one left after retention had looked."""
    person, administration = settle(platform), platform.accounts().administration
    administration.create_tenant("Gym", person.id, origin=origin, command_id=uuid4())
    checked = "application.privacy.retention.is_last_administrator"
    monkeypatch.setattr(checked, lambda *_: False)
    removed = all_after(platform, 90).run(DEFAULT_TENANT, dry_run=False)
    assert removed["inactive_accounts"] == 0
    assert isinstance(platform.privacy().erasure.state(DEFAULT_TENANT, person.id), NotRequested)


def test_the_last_sign_in_of_an_account_is_kept_while_it_shows_activity(settings: Settings) -> None:
    """R-TEN-12: sign-ins are removed after 90 days, and accounts after 365 days without one."""
    with open_platform(settings.model_copy(update={"retain_inactive_days": 365})) as platform:
        person, began_at = settle(platform), platform.clock()
        accounts = platform.accounts()
        user = accounts.accounts.user(DEFAULT_TENANT, person.id)
        assert isinstance(user, Registered)

        def run(days: int) -> tuple[int, int]:
            later = replace(
                platform.privacy().retention, clock=lambda: began_at + timedelta(days=days)
            )
            removed = later.run(DEFAULT_TENANT, dry_run=False)
            return removed["sign_ins"], removed["inactive_accounts"]

        later = replace(accounts.sign_in_service, clock=lambda: began_at + timedelta(days=200))
        later.begin(DEFAULT_TENANT, person.id, user)
        assert run(days=390) == (LINKS, 0)
        assert run(days=570) == (0, 1)


def test_secrets_of_apps_that_were_never_confirmed_are_removed(platform: Platform) -> None:
    """R-IDN-18, R-TEN-12: those of confirmed apps and passkeys stay."""
    store = platform.accounts().second_factors.factors
    added_at = platform.clock()
    for name, kind, counter in (("app", "totp", 5), ("key", "passkey", 0), ("half", "totp", 0)):
        factor = StoredFactor(
            tenant_id=DEFAULT_TENANT,
            user_id=UserId("ada"),
            id=name,
            kind=cast("FactorKind", kind),
            sealed=b"sealed",
            counter=counter,
            added_at=added_at,
        )
        store.put(factor)
    retention = platform.privacy().retention
    hours = [replace(retention, clock=lambda n=n: added_at + timedelta(hours=n)) for n in (0, 1)]
    assert [each.run(DEFAULT_TENANT, dry_run=False)["unconfirmed_apps"] for each in hours] == [0, 1]
    assert {each.id for each in store.list_all(DEFAULT_TENANT, UserId("ada"))} == {"app", "key"}


def test_media_of_a_recording_without_a_session_go_too(platform: Platform, origin: Origin) -> None:
    """R-TEN-12, R-RPL-14: the recording has its own prefix."""
    recording_id = RecordingId("of-no-session")
    start = StartRecording(
        user_id=UserId("ada"),
        session_id=SessionId(recording_id),
        name="Squats",
        aspect_ratio=1.5,
        at=platform.clock(),
    )
    platform.recorder.execute(recording_id, start, origin=origin)
    for number in range(1001):  # more than a store lists at once
        platform.media.put(DEFAULT_TENANT, b"picture %d" % number, prefix=recording_id)
    old = all_after(platform, 90)
    assert old.run(DEFAULT_TENANT, dry_run=True)["media"] == 1001
    assert old.run(DEFAULT_TENANT, dry_run=False)["media"] == 1001
    assert not platform.media.list_media(DEFAULT_TENANT, recording_id)


def test_recent_data_is_kept(platform: Platform) -> None:
    """R-TEN-12"""
    settle(platform)
    assert not any(platform.privacy().retention.run(DEFAULT_TENANT, dry_run=False).values())
    assert not any(all_after(platform, 201).run(DEFAULT_TENANT, dry_run=False).values())


def test_an_operator_applies_retention_and_lists_access(
    platform: Platform,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    origin: Origin,
) -> None:
    """R-TEN-12, R-TEN-13"""
    monkeypatch.setenv("KINELOG_HOME", str(settings.home))
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    person = settle(platform)
    access, request_id = platform.privacy().access, uuid4()
    for _ in range(2):
        access.note(person.id, "session", "/v1/sessions/1", origin=origin, request_id=request_id)

    def run(group: Any, *words: str) -> Any:
        ran = CliRunner().invoke(group, [*words, "--json"], catch_exceptions=False)
        return json.loads(ran.stdout)

    assert set(run(app, "apply-retention")["removed"]) == {
        "exports", "sign_ins", "jobs", "mails", "deleted_recordings", "unconfirmed_apps",
        "webhooks", "reconciliations", "uploads", "quarantine", "orphans",
    }  # fmt: skip
    assert run(app, "run-due") == {"certified": [], "refused": [], "failed": {}}
    (read,) = run(audit, "access", "--user", person.id)
    assert (read["by"], read["which"], read["correlation_id"]) == (
        "operator", "/v1/sessions/1", str(origin.correlation_id),
    )  # fmt: skip


@pytest.mark.parametrize("command", ["apply-retention", "run-due"])
def test_an_operator_who_names_a_wrong_tenant_is_refused(
    platform: Platform, settings: Settings, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """R-TEN-12: zeros would say that nothing was due."""
    monkeypatch.setenv("KINELOG_HOME", str(settings.home))
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    settle(platform, TenantId("gym"))
    for tenant, refusal in (("default", type(None)), ("gym", type(None)), ("gmy", TenantUnknown)):
        ran = CliRunner().invoke(app, [command, "--tenant", tenant, "--json"])
        assert isinstance(ran.exception, refusal)
        assert bool(ran.stdout) == (refusal is not TenantUnknown)


def test_two_processes_on_one_folder_do_not_both_run_the_daily_work(
    platform: Platform, origin: Origin
) -> None:
    """R-TEN-12, R-EVT-19: the second one does it after the first has released the lock."""
    person = settle(platform)
    services = platform.privacy()
    services.erasure.request(person.id, origin=origin, at_once=True)
    here, elsewhere = services.daily(), platform.privacy().daily()
    assert elsewhere.lock.acquire()
    here.check()
    assert isinstance(services.erasure.state(DEFAULT_TENANT, person.id), Pending)
    elsewhere.lock.release()
    here.check()
    assert isinstance(services.erasure.state(DEFAULT_TENANT, person.id), Certified)


def test_due_work_runs_every_day(platform: Platform, origin: Origin, settings: Settings) -> None:
    """R-TEN-12, C-24: due erasures are carried out, and expired archives are removed."""
    person = settle(platform)
    services = platform.privacy()
    expired = replace(services.exports, retention=timedelta(0), later=lambda _: None)
    export = expired.request(platform.new_id(), person.id, origin=origin)
    services.erasure.request(person.id, origin=origin, at_once=True)
    services.daily().check()
    assert isinstance(services.erasure.state(DEFAULT_TENANT, person.id), Certified)
    assert services.exports.store.get(DEFAULT_TENANT, export.id) is None
    delayed = settle(platform)
    services.erasure.request(delayed.id, origin=origin, at_once=True)
    services.daily().check()  # the day is done, also for another process
    assert isinstance(services.erasure.state(DEFAULT_TENANT, delayed.id), Pending)
    with embedded_daily_work(settings, platform):
        assert "daily work" in {each.name for each in threading.enumerate()}
    assert "daily work" not in {each.name for each in threading.enumerate()}
