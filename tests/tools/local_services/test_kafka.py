"""A local Kafka keeps acknowledged messages after a kill, and a cluster without a node."""

from collections.abc import Iterable

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import KafkaError, KafkaTimeoutError

from tests.waiting import wait_until
from tools.local_services.kafka import LocalKafka, LocalKafkaCluster
from tools.local_services.probes import kafka_brokers

pytestmark = pytest.mark.slow

TIMEOUT_S = 120


def make_topic(bootstrap: str, topic: str, *, replicas: int = 1) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=replicas)])
    finally:
        admin.close()


def produce(bootstrap: str, topic: str, values: Iterable[int]) -> None:
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    try:
        sent = [producer.send(topic, str(value).encode()) for value in values]
        for future in sent:
            future.get(timeout=TIMEOUT_S)
    finally:
        producer.close()


def consume(bootstrap: str, topic: str) -> list[int]:
    """Read the only partition of a topic from its start to its current end."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap)
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        end = consumer.end_offsets([partition])[partition]
        values: list[int] = []
        while len(values) < end:
            for records in consumer.poll(timeout_ms=1000).values():
                values += [int(record.value) for record in records]
        return values
    finally:
        consumer.close()


def test_acknowledged_messages_survive_a_broker_kill() -> None:
    with LocalKafka() as broker:
        make_topic(broker.bootstrap, "kept")
        produce(broker.bootstrap, "kept", range(100))
        broker.kill()
        broker.start()
        produce(broker.bootstrap, "kept", range(100, 110))
        assert consume(broker.bootstrap, "kept") == list(range(110))


def test_topics_are_not_created_implicitly() -> None:
    with LocalKafka() as broker:
        producer = KafkaProducer(bootstrap_servers=broker.bootstrap, max_block_ms=2000)
        with pytest.raises(KafkaTimeoutError):
            producer.send("nobody-made-this", b"1")
        producer.close()


def test_a_cluster_continues_without_one_node(
    kafka_cluster: LocalKafkaCluster,
) -> None:
    make_topic(kafka_cluster.bootstrap, "replicated", replicas=3)
    produce(kafka_cluster.bootstrap, "replicated", range(50))
    first, *others = kafka_cluster.nodes
    first.kill()
    remaining = ",".join(node.bootstrap for node in others)
    wait_until(lambda: kafka_brokers(remaining) == {2, 3})
    produce(remaining, "replicated", range(50, 60))
    first.start()
    wait_until(lambda: kafka_brokers(remaining) == {1, 2, 3})
    assert consume(first.bootstrap, "replicated") == list(range(60))


def test_a_cluster_comes_back_after_the_death_of_all_nodes(
    kafka_cluster: LocalKafkaCluster,
) -> None:
    make_topic(kafka_cluster.bootstrap, "kept", replicas=3)
    produce(kafka_cluster.bootstrap, "kept", range(20))
    kafka_cluster.kill()
    kafka_cluster.start()
    assert consume(kafka_cluster.bootstrap, "kept") == list(range(20))


def test_a_missing_broker_is_reported() -> None:
    with LocalKafka() as broker:
        broker.kill()
        assert kafka_brokers(broker.bootstrap) == set()
        with pytest.raises(KafkaError):
            KafkaAdminClient(bootstrap_servers=broker.bootstrap, bootstrap_timeout_ms=500)
