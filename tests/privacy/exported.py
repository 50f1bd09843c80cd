"""Wait for data archives, or make them at once."""

import io
import json
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

from application.platform import Platform
from domain.ids import DEFAULT_TENANT, UserId
from tests.api.people import Person as Citizen


def finished(person: Citizen, path: str) -> Any:
    """Wait until an archive is ready or has failed."""
    while (export := person.get(path).json())["state"] in {"queued", "running"}:
        pass
    return export


def at_once(work: Callable[[], object]) -> None:
    """Do work without a thread."""
    work()


def exported(platform: Platform, user_id: UserId, name: str) -> list[dict[str, Any]]:
    """Return the lines of one file of a person's archive."""
    output = io.BytesIO()
    platform.privacy().exports.writer.write_into(DEFAULT_TENANT, user_id, output)
    with ZipFile(output) as archive:
        return [json.loads(line) for line in archive.read(name).decode().splitlines()]
