"""Exports of sessions as CSV, JSON and PDF: complete, signed, and only for their athlete."""

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from typer.testing import CliRunner

from adapters.read_models.queries import SqlReadModels
from application.exports.scope import ExportScope
from application.kernel.read_models import Window
from application.kernel.read_your_writes import ReadModelsStale
from application.platform import Platform
from application.privacy.personal_exports import ExportFormat
from bootstrap.cli.exports import app
from bootstrap.cli.privacy import app as privacy
from bootstrap.settings import Settings
from bootstrap.wiring.exports import _build_writers
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from projections.session_summary import SESSION_SUMMARY
from tests.api.people import Person, Town
from tests.damaged_zips import DAMAGES, damaged
from tests.privacy.exported import at_once
from tests.privacy.person import train
from tests.privacy.session_exports import content, exported_as, packed, refused

Change = Callable[[str], str]


def trained(town: Town, origin: Origin, sessions: int) -> Person:
    ada = town.citizen("ada@example.org")
    for _ in range(sessions):
        train(town.platform, UserId(ada.id), origin)
    return ada


def exported(person: Person, as_format: str) -> Any:
    """Request an export of all sessions, and return the answer that has its file."""
    return exported_as(person, {"format": as_format})


@pytest.mark.parametrize("as_format", ["csv", "json"])
def test_an_export_has_all_sessions_and_its_signature_proves_it(
    town: Town, origin: Origin, tmp_path: Path, settings: Settings, as_format: str
) -> None:
    """R-PRG-05, R-PRG-06: and none of another athlete."""
    ada = trained(town, origin, sessions=3)
    train(town.platform, UserId("bob"), origin)
    answer = exported(ada, as_format)
    assert answer.headers["Content-Type"] == "application/zip"
    assert 'filename="kinelog-sessions.zip"' in answer.headers["Content-Disposition"]
    file = tmp_path / "export.zip"
    file.write_bytes(answer.content)
    text = content(answer.content, f"sessions.{as_format}")
    if as_format == "csv":
        found = {row["Session"] for row in csv.DictReader(StringIO(text, newline=""))}
    else:
        found = {each["id"] for each in json.loads(text)}
    listed = ada.get("/v1/sessions").json()["items"]
    assert found == {each["id"] for each in listed if each["status"] == "completed"}
    assert len(found) == 3
    environment = {"KINELOG_HOME": str(settings.home)}
    said = CliRunner().invoke(app, ["verify", str(file)], env=environment)
    assert said.exit_code == 0, said.output
    statement = json.loads(
        CliRunner().invoke(app, ["verify", str(file), "--json"], env=environment).stdout
    )
    assert (statement["sessions"], statement["athlete"]) == (3, ada.id)


@pytest.mark.parametrize("as_format", ["csv", "fit"])
def test_an_export_says_when_it_was_begun(
    platform: Platform, origin: Origin, monkeypatch: pytest.MonkeyPatch, as_format: ExportFormat
) -> None:
    """R-PRG-06: what is completed while it is written is not missing from it."""
    ada, file = UserId("ada"), BytesIO()
    train(platform, ada, origin)
    writer: Any = platform.privacy().exports.writers[as_format]
    read = SqlReadModels.page

    def train_again(*arguments: Any, **named: Any) -> Any:
        monkeypatch.undo()
        found = read(*arguments, **named)
        train(platform, ada, origin)
        return found

    monkeypatch.setattr(SqlReadModels, "page", train_again)
    writer.write_into(DEFAULT_TENANT, ExportScope.own(ada), file)
    statement = json.loads(content(file.getvalue(), "manifest.json"))["manifest"]
    made_at = datetime.fromisoformat(statement["madeAt"])
    rows = platform.read.page(
        SESSION_SUMMARY,
        DEFAULT_TENANT,
        window=Window(first=9),
        where={"athlete_id": ada},
        order_by="started_at",
    )
    ended = [each.row.completed_at for each in rows.edges]
    assert len(ended) == 2
    assert sum(each is not None and each < made_at for each in ended) == statement["sessions"] == 1


@pytest.mark.parametrize("as_format", ["csv", "json", "pdf", "fit"])
def test_no_export_is_made_of_read_models_that_lack_events(
    platform: Platform, origin: Origin, settings: Settings, as_format: ExportFormat
) -> None:
    """R-PRG-06: it waits for them; another attempt can begin at once."""
    train(platform, UserId("ada"), origin)
    stale = replace(platform, fresh=lambda _position, _timeout_s: False)
    ready: Any = platform.privacy().exports
    writers = _build_writers(settings, stale, ready.writers["csv"].signer)
    exports = replace(ready, writers=writers, later=at_once)
    export = exports.request(platform.new_id(), UserId("ada"), origin=origin, as_format=as_format)
    found = exports.get(export.id, UserId("ada"), origin=origin)
    assert (found.state, found.is_free(platform.clock())) == ("running", True)
    with pytest.raises(ReadModelsStale):
        exports.make(export.id, origin)
    assert ready.make(export.id, origin)
    assert ready.get(export.id, UserId("ada"), origin=origin).state == "ready"


EXTENSIONS = {"fit": ".fit", "tcx": ".tcx", "fhir": ".json", "open_mhealth": ".json"}


