"""Imports of health files in the background: they end once, whatever happens to their process."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from threading import Event
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from application.health import import_service
from application.health.imports import HealthImport, ReadingEnded
from application.health.service import SentBatch
from application.kernel.encryption import KmsUnavailable
from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import ReadModelUnavailable
from domain.health.batch import Measured
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin, Rejected
from tests.api.health_files import CSV, CSV_OF_MANY, MANY, SHARED, stored, upload
from tests.api.health_imports import (
    IMPORTS,
    ONCE,
    SHORT_S,
    STEPS,
    STEPS_OF_FILE,
    FailingStore,
    Fault,
    Killed,
    Meanwhile,
    count_stored,
    newest,
    run,
)
from tests.api.health_records import connect, send
from tests.api.measuring import ada
from tests.api.people import Person, Town

__all__ = ["ada"]


@pytest.mark.parametrize("is_stored", [False, True])
@pytest.mark.parametrize("after", range(1, 6))
@pytest.mark.parametrize("fault", [Killed, lambda: StorageUnavailable("down")])
def test_another_process_continues_after_the_last_batch(
    town: Town,
    ada: Person,
    fault: Fault,
    after: int,
    *,
    is_stored: bool,
) -> None:
    """R-HLT-03, R-EVT-18: whenever a process ends, each record is stored once."""
    connect(ada, "apple_health", *SHARED)
    upload(ada, CSV_OF_MANY, "csv")
    imports = replace(town.platform.health_imports, lease_s=SHORT_S)
    store = FailingStore(imports.store, after, fault, is_stored=is_stored)
    with pytest.raises((Killed, StorageUnavailable)):
        replace(imports, store=store).run_next(Event())
    time.sleep(2 * SHORT_S)
    run(town)
    done = newest(ada)
    assert (done["state"], done["handled"], done["total"]) == ("done", len(MANY), len(MANY))
    assert (done["accepted"], done["unchanged"], done["rejected"]) == (len(MANY), 0, 0)
    assert count_stored(town) == len(MANY)
    assert town.platform.media.list_media(DEFAULT_TENANT, f"health-import:{done['id']}") == []


def test_an_import_counts_as_one_sync(town: Town, ada: Person) -> None:
    """R-HLT-07"""
    connect(ada, "apple_health", *SHARED)
    sources = "/v1/me/health/sources"
    before = ada.get(sources).json()["items"][0]
    upload(ada, CSV_OF_MANY, "csv")
    run(town)
    after = ada.get(sources).json()["items"][0]
    assert (after["syncs"], after["records"]) == (before["syncs"] + 1, len(MANY))


def test_nothing_of_a_file_that_is_damaged_at_its_end_is_stored(town: Town, ada: Person) -> None:
    """R-HLT-03"""
    connect(ada, "apple_health", *SHARED)
    upload(ada, CSV_OF_MANY + b"\nweight,much,kg,x,,Scale\n", "csv")
    run(town)
    failed = newest(ada)
    assert (failed["state"], failed["problemCode"]) == ("failed", "health.file_unreadable")
    assert failed["problem"]
    assert stored(ada) == {}


def test_a_file_that_ends_every_process_is_given_up(town: Town, ada: Person) -> None:
    """R-EVT-19"""
    upload(ada, CSV, "csv")
    imports = replace(town.platform.health_imports, lease_s=SHORT_S)
    for _ in range(import_service.MAX_ATTEMPTS):
        store = FailingStore(imports.store, 1, Killed, is_stored=False)
        with pytest.raises(Killed):
            replace(imports, store=store).run_next(Event())
        time.sleep(2 * SHORT_S)
    run(town)
    assert (newest(ada)["state"], newest(ada)["problemCode"]) == ("failed", "internal")


class EndedReader:
    """A reader whose process is ended some times."""

    def __init__(self, reader: Any, times: int) -> None:
        self._reader, self._left = reader, times

    def read(self, *arguments: Any) -> Iterator[Measured]:
        yield from self._reader.read(*arguments)
        self._left -= 1
        if self._left >= 0:
            raise ReadingEnded


@pytest.mark.parametrize(("times", "state"), [(1, "done"), (2, "failed")])
def test_an_import_is_repeated_once_if_its_reader_was_ended(
    town: Town, ada: Person, times: int, state: str
) -> None:
    """R-EVT-19: the system may have ended it for memory, which is no fault of the file."""
    connect(ada, "apple_health", *SHARED)
    upload(ada, CSV_OF_MANY, "csv")
    imports = town.platform.health_imports
    reader = EndedReader(imports.reader, times)
    for _ in range(2):
        replace(imports, reader=reader, lease_s=SHORT_S).run_next(Event())
        time.sleep(2 * SHORT_S)
    done = newest(ada)
    assert done["state"] == state
    assert done["accepted"] == (len(MANY) if state == "done" else 0)


@pytest.mark.parametrize(
    ("call", "outage"),
    [("push", KmsUnavailable), ("stored", ReadModelUnavailable), ("push", StorageUnavailable)],
)
def test_an_import_goes_on_after_an_outage(
    town: Town, ada: Person, call: str, outage: type[Rejected]
) -> None:
    """R-HLT-01: however long it lasts, its file is kept, and all records are stored once."""
    connect(ada, "apple_health", *SHARED)
    upload(ada, CSV_OF_MANY, "csv")
    imports = town.platform.health_imports

    class Away:
        def __getattr__(self, name: str) -> Any:
            def fail(*_arguments: object, **_more: object) -> None:
                raise outage

            return fail if name == call else getattr(imports.health, name)

    health: Any = Away()
    for _ in range(import_service.MAX_ATTEMPTS + 2):
        replace(imports, health=health, lease_s=SHORT_S).run_next(Event())
        time.sleep(2 * SHORT_S)
    assert newest(ada)["state"] in {"queued", "running"}
    run(town)
    done = newest(ada)
    assert (done["state"], done["accepted"], count_stored(town)) == ("done", len(MANY), len(MANY))


def test_what_ends_the_consent_ends_the_import(town: Town, ada: Person) -> None:
    """C-21: a withdrawn consent, and a source that was disconnected."""
    upload(ada, CSV, "csv")
    withdrawn = {"purpose": "health_data", "given": False}
    assert ada.ask("PUT", "/v1/me/consents", json=withdrawn).status_code == 200
    run(town)
    assert newest(ada)["problemCode"] == "consent.missing"
    ada.agrees("health_data")
    upload(ada, CSV, "csv")
    assert ada.ask("DELETE", "/v1/me/health/sources/apple_health").status_code == 200
    run(town)
    assert newest(ada)["problemCode"] == "health.not_connected"


def test_a_retry_returns_the_same_import(town: Town, ada: Person) -> None:
    """R-EVT-16: one with another key is another import."""
    form = {"format": "csv", "timeZone": "UTC"}
    path = "/v1/me/health/sources/apple_health/files"
    first, again, other = (
        ada.post(
            path, data=form, files={"file": ("f", CSV)}, headers={"Idempotency-Key": key}
        ).json()["id"]
        for key in ("one", "one", "other")
    )
    assert first == again
    assert first != other
    run(town)
    repeated = ada.post(
        path, data=form, files={"file": ("f", CSV)}, headers={"Idempotency-Key": "one"}
    )
    assert repeated.json()["state"] == "done"
    reused = ada.post(
        path, data=form, files={"file": ("f", CSV_OF_MANY)}, headers={"Idempotency-Key": "one"}
    )
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency.payload_differs")
    elsewhere = {**form, "timeZone": "Pacific/Auckland"}
    moved = ada.post(
        path, data=elsewhere, files={"file": ("f", CSV)}, headers={"Idempotency-Key": "one"}
    )
    assert (moved.status_code, moved.json()["code"]) == (422, "idempotency.payload_differs")


class SlowMedia:
    """A media store to which another request sends the same file first, which is imported."""

    def __init__(self, town: Town, new: HealthImport) -> None:
        self._town, self._new = town, new
        self._media = town.platform.health_imports.media

    def __getattr__(self, name: str) -> Any:
        return getattr(self._media, name)

    def put_stream(self, *of: Any, **place: Any) -> str:
        self._town.platform.health_imports.submit(self._new, BytesIO(CSV))
        run(self._town)
        return str(self._media.put_stream(*of, **place))


def waiting(town: Town, person: Person) -> HealthImport:
    return HealthImport(
        id=uuid4(), tenant_id=DEFAULT_TENANT, user_id=UserId(person.id), source="apple_health",
        format="csv", time_zone="UTC", since=None, digest=sha256(CSV).hexdigest(),
        created_at=town.platform.clock(),
    )  # fmt: skip


def test_a_file_that_is_sent_twice_at_once_is_deleted(town: Town, ada: Person) -> None:
    """R-HLT-03: also if one of the requests ends after the import."""
    new, imports = waiting(town, ada), town.platform.health_imports
    slow = replace(imports, media=cast("Any", SlowMedia(town, new)))
    assert slow.submit(new, BytesIO(CSV)).state == "done"
    assert not imports.media.list_media(DEFAULT_TENANT, new.prefix)


def test_an_import_reads_its_own_file(town: Town, ada: Person) -> None:
    """R-HLT-03: a request with the same key that failed has left another one."""
    new, imports = waiting(town, ada), town.platform.health_imports
    for content in (b"another", b"a third"):
        imports.media.put_stream(
            DEFAULT_TENANT, BytesIO(content), prefix=new.prefix, subject=UserId(ada.id)
        )
    imports.submit(new, BytesIO(CSV))
    run(town)
    assert imports.get(DEFAULT_TENANT, UserId(ada.id), new.id).state == "done"
    assert not imports.media.list_media(DEFAULT_TENANT, new.prefix)


def test_a_record_that_the_device_sends_during_an_import_does_not_count_twice(
    town: Town, ada: Person
) -> None:
    """R-HLT-03: the device's batch is stored between the look at stored records and the append."""
    upload(ada, STEPS_OF_FILE, "csv")
    imports = town.platform.health_imports
    commands: Any = Meanwhile(imports.health.commands, lambda: send(ada, STEPS))
    replace(imports, health=replace(imports.health, commands=commands)).run_next(Event())
    done = newest(ada)
    assert (done["state"], done["accepted"], done["unchanged"]) == ("done", 1, 1)
    after = imports.get(DEFAULT_TENANT, UserId(ada.id), UUID(done["id"])).position
    deleting = [
        each.position
        for each in town.platform.log.scan(after=0, limit=10_000)
        if getattr(each.event, "deleted", 0) == 1
    ]
    assert [after] == deleting, "answers wait for the deletion"
    items = ada.get("/v1/me/health/records").json()["items"]
    assert sorted((each["device"], each["value"]) for each in items) == ONCE


