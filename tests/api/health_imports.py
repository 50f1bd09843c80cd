"""Imports of health files, and faults in the middle of them."""

from collections.abc import Callable
from threading import Event
from typing import Any, Protocol
from uuid import UUID

from application.health.imports import HealthImport
from application.kernel.command_handler import CommandHandler
from tests.api.health_records import walked
from tests.api.people import Person, Town

IMPORTS = "/v1/me/health/imports"
SHORT_S = 0.05
"""Lease of a process that ends."""


class Killed(BaseException):
    """The process ends here, without any further step of its own."""


class Fault(Protocol):
    """What a write of the store ends with."""

    def __call__(self) -> BaseException: ...


class FailingStore:
    """A store whose `save` fails once, after some calls; before it stores, or after."""

    def __init__(self, store: Any, after: int, fault: Fault, *, is_stored: bool) -> None:
        self._store, self._left = store, after
        self._fault, self._is_stored = fault, is_stored

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def save(self, owner: UUID, claimed: HealthImport, lease_s: float) -> bool:
        self._left -= 1
        if self._left:
            return bool(self._store.save(owner, claimed, lease_s))
        if self._is_stored:
            self._store.save(owner, claimed, lease_s)
        raise self._fault()


def newest(person: Person) -> Any:
    return person.get(IMPORTS).json()["items"][0]


def run(town: Town) -> None:
    """Import files until none is left."""
    while town.platform.health_imports.run_next(Event()):
        pass


def count_stored(town: Town) -> int:
    """Count the records that are stored, each once."""
    platform = town.platform
    assert platform.fresh(platform.log.head(), 60.0)
    scanned = (each.event for each in platform.log.scan(after=0, limit=10_000))
    batches = [each for each in scanned if type(each).__name__ == "MetricsSynced"]
    return sum(each.accepted for each in batches)


class Meanwhile:
    """A command handler before whose first command something else happens."""

    def __init__(self, commands: CommandHandler, happening: Callable[[], object]) -> None:
        self._commands, self._happening = commands, [happening]

    def execute(self, *requests: Any, **more: Any) -> Any:
        while self._happening:
            self._happening.pop()()
        return self._commands.execute(*requests, **more)


STEPS = walked("of-the-watch", 900)
STEPS_OF_FILE = f"""metric,value,unit,start,end,device
steps,900,count,{STEPS["start"]},{STEPS["end"]},Watch
steps,50,count,{STEPS["start"]},{STEPS["end"]},Phone
""".encode()
ONCE = [("Phone", 50), ("Watch", 900)]