@pytest.mark.parametrize("as_format", EXTENSIONS)
def test_other_programs_get_a_file_for_each_workout(
    town: Town, origin: Origin, tmp_path: Path, settings: Settings, as_format: str
) -> None:
    """R-PRG-05, R-PRG-06: signed, and with what the format cannot hold."""
    ada = trained(town, origin, sessions=3)
    train(town.platform, UserId("bob"), origin)
    answer = exported(ada, as_format)
    name = f"kinelog-{as_format.replace('_', '-')}.zip"
    assert f'filename="{name}"' in answer.headers["Content-Disposition"]
    with ZipFile(BytesIO(answer.content)) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    manifest = files.pop("manifest.json").decode()
    listed = ada.get("/v1/sessions").json()["items"]
    assert set(files) == {
        f"{each['startedAt'][:10]}-{each['id']}{EXTENSIONS[as_format]}" for each in listed
    }
    assert json.loads(manifest)["manifest"]["notHeld"]["landmarks"]
    assert not refused(repacked(tmp_path, files, manifest), settings)
    first, second, third = files
    changes: list[dict[str, bytes]] = [
        {first: files[first], second: files[second]},
        {second: files[second], first: files[first], third: files[third]},
        {**files, third: files[third] + b" "},
        {**files, "more": b""},
        {},
    ]
    for changed in changes:
        assert refused(repacked(tmp_path, changed, manifest), settings)


def repacked(folder: Path, files: Mapping[str, bytes], manifest: str) -> Path:
    file = folder / "export.zip"
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, each in files.items():
            archive.writestr(name, each)
        archive.writestr("manifest.json", manifest)
    return file


def without_last_record(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[:-1] if text.startswith("Date") else [*lines[:-2], "]\n"])


def with_records_exchanged(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([lines[0], lines[2], lines[1], *lines[3:]])


CHANGES: dict[str, Change] = {
    "removed": without_last_record,
    "exchanged": with_records_exchanged,
    "changed": lambda text: text.replace("1", "2", 1),
    "added": lambda text: text + text.splitlines()[1] + "\r\n",
    "emptied": lambda _: "",
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_found(
    town: Town, origin: Origin, tmp_path: Path, settings: Settings, change: str
) -> None:
    """R-PRG-06"""
    answer = exported(trained(town, origin, sessions=3), "csv")
    text, manifest = (content(answer.content, each) for each in ("sessions.csv", "manifest.json"))
    assert refused(packed(tmp_path, CHANGES[change](text), manifest), settings)
    assert not refused(packed(tmp_path, text, manifest), settings)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["sessions.csv", "sessions.json"])
def test_a_second_file_is_refused(
    town: Town, origin: Origin, tmp_path: Path, settings: Settings, name: str
) -> None:
    """R-PRG-06: programs would show one of two files with a name, and we would verify the other."""
    answer = exported(trained(town, origin, sessions=1), "csv")
    text, manifest = (content(answer.content, each) for each in ("sessions.csv", "manifest.json"))
    assert refused(packed(tmp_path, text, manifest, {name: "another"}), settings)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused(
    town: Town, origin: Origin, tmp_path: Path, settings: Settings, damage: str
) -> None:
    """R-PRG-06: status 1 means an error of the program."""
    file = tmp_path / "export.zip"
    file.write_bytes(damaged(exported(trained(town, origin, sessions=1), "csv").content, damage))
    assert refused(file, settings)


def test_a_manifest_of_others_is_refused(
    town: Town, origin: Origin, tmp_path: Path, settings: Settings
) -> None:
    """R-PRG-06: not signed, changed, damaged, of other keys; no manifest, no ZIP file, a bomb."""
    answer = exported(trained(town, origin, sessions=1), "csv")
    text, manifest = (content(answer.content, each) for each in ("sessions.csv", "manifest.json"))
    signed = json.loads(manifest)
    changed = {**signed, "manifest": {**signed["manifest"], "sessions": 2}}
    for each in ("{}", "[]", "", "nothing", json.dumps({**signed, "jws": "a.b.c"})):
        assert refused(packed(tmp_path, text, each), settings)
    assert refused(packed(tmp_path, text, json.dumps(changed)), settings)
    assert refused(packed(tmp_path, "0" * 100_000_000, manifest), settings)
    keys = tmp_path / "keys.json"
    home = {"KINELOG_HOME": str(settings.home)}
    listed = CliRunner().invoke(privacy, ["certificate", "keys", "--json"], env=home)
    keys.write_text(listed.stdout)
    whole = packed(tmp_path, text, manifest)
    assert not refused(whole, settings, "--keys", str(keys))
    keys.write_text('{"keys": []}')
    assert refused(whole, settings, "--keys", str(keys))
    keys.write_text("nothing")
    assert refused(whole, settings, "--keys", str(keys))
    whole.write_bytes(b"no archive")
    assert refused(whole, settings)


def test_a_report_is_a_pdf(town: Town, origin: Origin) -> None:
    """R-PRG-05: and leaves a line in the access log."""
    ada = trained(town, origin, sessions=1)
    answer = exported(ada, "pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert ada.get("/v1/me/access-log").json()["items"][0]["what"] == "export"


def test_an_unknown_format_is_refused(town: Town) -> None:
    """R-API-08"""
    ada = town.citizen("ada@example.org")
    assert ada.post("/v1/me/exports", json={"format": "docx"}).status_code == 422


def test_no_sessions_are_a_valid_export(
    platform: Platform, town: Town, tmp_path: Path, settings: Settings
) -> None:
    """R-PRG-06"""
    del platform
    answer = exported(town.citizen("ada@example.org"), "json")
    assert json.loads(content(answer.content, "sessions.json")) == []
    file = tmp_path / "export.zip"
    file.write_bytes(answer.content)
    assert not refused(file, settings)
    assert DEFAULT_TENANT in content(answer.content, "manifest.json")
