"""Wait for data archives, or make them at once."""

from collections.abc import Callable
from typing import Any

from tests.api.people import Person as Citizen


def finished(person: Citizen, path: str) -> Any:
    """Wait until an archive is ready or has failed."""
    while (export := person.get(path).json())["state"] in {"queued", "running"}:
        pass
    return export


def at_once(work: Callable[[], object]) -> None:
    """Do work without a thread."""
    work()