def test_a_record_that_is_imported_while_the_device_sends_it_does_not_count_twice(
    town: Town, ada: Person
) -> None:
    """R-HLT-03: the record of the file is stored before the device's batch is appended."""
    upload(ada, STEPS_OF_FILE, "csv")
    health, user = town.platform.health, UserId(ada.id)
    start, end = (datetime.fromisoformat(STEPS[each]) for each in ("start", "end"))
    own = Measured("of-the-watch", "steps", 900, "count", start, end, "Watch")
    sent = SentBatch([own], (), "UTC", None)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=user, correlation_id=uuid4())
    commands: Any = Meanwhile(health.commands, lambda: run(town))
    replace(health, commands=commands).push(
        user, "apple_health", sent, origin=origin, command_id=uuid4()
    )
    items = ada.get("/v1/me/health/records").json()["items"]
    assert sorted((each["device"], each["value"]) for each in items) == ONCE


def test_five_imports_may_wait(town: Town, ada: Person) -> None:
    """R-API-08: the sixth is refused until one is done."""
    for _ in range(import_service.MOST_UNFINISHED):
        assert upload(ada, CSV, "csv").status_code == 202
    refused = upload(ada, CSV, "csv")
    assert (refused.status_code, refused.json()["code"]) == (409, "health.too_many_imports")
    assert town.platform.health_imports.run_next(Event())
    assert upload(ada, CSV, "csv").status_code == 202


