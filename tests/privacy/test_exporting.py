"""A user's export contains all their data, in files that can be verified."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, cast
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from application.kernel.encryption import KmsUnavailable
from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import ReadModelUnavailable
from application.platform import Platform
from application.privacy.data_archive import Archive, ArchiveWriter, NoSubjectData
from application.privacy.data_exports import LEASE, ExportQuota, prefix_of
from application.privacy.personal_exports import ExportNotReady, ExportQuotaExceeded
from application.privacy.reauthentication import PrivacyServices
from bootstrap.cli.privacy import app
from bootstrap.settings import Settings
from domain.access.events import ExportMade
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin, Rejected
from tests.api.people import Town
from tests.privacy.exported import at_once, finished
from tests.privacy.person import ADDRESS, NAME, SECOND, SUBJECT, settle, train, write_archive

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def read(archive: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def lines(content: bytes) -> list[Any]:
    return [json.loads(line) for line in content.splitlines()]


def test_an_archive_holds_all_personal_data(platform: Platform, tmp_path: Path) -> None:
    """R-TEN-12, R-IDN-17"""
    person = settle(platform)
    made = write_archive(platform, person.id, tmp_path / "all.zip")
    files = read((tmp_path / "all.zip").read_bytes())
    assert made.files == len(files)
    profile = json.loads(files["profile.json"])
    assert (profile["email"], profile["username"]) == (SECOND, NAME)
    assert json.loads(files["identities.json"])[0]["subject"] == SUBJECT
    facts = lines(files["events.jsonl"])
    assert {fact["stream"].partition("-")[0] for fact in facts} == {
        "user", "session", "recording", "workout",
    }  # fmt: skip
    assert ADDRESS in {fact["event"].get("email") for fact in facts}
    for name in ("session_summary", "exercise_set", "repetition", "cue", "session_recording"):
        assert len(lines(files[f"rows/{name}.jsonl"])) == 1, name
    assert len(lines(files["sign_ins.jsonl"])) == 1
    assert any(name.startswith(f"media/{person.session}/") for name in files)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest == {
        name: {"bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in files.items()
    }
    described = json.loads(files["schema.json"])["rows"]
    assert all(name in described for name in files if name.startswith("rows/"))


def test_an_archive_contains_no_data_of_others(
    platform: Platform, tmp_path: Path, origin: Origin
) -> None:
    """R-TEN-12, R-TEN-03"""
    person = settle(platform)
    theirs = train(platform, "somebody", origin)  # type: ignore[arg-type]  # a user's id
    path = tmp_path / "all.zip"
    write_archive(platform, person.id, path)
    assert not any(theirs.encode() in content for content in read(path.read_bytes()).values())


def test_only_the_person_fetches_it_and_only_for_a_while(town: Town) -> None:
    """R-TEN-12, R-TEN-13"""
    ada, bob = town.citizen("ada@example.org"), town.citizen("bob@example.org")
    requested = ada.post("/v1/me/exports", headers={"Idempotency-Key": "one"})
    assert requested.status_code == 202
    where = requested.headers["Location"]
    again = ada.post("/v1/me/exports", headers={"Idempotency-Key": "one"})
    assert again.headers["Location"] == where
    export = finished(ada, where)
    assert (export["state"], export["problemCode"]) == ("ready", None)
    archive = ada.get(f"{where}/archive")
    assert archive.headers["Content-Type"] == "application/zip"
    assert len(archive.content) == export["size"]
    rest = ada.get(f"{where}/archive", headers={"Range": "bytes=100-"})
    assert (rest.status_code, rest.content) == (206, archive.content[100:])
    assert bob.get(where).status_code == 404
    assert bob.get(f"{where}/archive").status_code == 404
    assert town.client.get(where).status_code == 401
    (noted,) = town.platform.log.load(DEFAULT_TENANT, f"access-{ada.id}")
    assert isinstance(noted.event, ExportMade)
    assert noted.origin.actor == ada.id


def test_an_archive_goes_with_the_person(
    platform: Platform, origin: Origin, settings: Settings
) -> None:
    """C-24"""
    person = settle(platform)
    services = platform.privacy()
    export = services.exports.request(platform.new_id(), person.id, origin=origin)
    services.later(lambda: None)
    while services.exports.get(export.id, person.id, origin=origin).state != "ready":
        pass
    prefix = prefix_of(export.id)
    assert len(platform.media.list_media(DEFAULT_TENANT, prefix)) == 1
    services.erasure.request(person.id, origin=origin, at_once=True)
    outcome = services.erasure.run(person.id, origin=origin)
    assert outcome["certificate"]["removed"]["exports"] == 1  # type: ignore[index]  # certified
    assert not platform.media.list_media(DEFAULT_TENANT, prefix)
    assert not list((settings.home / "exports").rglob("*.*"))
    with pytest.raises(NoSubjectData):
        write_archive(platform, person.id, settings.home / "again.zip")


def test_exports_of_a_user_and_of_a_tenant_are_limited(town: Town, platform: Platform) -> None:
    """R-API-08, R-TEN-12: a retry counts once, and one user does not use up that of others."""
    ada, eve = town.citizen(ADDRESS), town.citizen("eve@example.org")
    most = platform.privacy().exports.quota.of_user
    for number in range(most):
        for _ in range(2):
            headers = {"Idempotency-Key": f"key-{number}"}
            assert ada.post("/v1/me/exports", headers=headers).status_code == 202
    refused = ada.post("/v1/me/exports", json={})
    assert (refused.status_code, refused.json()["code"]) == (429, "http.429")
    assert 0 < int(refused.headers["Retry-After"]) <= 24 * 3600
    document = "mutation { requestExport(input: {}) { ... on Problem { code } } }"
    assert ada.graph(document)["data"]["requestExport"] == {"code": "export.quota_exceeded"}
    assert eve.post("/v1/me/exports", json={}).status_code == 202
    store = platform.privacy().exports.store
    assert len(store.of_user(DEFAULT_TENANT, UserId(ada.id))) == most
    assert len(store.of_user(DEFAULT_TENANT, UserId(eve.id))) == 1


def test_a_tenant_has_a_quota_of_exports(platform: Platform, origin: Origin) -> None:
    """R-API-08, R-TEN-12: another tenant has its own."""
    exports = replace(platform.privacy().exports, quota=ExportQuota(of_user=5, of_tenant=2))
    person = settle(platform)
    for user_id in (person.id, UserId("bob")):
        exports.request(platform.new_id(), user_id, origin=origin)
    with pytest.raises(ExportQuotaExceeded, match="Your organization"):
        exports.request(platform.new_id(), UserId("eve"), origin=origin)
    a_day_later = replace(exports, clock=lambda: exports.clock() + timedelta(days=1, seconds=1))
    a_day_later.request(platform.new_id(), person.id, origin=origin)
    elsewhere = replace(origin, tenant_id=TenantId("gym"))
    exports.request(platform.new_id(), UserId("eve"), origin=elsewhere)


def test_the_draft_of_an_archive_is_not_readable_on_the_disk(
    platform: Platform, origin: Origin, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-09, C-24: neither while it is made, nor after a crash."""
    person = settle(platform)
    drafts: list[tuple[bytes, bytes]] = []
    real = platform.media.put_stream

    def spy(tenant_id: TenantId, source: Any, **how: Any) -> str:
        source.seek(0)
        drafts.append((source.read(), os.pread(source._file.fileno(), 2**20, 0)))
        assert not list((settings.home / "exports").iterdir()), "the file has no name"
        return real(tenant_id, source, **how)

    monkeypatch.setattr(platform.media, "put_stream", spy)

    exports = replace(platform.privacy().exports, later=at_once)
    exports.request(platform.new_id(), person.id, origin=origin)
    ((draft, stored),) = drafts
    assert "profile.json" in read(draft)
    assert b"profile.json" not in stored


