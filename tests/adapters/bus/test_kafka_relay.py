"""The relay from the log to Kafka loses and reorders no event when a process dies.

The relay is the process of `kinelog events relay`; PostgreSQL and Kafka are real.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest

from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import KafkaBus
from adapters.clock import new_id, utc_now
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.postgres_checkpoints import PostgresCheckpointStore
from application.kernel.cloud_events import EncodedEvent, from_message
from application.kernel.ports import Change
from application.kernel.topics import CONTEXT_OF_CATEGORY, EVENT_TOPICS, topic_of
from domain.ids import TenantId
from domain.kernel import Origin
from domain.sessions import events
from domain.values import Span
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.commands import Command
from tests.plugins.services import Service
from tools.local_services.kafka import LocalKafka

pytestmark = pytest.mark.slow

PATIENCE_S = 120.0
KILLS = 4
BATCH = 50
STREAMS = [f"{category}-{n}" for category in CONTEXT_OF_CATEGORY for n in range(6)]
COLORS = ("red", "blue")

Stream = tuple[str, str]
"""Tenant and stream id."""


@pytest.fixture(scope="module")
def broker() -> Iterator[LocalKafka]:
    """A Kafka broker that these tests may kill; each test has its own tenants."""
    with LocalKafka() as server:
        KafkaTopics(server.bootstrap).create(EVENT_TOPICS)
        yield server


@pytest.fixture
def database(postgres: Service) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        yield url


@dataclass
class Site:
    """An event log that is written to, a Kafka broker, and the relay processes between them."""

    database: str
    bootstrap: str
    notes: Path
    tenants: list[str] = field(default_factory=lambda: [f"{color}-{uuid4()}" for color in COLORS])

    @contextmanager
    def relay(self, batch: int = BATCH) -> Generator[Command]:
        env = {**os.environ, "KINELOG_POSTGRES_URL": self.database, "KINELOG_KAFKA": self.bootstrap}
        words = ("events", "relay", f"--batch={batch}")
        process = Command(*words, environment=env, errors=self.notes, output=self.notes)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    @contextmanager
    def writer(self, seed: int) -> Generator[None]:
        """Append to many streams, some events at a time, until the block ends."""
        stop = Event()
        thread = Thread(target=self._write, args=(seed, stop))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _write(self, seed: int, stop: Event) -> None:
        rng = random.Random(seed)  # noqa: S311  a test's own chance
        log = PostgresEventLog(self.database, clock=utc_now, new_id=new_id)
        versions: Counter[Stream] = Counter()
        while not stop.wait(0.02):
            stream = (rng.choice(self.tenants), rng.choice(STREAMS))
            count = rng.randint(1, 12)
            facts = [
                events.HoldMeasured(set=1, span=Span(0, n), form=None, faults=())
                for n in range(count)
            ]
            origin = Origin(tenant_id=TenantId(stream[0]), actor="ada", correlation_id=uuid4())
            change = Change(stream[1], versions[stream], facts)
            log.append([change], origin=origin, command_id=uuid4())
            versions[stream] += count
        log.close()

    def position(self) -> int:
        return PostgresCheckpointStore(self.database).position()

    def head(self) -> int:
        log = PostgresEventLog(self.database, clock=utc_now, new_id=new_id)
        try:
            return log.head()
        finally:
            log.close()

    def wait_for(self, position: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self.position() < position:
            assert time.monotonic() < deadline, self.notes.read_text()
            time.sleep(0.1)

    def wait_for_note(self, text: str, times: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self.notes.read_text().count(text) < times:
            assert time.monotonic() < deadline, self.notes.read_text()
            time.sleep(0.1)

    def arrived(self) -> list[EncodedEvent]:
        bus = KafkaBus(self.bootstrap)
        topics = {topic_of(stream) for stream in STREAMS}
        found = [from_message(each.message) for topic in sorted(topics) for each in bus.read(topic)]
        bus.close()
        return [each for each in found if each.tenant_id in self.tenants]

    def logged(self) -> dict[Stream, int]:
        """Return the version of each stream in the log."""
        log = PostgresEventLog(self.database, clock=utc_now, new_id=new_id)
        recorded = log.scan(after=0, limit=10**6)
        log.close()
        return dict(Counter((fact.origin.tenant_id, fact.stream) for fact in recorded))


def deduplicated(arrived: list[EncodedEvent]) -> dict[Stream, int]:
    """Return the newest versions as a consumer sees them: duplicates dropped, gaps not allowed."""
    newest: dict[Stream, int] = {}
    for event in arrived:
        stream = (event.tenant_id, event.stream)
        assert event.version <= newest.get(stream, 0) + 1, f"a gap in {stream}"
        newest[stream] = max(newest.get(stream, 0), event.version)
    return newest


def deliveries(arrived: list[EncodedEvent]) -> Counter[int]:
    return Counter(event.position for event in arrived)


@pytest.fixture
def site(database: str, broker: LocalKafka, tmp_path: Path) -> Site:
    return Site(database, broker.bootstrap, tmp_path / "relay.log")


def test_a_relay_killed_again_and_again_loses_nothing(site: Site) -> None:
    """R-EVT-12, R-EVT-16, C-44"""
    rng = random.Random(20300101)  # noqa: S311  a test's own chance
    with site.writer(seed=1):
        for _ in range(KILLS):
            before = site.position()
            with site.relay() as relay:
                site.wait_for(before + 1)
                time.sleep(rng.uniform(0.0, 0.5))
                relay.send_signal(signal.SIGKILL)
                relay.wait()
    with site.relay() as relay:
        # It may find nothing left to send: wait until it has become the leader itself.
        site.wait_for_note("subscription.leads", KILLS + 1)
        site.wait_for(site.head())
        relay.terminate()
        assert relay.wait(timeout=PATIENCE_S) == 0, site.notes.read_text()
    arrived = site.arrived()
    assert deduplicated(arrived) == site.logged()
    again = deliveries(arrived)
    assert set(again) == set(range(1, site.head() + 1))
    # A kill repeats at most the batch in progress.
    assert len(arrived) - len(again) <= KILLS * BATCH


def test_a_broker_killed_in_mid_stream_loses_nothing(site: Site, broker: LocalKafka) -> None:
    """R-OPS-09: the relay waits for the broker and resumes."""
    with site.relay() as relay:
        with site.writer(seed=2):
            site.wait_for(1)
            for _ in range(2):
                time.sleep(0.3)
                broker.kill()
                time.sleep(0.5)
                broker.start()
                site.wait_for(site.head())
        site.wait_for(site.head())
        assert relay.poll() is None, site.notes.read_text()
    assert deduplicated(site.arrived()) == site.logged()


def test_another_relay_takes_over_when_the_first_is_killed(site: Site) -> None:
    """R-OPS-09: one relay is active, the other on standby."""
    with site.writer(seed=3), site.relay() as first:
        site.wait_for(1)
        with site.relay():
            site.wait_for_note("Relaying from", 2)
            time.sleep(0.5)
            first.kill()
            first.wait()
            site.wait_for(site.head())
    arrived = site.arrived()
    assert set(deduplicated(arrived)) <= set(site.logged())
    assert len(arrived) - len(deliveries(arrived)) <= BATCH, "the two did not relay together"


def test_a_lost_kafka_is_refilled(site: Site) -> None:
    """C-44"""
    with site.writer(seed=4), site.relay():
        site.wait_for(100)
    reached = site.position()
    PostgresCheckpointStore(site.database).rewind(0)
    with site.relay():
        site.wait_for(site.head())
    again = deliveries(site.arrived())
    assert all(again[position] >= 2 for position in range(1, reached + 1))