def test_a_page_of_another_site_imports_nothing(town: Town, ada: Person) -> None:
    """R-API-01: a browser would add the cookies; and nothing but a form is read."""
    connect(ada)
    path = "/v1/me/health/sources/apple_health/files"
    form = {"format": "csv", "timeZone": "UTC"}
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 202)):
        headers = {"Sec-Fetch-Site": site}
        answer = ada.post(path, data=form, files={"file": ("f", CSV)}, headers=headers)
        assert answer.status_code == status, answer.text
    assert len(ada.get(IMPORTS).json()["items"]) == 1
    plain = ada.post(path, content=CSV, headers={"Content-Type": "text/plain"})
    assert plain.status_code == 415


def test_imports_are_listed_in_pages_for_their_owner(town: Town, ada: Person) -> None:
    """R-TEN-12: others do not see them."""
    ids = [upload(ada, CSV, "csv").json()["id"] for _ in range(3)]
    page = ada.get(f"{IMPORTS}?first=2").json()
    assert [each["id"] for each in page["items"]] == [ids[2], ids[1]]
    rest = ada.get(f"{IMPORTS}?first=2&after={page['pageInfo']['endCursor']}").json()
    assert [each["id"] for each in rest["items"]] == [ids[0]]
    eve = town.citizen("eve@example.org")
    assert eve.get(f"{IMPORTS}/{ids[0]}").json()["code"] == "health.import_unknown"
    assert eve.get(IMPORTS).json()["items"] == []
    assert ada.get(f"{IMPORTS}/{UUID(int=1)}").status_code == 404


def test_imports_are_the_same_over_graphql(town: Town, ada: Person) -> None:
    """R-API-07, R-HLT-03: of a person who has some."""
    key = upload(ada, CSV, "csv").json()["id"]
    run(town)
    fields = "id format state accepted position"
    answer = ada.graph(f"{{ healthImports {{ edges {{ node {{ {fields} }} }} }} }}")
    assert "errors" not in answer, answer
    (edge,) = answer["data"]["healthImports"]["edges"]
    one = ada.graph(f'{{ healthImport(importId: "{key}") {{ {fields} }} }}')["data"]
    assert edge["node"] == one["healthImport"]
    shown = ada.get(f"{IMPORTS}/{key}").json()
    same = {"id": key, "format": "CSV", "state": "DONE", "accepted": shown["accepted"]}
    assert one["healthImport"] == {**same, "position": shown["position"]}