def test_an_operator_makes_an_archive(
    platform: Platform, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """R-TEN-12, R-TEN-13"""
    monkeypatch.setenv("KINELOG_HOME", str(settings.home))
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    person = settle(platform)
    archive = tmp_path / "all.zip"
    words = ["export", "--user", person.id, "--output", str(archive), "--json"]
    ran = CliRunner().invoke(app, words, catch_exceptions=False)
    assert json.loads(ran.stdout)["files"] == len(read(archive.read_bytes()))
    (noted,) = platform.log.load(DEFAULT_TENANT, f"access-{person.id}")
    assert noted.origin.actor == "operator"


def test_an_archive_that_cannot_be_written_has_failed(
    platform: Platform, origin: Origin, settings: Settings
) -> None:
    """R-TEN-12: the user gets an error, and does not wait endlessly."""
    person = settle(platform)
    (settings.home / "exports").write_text("no folder")

    exports = replace(platform.privacy().exports, later=at_once)
    requested = exports.request(platform.new_id(), person.id, origin=origin)
    export = exports.get(requested.id, person.id, origin=origin)
    assert (export.state, export.problem_code) == ("failed", StorageUnavailable.code)


@pytest.mark.parametrize("error", [StorageUnavailable, KmsUnavailable, ReadModelUnavailable])
def test_an_export_is_made_after_an_outage(
    platform: Platform, origin: Origin, settings: Settings, error: type[Rejected]
) -> None:
    """R-TEN-12: it has not failed, so nobody needs to request another one."""
    person, outages = settle(platform), [error()]
    process = Process(platform.privacy(), settings.home)

    def meet() -> None:
        if outages:
            raise outages.pop()

    process.meanwhile = meet
    requested = process.exports.request(platform.new_id(), person.id, origin=origin)
    process.work()
    assert process.exports.get(requested.id, person.id, origin=origin).state == "running"
    process.work()
    assert process.exports.get(requested.id, person.id, origin=origin).state == "ready"


def test_an_export_that_fails_unexpectedly_has_failed(
    platform: Platform, origin: Origin, settings: Settings
) -> None:
    """R-TEN-12: it does not begin again with every look at it."""
    person = settle(platform)
    process = Process(platform.privacy(), settings.home)

    def fail() -> None:
        raise RuntimeError("the printer does not work")

    process.meanwhile = fail
    requested = process.exports.request(platform.new_id(), person.id, origin=origin)
    process.work()
    process.passed = 2 * LEASE
    export = process.exports.get(requested.id, person.id, origin=origin)
    process.work()
    assert (export.state, export.problem_code, process.made) == ("failed", "internal", 1)


@dataclass
class Process:
    """One of several processes that build archives: its deferred work and its clock."""

    services: PrivacyServices
    folder: Path
    passed: timedelta = timedelta()
    put_off: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])
    made: int = 0
    meanwhile: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        real = self.services.exports
        self.exports = replace(
            real,
            writer=cast("ArchiveWriter", self),
            later=self.put_off.append,
            clock=lambda: real.clock() + self.passed,
            renew_s=0.01,
        )

    def write_into(self, _tenant_id: TenantId, _user_id: UserId, output: BinaryIO) -> Archive:
        self.made += 1
        self.meanwhile()
        output.write(b"all")
        return Archive(1, 3)

    def work(self) -> None:
        """Do the deferred work."""
        while self.put_off:
            self.put_off.pop(0)()


