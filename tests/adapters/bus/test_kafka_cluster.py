"""In a cluster of three brokers any one may fail: no event is lost, and the order is kept."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.bus.kafka import client
from adapters.bus.kafka.admin import KafkaTopics
from application.kernel.topics import EVENT_TOPICS, PARTITIONS, events_topic
from tests.adapters.bus.relay_site import Site, deduplicated
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.plugins.services import Service
from tests.waiting import wait_until
from tools.local_services.kafka import LocalKafka, LocalKafkaCluster
from tools.local_services.probes import kafka_brokers

pytestmark = pytest.mark.slow

SESSIONS = events_topic("sessions")


@pytest.fixture
def site(postgres: Service, kafka_cluster: LocalKafkaCluster, tmp_path: Path) -> Iterator[Site]:
    KafkaTopics(kafka_cluster.bootstrap).create(EVENT_TOPICS)
    with upgraded_database(postgres.address) as url:
        yield Site(url, kafka_cluster.bootstrap, tmp_path / "relay.log")


def partitions(bootstrap: str) -> list[dict[str, Any]]:
    """Return the partitions of the session events with their leaders and replicas."""
    with closing(client.admin(bootstrap)) as admin:
        (topic,) = admin.describe_topics([SESSIONS])
    found: list[dict[str, Any]] = topic["partitions"]
    return sorted(found, key=lambda each: int(each["partition_index"]))


def leader(cluster: LocalKafkaCluster) -> LocalKafka:
    """Return the node that leads the first partition."""
    (first, *_) = partitions(cluster.bootstrap)
    return cluster.nodes[int(first["leader_id"]) - 1]


def test_the_leader_may_be_killed_while_events_are_relayed(
    site: Site, kafka_cluster: LocalKafkaCluster
) -> None:
    """R-EVT-12, R-EVT-16, R-OPS-09: an acknowledged event is on two of three brokers."""
    with site.relay() as relay:
        with site.writer(seed=5):
            site.wait_for(1)
            struck = leader(kafka_cluster)
            struck.kill()
            at = site.head()
            site.wait_for(at + 1)
        site.wait_for(site.head())
        struck.start()
        assert relay.poll() is None, site.notes.read_text()
    wait_until(lambda: kafka_brokers(kafka_cluster.bootstrap) == {1, 2, 3})
    assert deduplicated(site.arrived()) == site.logged()


@pytest.mark.usefixtures("site")
def test_every_partition_is_on_three_brokers_and_each_leads_some(
    kafka_cluster: LocalKafkaCluster,
) -> None:
    found = partitions(kafka_cluster.bootstrap)
    assert len(found) == PARTITIONS
    assert [sorted(each["replica_nodes"]) for each in found] == [[1, 2, 3]] * PARTITIONS
    assert len({each["leader_id"] for each in found}) > 1
