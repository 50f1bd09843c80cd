"""Batches of health files: their counts, and records of one moment in several of them."""

import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from tests.api.health_files import MANY, START, drinks, take, upload
from tests.api.health_imports import (
    ONCE,
    SHORT_S,
    STEPS,
    STEPS_OF_FILE,
    FailingStore,
    Killed,
    Meanwhile,
    newest,
    run,
)
from tests.api.health_records import connect, send, walked
from tests.api.measuring import ada
from tests.api.people import Person, Town

__all__ = ["ada"]


def no_ids(*_of: object) -> Iterator[str]:
    return iter(())


def test_records_that_were_stored_twice_do_not_falsify_the_counts_of_an_import(
    town: Town, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-HLT-03: another import deletes those of the file while the device sends others."""
    upload(ada, STEPS_OF_FILE, "csv")
    run(town)
    for module in ("service", "replacement"):
        monkeypatch.setattr(f"application.health.{module}.replaced_ids", no_ids)
    send(ada, STEPS)
    monkeypatch.undo()
    upload(ada, STEPS_OF_FILE, "csv")
    imports = town.platform.health_imports
    later = walked("later", 7, minute=60, device="Phone")
    commands: Any = Meanwhile(imports.health.commands, lambda: send(ada, later))
    replace(imports, health=replace(imports.health, commands=commands)).run_next(Event())
    done = newest(ada)
    assert (done["state"], done["accepted"], done["unchanged"]) == ("done", 0, 2)
    items = ada.get("/v1/me/health/records").json()["items"]
    assert sorted((each["device"], each["value"]) for each in items) == sorted(
        [*ONCE, ("Phone", 7)]
    )


def test_a_batch_that_is_repeated_counts_each_of_its_records_once(town: Town, ada: Person) -> None:
    """R-HLT-03, R-EVT-18: its process ended, and the device has sent one of them."""
    upload(ada, STEPS_OF_FILE, "csv")
    imports = replace(town.platform.health_imports, lease_s=SHORT_S)
    store = FailingStore(imports.store, 2, Killed, is_stored=False)
    with pytest.raises(Killed):
        replace(imports, store=store).run_next(Event())
    send(ada, STEPS)
    time.sleep(2 * SHORT_S)
    run(town)
    done = newest(ada)
    assert (done["accepted"], done["unchanged"], done["rejected"]) == (1, 1, 0)


def test_drinks_at_once_are_stored_although_one_is_deleted_or_a_batch_ends_between_them(
    town: Town, ada: Person
) -> None:
    """R-HLT-03: nothing of another file of the same moment is lost."""
    connect(ada, "apple_health", "hydration", "weight")
    small, large, more = (f"hydration,{each},mL,{START},,Bottle" for each in (250, 300, 400))
    hydration = "/v1/me/health/records?metric=hydration"

    def amounts() -> list[float]:
        return sorted(each["value"] for each in ada.get(hydration).json()["items"])

    take(town, ada, drinks(small, large), "csv")
    take(town, ada, drinks(*MANY[:499], large, more), "csv")
    assert amounts() == [300, 400]
    ids = {each["value"]: each["recordId"] for each in ada.get(hydration).json()["items"]}
    send(ada, deleted=[ids[400]])
    assert take(town, ada, drinks(large, small), "csv")["accepted"] == 1
    assert amounts() == [250, 300]


@pytest.mark.parametrize("deleted", [250, 300])
@pytest.mark.parametrize("other", ["", "hydration,400,mL,{START},,Bottle"])
def test_a_deleted_drink_does_not_come_back_with_a_file_in_another_order(
    town: Town, ada: Person, deleted: float, other: str
) -> None:
    """R-HLT-03: its moment has another drink, so its number in the file is not what it was."""
    connect(ada, "apple_health", "hydration")
    small, large = (f"hydration,{each},mL,{START},,Bottle" for each in (250, 300))
    hydration = "/v1/me/health/records?metric=hydration"
    take(town, ada, drinks(small, large), "csv")
    ids = {each["value"]: each["recordId"] for each in ada.get(hydration).json()["items"]}
    send(ada, deleted=[ids[deleted]])
    more = [other.format(START=START)] if other else []
    take(town, ada, drinks(*more, large, small), "csv")
    take(town, ada, drinks(large, *more, small), "csv")
    expected = {250.0, 300.0, *([400.0] if other else [])} - {deleted}
    left = [each["value"] for each in ada.get(hydration).json()["items"]]
    assert sorted(left) == sorted(expected)
