"""Kafka lag is measured exactly; expired dead letters do not count."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import KafkaBus
from adapters.clock import utc_now
from adapters.telemetry.kafka_gauges import consumer_lags, dead_letters
from application.kernel.bus import BusUnavailable, Delivery, Message
from application.kernel.dead_letters import list_dead_letters, purge, to_dead_letter
from application.kernel.metrics import Gauge
from application.kernel.topics import DEAD_LETTERS_KEPT, Group, Topic
from tests.plugins.services import Service

GROUP = Group("looked-at", ("looked.at",))
IDLE = Group("never-began", ("looked.at",))
TOPICS = (
    Topic("looked.at", "What is looked at.", DEAD_LETTERS_KEPT, partitions=2),
    Topic(GROUP.dead_letters, "Dead ones.", DEAD_LETTERS_KEPT, partitions=1, compacted=True),
)


@pytest.fixture
def bus(kafka: Service) -> Iterator[KafkaBus]:
    KafkaTopics(kafka.address).create(TOPICS)
    with closing(KafkaBus(kafka.address)) as bus:
        yield bus


def samples_of(gauges: list[Gauge]) -> dict[str, float]:
    return {" ".join(gauge.labels.values()): gauge.value for gauge in gauges}


def test_the_lag_of_a_group_is_its_number_of_unprocessed_messages(
    kafka: Service, bus: KafkaBus
) -> None:
    """R-OPS-02."""
    look = consumer_lags(kafka.address, [GROUP, IDLE])
    bus.publish([Message("looked.at", "ada", b"%d" % number) for number in range(5)])
    with closing(bus.subscribe(GROUP.name, GROUP.topics)) as subscription:
        received = list[Delivery]()
        while not received:
            received += subscription.receive(2, 1.0)
        subscription.commit(received[:1])
    place = f"looked-at looked.at {received[0].partition}"
    assert samples_of(list(look())) == {place: 4.0}, "who never began is not behind"


def test_deleted_dead_letters_do_not_count(kafka: Service, bus: KafkaBus) -> None:
    look = dead_letters(kafka.address, bus, [GROUP, IDLE])
    assert samples_of(list(look())) == {"looked-at": 0.0}
    sent = [Message("looked.at", "bob", b"%d" % number) for number in range(3)]
    bus.publish(
        [
            to_dead_letter(Delivery(each, 0, at), GROUP, ValueError("no"), attempts=1, at=utc_now())
            for at, each in enumerate(sent)
        ]
    )
    assert samples_of(list(look())) == {"looked-at": 3.0}
    purge(bus, GROUP, list_dead_letters(bus, GROUP)[:2])
    assert samples_of(list(look())) == {"looked-at": 1.0}


def test_gauges_are_absent_while_kafka_is_unavailable(bus: KafkaBus) -> None:
    with pytest.raises(BusUnavailable):
        list(consumer_lags("127.0.0.1:1", [GROUP])())