def test_repeated_requests_share_one_archive(
    platform: Platform, origin: Origin, settings: Settings
) -> None:
    """R-TEN-12"""
    person, process = settle(platform), Process(platform.privacy(), settings.home)
    export = process.exports.request(platform.new_id(), person.id, origin=origin)
    for _ in range(5):
        process.exports.get(export.id, person.id, origin=origin)
        process.exports.request(export.id, person.id, origin=origin)
    with pytest.raises(ExportNotReady):
        process.exports.file(export.id, person.id, origin=origin)
    assert len(process.put_off) == 1
    process.work()
    assert process.exports.get(export.id, person.id, origin=origin).state == "ready"
    assert (process.made, process.put_off) == (1, [])


def test_any_process_can_serve_and_delete_an_archive(
    platform: Platform, origin: Origin, settings: Settings, tmp_path: Path
) -> None:
    """R-TEN-12: each process has its own disk, and all share the media store."""
    person, services = settle(platform), platform.privacy()
    maker = Process(services, settings.home)
    other = replace(services.exports, folder=tmp_path / "elsewhere")
    export = maker.exports.request(platform.new_id(), person.id, origin=origin)
    maker.work()
    _, kept = other.file(export.id, person.id, origin=origin)
    prefix = prefix_of(export.id)
    assert platform.media.get(DEFAULT_TENANT, kept.digest, prefix=prefix) == b"all"
    other.remove(export)
    assert not platform.media.list_media(DEFAULT_TENANT, prefix)


