"""Exports of sessions: requested, packed by hand, and verified by the command."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from typer.testing import CliRunner

from bootstrap.cli.exports import app
from bootstrap.settings import Settings
from tests.api.people import Person
from tests.privacy.exported import finished


def exported_as(person: Person, body: Mapping[str, Any]) -> Any:
    """Request an export, and return the answer that has its file."""
    requested = person.post("/v1/me/exports", json=body)
    assert requested.status_code == 202, requested.text
    where = requested.headers["Location"]
    export = finished(person, where)
    found = (export["state"], export["format"], export["problemCode"])
    assert found == ("ready", body["format"], None)
    return person.get(f"{where}/archive")


def content(file: bytes, name: str) -> str:
    with ZipFile(BytesIO(file)) as opened:
        return opened.read(name).decode()


def packed(
    folder: Path, text: str, manifest: str, before: Mapping[str, str] = MappingProxyType({})
) -> Path:
    file = folder / "export.zip"
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, other in before.items():
            archive.writestr(name, other)
        archive.writestr("sessions.csv", text)
        archive.writestr("manifest.json", manifest)
    return file


def refused(file: Path, settings: Settings, *options: str) -> bool:
    ran = CliRunner().invoke(
        app, ["verify", str(file), *options], env={"KINELOG_HOME": str(settings.home)}
    )
    assert ran.exception is None or getattr(ran.exception, "code", None) == "export.changed"
    return ran.exit_code != 0
