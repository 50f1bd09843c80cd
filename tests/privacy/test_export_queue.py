"""The topic `export.make`: any process of the platform makes the requested exports."""

import json
import os
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any, cast
from uuid import UUID

import pytest

from application.kernel.bus import Delivery, Message
from application.kernel.subscription import Stopped
from application.platform import Platform
from application.privacy.data_archive import ArchiveWriter
from application.privacy.data_exports import LEASE, DataExportService
from application.privacy.export_queue import (
    GROUP,
    ExportRequests,
    ExportWorker,
    InvalidExportRequest,
    from_message,
)
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.exports import making_exports
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from tests.api import conftest as config
from tests.api.cluster import cluster
from tests.commands import Command
from tests.live.site import kafka_with_topics
from tests.privacy.person import Person, settle
from tests.waiting import wait_until

database = config.database


class Sent:
    """Publisher that keeps the messages."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def publish(self, messages: Any) -> None:
        self.messages += messages


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def exports(platform: Platform, sent: Sent) -> DataExportService:
    """The service of a process that leaves exports to others."""
    queue = ExportRequests(sent)
    return replace(platform.privacy().exports, queue=queue, later=lambda task: cast("None", task()))


def deliver(message: Message) -> Delivery:
    return Delivery(message, partition=0, offset=0)


def work(exports: DataExportService, message: Message) -> None:
    """Handle a message in another process, which has no requests of its own."""
    ExportWorker(replace(exports, queue=None), Event()).handle(deliver(message))


def test_a_worker_makes_a_requested_export(
    platform: Platform, exports: DataExportService, sent: Sent, origin: Origin
) -> None:
    """R-EVT-09, R-PRG-05: in the name of whoever requested it, and once."""
    person = settle(platform)
    export = exports.request(platform.new_id(), person.id, origin=origin)
    assert exports.get(export.id, person.id, origin=origin).state == "queued"
    (message,) = sent.messages
    assert message.key == f"{origin.tenant_id}/{export.id}"
    assert from_message(message) == (export.id, replace(origin, causation_id=None))
    work(exports, message)
    made = exports.get(export.id, person.id, origin=origin)
    assert (made.state, made.files > 0) == ("ready", True)
    (noted,) = platform.log.load(origin.tenant_id, f"access-{person.id}")
    assert noted.origin.actor == origin.actor
    work(exports, message)
    assert len(list(platform.log.load(origin.tenant_id, f"access-{person.id}"))) == 1


def test_a_request_that_was_lost_is_repeated_after_a_lease(
    platform: Platform, exports: DataExportService, sent: Sent, origin: Origin
) -> None:
    """R-EVT-16: whoever waits for the export asks for it again, but not with each look."""
    person = settle(platform)
    export = exports.request(platform.new_id(), person.id, origin=origin)
    for _ in range(3):
        exports.get(export.id, person.id, origin=origin)
    assert len(sent.messages) == 1
    later = platform.clock() + LEASE
    at_later = replace(exports, clock=lambda: later)
    for _ in range(3):
        at_later.get(export.id, person.id, origin=origin)
    assert [each.value for each in sent.messages[1:]] == [sent.messages[0].value]


def test_a_worker_waits_for_the_process_that_holds_the_export(
    platform: Platform, exports: DataExportService, sent: Sent, origin: Origin
) -> None:
    """R-EVT-18: if that one is lost, the worker makes it; it never makes it a second time."""
    person = settle(platform)
    passed = [timedelta()]
    worker = replace(exports, clock=lambda: exports.clock() + passed[0])
    export = exports.request(platform.new_id(), person.id, origin=origin)
    until = platform.clock() + timedelta(hours=1)
    assert exports.store.take(export, platform.clock(), until)
    thread = Thread(target=work, args=(worker, sent.messages[0]))
    thread.start()
    thread.join(0.5)
    found = exports.store.get(origin.tenant_id, export.id)
    assert found == replace(export, state="running", held_until=until)
    passed[0] = timedelta(hours=2)
    thread.join(60)
    assert exports.get(export.id, person.id, origin=origin).state == "ready"


def test_a_stopped_worker_leaves_the_export_to_others(
    platform: Platform, exports: DataExportService, sent: Sent, origin: Origin
) -> None:
    """R-EVT-18: its message is not done, so another worker receives it."""
    person = settle(platform)
    export = exports.request(platform.new_id(), person.id, origin=origin)
    assert exports.store.take(export, platform.clock(), platform.clock() + LEASE)
    stop = Event()
    stop.set()
    with pytest.raises(Stopped):
        ExportWorker(exports, stop).handle(deliver(sent.messages[0]))
    assert exports.get(export.id, person.id, origin=origin).state == "running"


def test_exports_that_were_deleted_are_not_made(
    platform: Platform, exports: DataExportService, sent: Sent, origin: Origin
) -> None:
    """C-24"""
    person = settle(platform)
    exports.remove(exports.request(platform.new_id(), person.id, origin=origin))
    work(replace(exports, writer=cast("ArchiveWriter", None)), sent.messages[0])


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"{",
        lambda _: b"[]",
        lambda content: {**content, "export_id": "x"},
        lambda content: {**content, "export_id": 1},
        lambda content: {**content, "actor": None},
        lambda content: {key: content[key] for key in content if key != "correlation_id"},
    ],
)
def test_messages_without_their_parts_are_refused(
    change: Callable[[Any], Any],
    platform: Platform,
    exports: DataExportService,
    sent: Sent,
    origin: Origin,
) -> None:
    """R-EVT-19: they become dead letters."""
    exports.request(platform.new_id(), settle(platform).id, origin=origin)
    changed = change(json.loads(sent.messages[0].value or b""))
    value = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
    with pytest.raises(InvalidExportRequest):
        work(exports, replace(sent.messages[0], value=value))


def test_the_queue_is_a_group_of_its_own() -> None:
    """R-EVT-09"""
    assert (GROUP.name, GROUP.topics) == ("export-worker", ("export.make",))


@pytest.mark.slow
def test_exports_are_made_by_the_group_on_kafka(database: str, tmp_path: Path) -> None:
    """R-PRG-05: also for a process that leaves them to `kinelog worker exports`."""
    with kafka_with_topics() as kafka:
        new = Settings(home=tmp_path, cache=tmp_path, kafka=kafka.bootstrap)
        with cluster(database, new) as settings, open_platform(settings) as platform:
            exports = platform.privacy().exports
            person: Person = settle(platform)
            origin = Origin(tenant_id=TenantId("default"), actor="ada", correlation_id=UUID(int=7))

            def request() -> Callable[[], bool]:
                export = exports.request(platform.new_id(), UserId(person.id), origin=origin)

                def is_ready() -> bool:
                    return exports.get(export.id, person.id, origin=origin).state == "ready"

                return is_ready

            idle = settings.model_copy(update={"analyzes": False})
            with making_exports(idle, platform):
                is_ready = request()
                assert not Event().wait(3.0)
                assert not is_ready()
            with making_exports(settings, platform):
                wait_until(is_ready)
                wait_until(request())


@contextmanager
def working(word: str, settings: Settings, kafka: str) -> Generator[None]:
    """Run a worker with the folders of the platform until the block ends."""
    assert settings.postgres_url is not None
    environment = {
        **os.environ,
        "KINELOG_HOME": str(settings.home),
        "KINELOG_POSTGRES_URL": settings.postgres_url.get_secret_value(),
        "KINELOG_KAFKA": kafka,
    }
    errors = settings.home / f"{word}.stderr"
    with Command("worker", word, "--json", environment=environment, errors=errors) as worker:
        try:
            assert "state" in json.loads(worker.stdout.readline())
            yield
        finally:
            worker.send_signal(signal.SIGTERM)
    assert worker.poll() == 0


@pytest.mark.slow
def test_each_worker_that_makes_exports_makes_them(database: str, tmp_path: Path) -> None:
    """R-PRG-05: `kinelog worker exports`, and `kinelog worker analyses`."""
    with kafka_with_topics() as kafka:
        new = Settings(home=tmp_path, cache=tmp_path, kafka=kafka.bootstrap, analyzes=False)
        with cluster(database, new) as settings, open_platform(settings) as platform:
            exports = platform.privacy().exports
            person: Person = settle(platform)
            origin = Origin(tenant_id=TenantId("default"), actor="ada", correlation_id=UUID(int=7))
            for word in ("exports", "analyses"):
                export = exports.request(platform.new_id(), UserId(person.id), origin=origin)

                def is_ready(export_id: UUID = export.id) -> bool:
                    return exports.get(export_id, person.id, origin=origin).state == "ready"

                with working(word, settings, kafka.bootstrap):
                    wait_until(is_ready)
