"""The relay from the log to Kafka loses and reorders no event when a process dies.

The relay is the process of `kinelog events relay`; PostgreSQL and Kafka are real.
"""

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.bus.kafka.admin import KafkaTopics
from adapters.event_log.postgres_checkpoints import PostgresCheckpointStore
from application.kernel.cloud_events import EncodedEvent
from application.kernel.topics import EVENT_TOPICS
from tests.adapters.bus.relay_site import BATCH, PATIENCE_S, Site, deduplicated
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.plugins.services import Service
from tools.local_services.kafka import LocalKafka

pytestmark = pytest.mark.slow

KILLS = 4


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
