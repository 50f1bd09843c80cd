"""Imports of health files whose process shuts down."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Event
from typing import Any

from application.health import import_service
from domain.health.batch import Measured
from tests.api.health_files import CSV_OF_MANY, MANY, SHARED, upload
from tests.api.health_imports import count_stored, newest, run
from tests.api.health_records import connect
from tests.api.measuring import ada
from tests.api.people import Person, Town

__all__ = ["ada"]


class StoppedReader:
    """A reader that shuts the process down after some records, and counts those that it read."""

    def __init__(self, reader: Any, stop: Event, after: int) -> None:
        self._reader, self._stop, self._after = reader, stop, after
        self.count = 0

    def read(self, *arguments: Any) -> Iterator[Measured]:
        for record in self._reader.read(*arguments):
            self.count += 1
            if self.count == self._after:
                self._stop.set()
            yield record


def test_a_shutdown_does_not_wait_for_the_end_of_the_file(town: Town, ada: Person) -> None:
    """R-HLT-03, R-EVT-18: neither at the first reading, nor while stored records are skipped."""
    connect(ada, "apple_health", *SHARED)
    upload(ada, CSV_OF_MANY, "csv")
    imports = town.platform.health_imports
    stop = Event()
    first = StoppedReader(imports.reader, stop, 3)
    assert replace(imports, reader=first).run_next(stop)
    assert (newest(ada)["state"], newest(ada)["total"], first.count) == ("queued", None, 3)
    stop.clear()
    assert replace(imports, reader=StoppedReader(imports.reader, stop, 2000)).run_next(stop)
    assert (newest(ada)["state"], handled := newest(ada)["handled"]) == ("queued", 500)
    stop.clear()
    again = StoppedReader(imports.reader, stop, 3)
    assert replace(imports, reader=again).run_next(stop)
    assert (newest(ada)["handled"], again.count) == (handled, 3)
    run(town)
    assert (newest(ada)["state"], newest(ada)["accepted"]) == ("done", len(MANY))
    assert count_stored(town) == len(MANY)


def test_a_shutdown_hands_an_import_over(town: Town, ada: Person) -> None:
    """R-EVT-18: at once, without waiting for the lease."""
    connect(ada, "apple_health", *SHARED)
    upload(ada, CSV_OF_MANY, "csv")
    stop = Event()
    stop.set()
    assert town.platform.health_imports.run_next(stop)
    waiting = newest(ada)
    assert (waiting["state"], waiting["total"], waiting["handled"]) == ("queued", None, 0)
    run(town)
    assert newest(ada)["state"] == "done"


def test_an_import_outlives_many_shutdowns(town: Town, ada: Person) -> None:
    """R-HLT-03, R-EVT-18: a shutdown is not a failed attempt."""
    connect(ada, "apple_health", *SHARED)
    upload(ada, CSV_OF_MANY, "csv")
    stop = Event()
    stop.set()
    for _ in range(import_service.MAX_ATTEMPTS + 2):
        assert town.platform.health_imports.run_next(stop)
    run(town)
    assert (newest(ada)["state"], newest(ada)["problemCode"]) == ("done", None)
