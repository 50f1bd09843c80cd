"""Whoever asks is given all that is known of them, in files that can be checked."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.doors import Doors
from application.platform import Platform
from application.ports import StorageUnavailable
from application.privacy.exporting import NothingKnown
from bootstrap.cli.privacy import app
from bootstrap.settings import Settings
from domain.access.events import ExportMade
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from tests.api.people import Person as Citizen
from tests.api.people import Town
from tests.privacy.person import ADDRESS, NAME, SECOND, SUBJECT, settle, train

WEB = Path(__file__).parents[2] / "web"


def read(archive: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def lines(content: bytes) -> list[Any]:
    return [json.loads(line) for line in content.splitlines()]


@pytest.fixture
def town(platform: Platform, settings: Settings) -> Any:
    doors = Doors(sign_in_required=True)
    with TestClient(create_app(platform, web=WEB, doors=doors)) as client:
        yield Town(client, platform, settings.home / "mail")


def finished(person: Citizen, path: str) -> Any:
    """Wait until an archive can be fetched."""
    while (export := person.get(path).json())["state"] in {"queued", "running"}:
        pass
    return export


def test_an_archive_holds_all_that_is_known(platform: Platform, tmp_path: Path) -> None:
    """R-TEN-12, R-IDN-17"""
    person = settle(platform)
    exporting = platform.privacy().exports.exporting
    made = exporting.write(DEFAULT_TENANT, person.id, tmp_path / "all.zip")
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


def test_nothing_of_somebody_else_is_in_it(
    platform: Platform, tmp_path: Path, origin: Origin
) -> None:
    """R-TEN-12, R-TEN-03"""
    person = settle(platform)
    theirs = train(platform, "somebody", origin)  # type: ignore[arg-type]  # a user's id
    path = tmp_path / "all.zip"
    platform.privacy().exports.exporting.write(DEFAULT_TENANT, person.id, path)
    assert not any(theirs.encode() in content for content in read(path.read_bytes()).values())


def test_only_the_person_fetches_it_and_only_for_a_while(town: Town) -> None:
    """R-TEN-12, R-TEN-13"""
    ada, bob = town.citizen("ada@example.org"), town.citizen("bob@example.org")
    asked = ada.post("/v1/me/exports", headers={"Idempotency-Key": "one"})
    assert asked.status_code == 202
    where = asked.headers["Location"]
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
    export = services.exports.ask(platform.new_id(), person.id, origin=origin)
    services.later(lambda: None)
    while services.exports.get(export.id, person.id, origin=origin).state != "ready":
        pass
    assert list((settings.home / "exports").rglob("*.zip"))
    services.erasing.request(person.id, origin=origin, at_once=True)
    outcome = services.erasing.carry_out(person.id, origin=origin)
    assert outcome["certificate"]["removed"]["exports"] == 1  # type: ignore[index]  # certified
    assert not list((settings.home / "exports").rglob("*.zip"))
    with pytest.raises(NothingKnown):
        services.exports.exporting.write(DEFAULT_TENANT, person.id, settings.home / "again.zip")


def test_whoever_wants_to_be_forgotten_shows_who_they_are_and_may_change_their_mind(
    town: Town,
) -> None:
    """R-TEN-12"""
    ada = town.citizen("ada@example.org")
    assert ada.get("/v1/me/erasure").status_code == 404
    asked = ada.post("/v1/me/erasure", json={})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    assert ada.get("/v1/me/erasure").json() == asked.json()
    assert ada.ask("DELETE", "/v1/me/erasure").status_code == 204
    assert ada.get("/v1/me/erasure").status_code == 404


def test_an_operator_makes_an_archive(
    platform: Platform, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """R-TEN-12, R-TEN-13"""
    monkeypatch.setenv("KINELOG_HOME", str(settings.home))
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    person = settle(platform)
    archive = tmp_path / "all.zip"
    words = ["export", "--user", person.id, "--out", str(archive), "--json"]
    ran = CliRunner().invoke(app, words, catch_exceptions=False)
    assert json.loads(ran.stdout)["files"] == len(read(archive.read_bytes()))
    (noted,) = platform.log.load(DEFAULT_TENANT, f"access-{person.id}")
    assert noted.origin.actor == "operator"


def test_two_who_write_the_same_archive_do_not_spoil_it(platform: Platform, tmp_path: Path) -> None:
    """R-TEN-12: a process was thought to be gone, and was slow."""
    person, path = settle(platform), tmp_path / "all.zip"
    exporting = platform.privacy().exports.exporting
    others: list[dict[str, bytes]] = []

    def meanwhile(tenant_id: TenantId, user_id: UserId) -> Any:
        exporting.write(tenant_id, user_id, path)
        others.append(read(path.read_bytes()))
        return exporting.sign_ins(tenant_id, user_id)

    replace(exporting, sign_ins=meanwhile).write(DEFAULT_TENANT, person.id, path)
    assert others == [read(path.read_bytes())]
    assert list(tmp_path.glob("*.part")) == []


def test_an_archive_that_cannot_be_written_has_failed(
    platform: Platform, origin: Origin, settings: Settings
) -> None:
    """R-TEN-12: whoever asked is told, and does not wait for ever."""
    person = settle(platform)
    (settings.home / "exports").write_text("no folder")

    def at_once(work: Callable[[], object]) -> None:
        work()

    exports = replace(platform.privacy().exports, later=at_once)
    asked = exports.ask(platform.new_id(), person.id, origin=origin)
    export = exports.get(asked.id, person.id, origin=origin)
    assert (export.state, export.problem_code) == ("failed", StorageUnavailable.code)