def test_an_archive_of_a_user_erased_meanwhile_is_deleted(
    platform: Platform, origin: Origin, settings: Settings
) -> None:
    """C-24"""
    person, maker = settle(platform), Process(platform.privacy(), settings.home)
    export = maker.exports.request(platform.new_id(), person.id, origin=origin)
    maker.meanwhile = lambda: maker.exports.remove(export)
    maker.work()
    assert not platform.media.list_media(DEFAULT_TENANT, prefix_of(export.id))


def test_an_archive_that_takes_long_is_made_once(
    platform: Platform, origin: Origin, settings: Settings
) -> None:
    """R-TEN-12: the owner keeps renewing its lease, so other processes do nothing."""
    person, services = settle(platform), platform.privacy()
    maker, other = Process(services, settings.home), Process(services, settings.home)
    export = maker.exports.request(platform.new_id(), person.id, origin=origin)

    def for_three_leases() -> None:
        most = LEASE * 3 // 4
        for _ in range(4):
            maker.passed += most
            heard_of = maker.exports.clock() + most
            while other.exports.get(export.id, person.id, origin=origin).held_until < heard_of:
                pass
            other.passed = maker.passed

    maker.meanwhile = for_three_leases
    maker.work()
    assert other.put_off == []
    assert (maker.made, other.made) == (1, 0)
    assert other.exports.get(export.id, person.id, origin=origin).state == "ready"


def test_an_archive_whose_process_is_gone_is_made_by_another(
    platform: Platform, origin: Origin, settings: Settings
) -> None:
    """R-TEN-12: after its lease has expired."""
    person, services = settle(platform), platform.privacy()
    maker, other = Process(services, settings.home), Process(services, settings.home)
    export = maker.exports.request(platform.new_id(), person.id, origin=origin)
    now = maker.exports.clock()
    assert maker.exports.store.take(export, now, now + maker.exports.lease)
    other.passed = timedelta(hours=1)
    assert other.exports.get(export.id, person.id, origin=origin).state == "running"
    other.work()
    assert (maker.made, other.made) == (0, 1)
    assert other.exports.get(export.id, person.id, origin=origin).state == "ready"


def test_a_process_that_lost_an_archive_does_not_fail_it(
    platform: Platform, origin: Origin, settings: Settings
) -> None:
    """R-TEN-12: by then it belongs to the other, and is complete."""
    person, services = settle(platform), platform.privacy()
    maker, other = Process(services, settings.home), Process(services, settings.home)
    maker.exports = replace(maker.exports, renew_s=3600.0)  # no renewals
    export = maker.exports.request(platform.new_id(), person.id, origin=origin)

    def stall() -> None:
        store = maker.exports.store
        held = store.get(export.tenant_id, export.id)
        assert held is not None
        other.passed = held.held_until - other.exports.clock() + LEASE
        other.exports.get(export.id, person.id, origin=origin)
        other.work()
        raise StorageUnavailable

    maker.meanwhile = stall
    maker.work()
    assert (maker.made, other.made) == (1, 1)
    assert other.exports.get(export.id, person.id, origin=origin).state == "ready"
