"""Contract of message buses. A new adapter joins the fixture `bus`."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Thread

import pytest

from adapters.bus.in_process import InProcessBus
from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import KafkaBus
from application.kernel.bus import (
    Bus,
    ConsumerSession,
    Delivery,
    Message,
    MessageTooLarge,
    NotAssigned,
    TopicUnknown,
)
from application.kernel.dead_letters import REPLAYED_FOR, to_dead_letter
from application.kernel.topics import WORKERS, Topic
from tests.plugins.services import Service

PATIENCE_S = 60.0
AT = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def topics() -> list[Topic]:
    """Topics for one test, the first of them with one partition."""
    mark = secrets.token_hex(6)
    return [
        Topic(f"test.{mark}.{number}", "What a test sends.", timedelta(hours=1), partitions)
        for number, partitions in enumerate((1, 4))
    ]


@pytest.fixture
def narrow(topics: list[Topic]) -> str:
    return topics[0].name


@pytest.fixture
def wide(topics: list[Topic]) -> str:
    return topics[1].name


@pytest.fixture
def group() -> str:
    return f"test-{secrets.token_hex(6)}"


@pytest.fixture
def in_process(topics: list[Topic]) -> Bus:
    return InProcessBus(topics)


@pytest.fixture
def of_kafka(kafka: Service, topics: list[Topic]) -> Iterator[Bus]:
    KafkaTopics(kafka.address).create(topics)
    bus = KafkaBus(kafka.address)
    yield bus
    bus.close()


@pytest.fixture(params=["in_process", "of_kafka"])
def bus(request: pytest.FixtureRequest) -> Bus:
    opened: Bus = request.getfixturevalue(request.param)
    return opened


def messages(topic: str, count: int, *, keys: int = 1, first: int = 0) -> list[Message]:
    return [
        Message(topic, f"key-{number % keys}", b"%d" % number, (("number", b"%d" % number),))
        for number in range(first, first + count)
    ]


def numbers(delivered: list[Delivery]) -> list[int]:
    return [int(each.message.value or b"-1") for each in delivered]


def take(member: ConsumerSession, count: int) -> list[Delivery]:
    """Receive this many messages, or fail."""
    taken: list[Delivery] = []
    while len(taken) < count:
        part = member.receive(count - len(taken), PATIENCE_S)
        assert part, f"only {len(taken)} of {count} came"
        taken += part
    return taken


def test_published_messages_arrive_unchanged(bus: Bus, narrow: str, group: str) -> None:
    """R-EVT-02"""
    sent = Message(narrow, "default/session-ключ", b'{"a":1}', (("a", b""), ("b", b"\xff\x00")))
    bus.publish([sent])
    member = bus.subscribe(group, [narrow])
    (got,) = take(member, 1)
    assert got == Delivery(sent, partition=0, offset=0)
    assert got.place == f"{narrow}/0/0"
    member.close()


def test_publishing_nothing_sends_nothing(bus: Bus, narrow: str) -> None:
    bus.publish([])
    assert list(bus.read(narrow)) == []


def test_messages_of_a_key_stay_in_order(bus: Bus, wide: str, group: str) -> None:
    """C-07: the order is kept per key."""
    for first in range(0, 300, 100):
        bus.publish(messages(wide, 100, keys=7, first=first))
    member = bus.subscribe(group, [wide])
    taken = take(member, 300)
    assert sorted(numbers(taken)) == list(range(300))
    for key in range(7):
        of_key = [each for each in taken if each.message.key == f"key-{key}"]
        assert numbers(of_key) == list(range(key, 300, 7))
        assert len({each.partition for each in of_key}) == 1
    assert len({each.partition for each in taken}) > 1
    member.close()


def test_places_rise_within_a_partition(bus: Bus, wide: str) -> None:
    bus.publish(messages(wide, 60, keys=9))
    for partition in range(4):
        offsets = [each.offset for each in bus.read(wide) if each.partition == partition]
        assert all(a < b for a, b in pairwise(offsets))


def test_every_group_gets_every_message(bus: Bus, narrow: str, group: str) -> None:
    """C-07: a queue is a consumer group of a topic; queues do not take messages from each other."""
    bus.publish(messages(narrow, 5))
    for name in (group, f"{group}-other"):
        member = bus.subscribe(name, [narrow])
        assert numbers(take(member, 5)) == list(range(5))
        member.close()


def test_a_group_consumes_several_topics(bus: Bus, narrow: str, wide: str, group: str) -> None:
    bus.publish([*messages(narrow, 3), *messages(wide, 3, first=3)])
    member = bus.subscribe(group, [narrow, wide])
    assert sorted(numbers(take(member, 6))) == list(range(6))
    member.close()


def test_uncommitted_messages_are_delivered_again(bus: Bus, narrow: str, group: str) -> None:
    """R-EVT-16, C-07: at least once."""
    bus.publish(messages(narrow, 10))
    member = bus.subscribe(group, [narrow])
    taken = take(member, 10)
    member.commit(taken[:4])
    member.close()
    heir = bus.subscribe(group, [narrow])
    assert numbers(take(heir, 6)) == list(range(4, 10))
    heir.close()


def test_committed_messages_are_not_delivered_again(bus: Bus, narrow: str, group: str) -> None:
    bus.publish(messages(narrow, 3))
    member = bus.subscribe(group, [narrow])
    member.commit(take(member, 3))
    member.close()
    bus.publish(messages(narrow, 1, first=3))
    heir = bus.subscribe(group, [narrow])
    assert numbers(take(heir, 1)) == [3]
    heir.close()


def test_a_member_receives_more_before_committing(bus: Bus, narrow: str, group: str) -> None:
    bus.publish(messages(narrow, 6))
    member = bus.subscribe(group, [narrow])
    assert numbers([*take(member, 2), *take(member, 2), *take(member, 2)]) == list(range(6))
    member.close()


def test_waiting_ends_when_a_message_comes(bus: Bus, narrow: str, group: str) -> None:
    member = bus.subscribe(group, [narrow])
    later = Thread(target=bus.publish, args=(messages(narrow, 1),))
    later.start()
    assert numbers(take(member, 1)) == [0]
    later.join()
    member.close()


def test_waiting_ends_without_a_message(bus: Bus, narrow: str, group: str) -> None:
    member = bus.subscribe(group, [narrow])
    assert list(member.receive(10, 0.01)) == []
    member.close()


def test_consumers_share_the_messages_of_their_group(bus: Bus, wide: str, group: str) -> None:
    """R-EVT-18, R-OPS-08: more workers share the keys."""
    members = [bus.subscribe(group, [wide]) for _ in range(2)]
    shares: list[set[int]] = [set(), set()]
    first = 0
    while not all(shares):  # members join one by one, so at first one may get everything
        bus.publish(messages(wide, 40, keys=20, first=first))
        first += 40
        for member, share in zip(members, shares, strict=True):
            for each in (received := member.receive(100, 1.0)):
                share.add(each.partition)
            if received:
                try_done(member, list(received))
        shares = [share if len(share) < 4 else set() for share in shares]
    assert shares[0].isdisjoint(shares[1])
    for member in members:
        member.close()


def try_done(member: ConsumerSession, received: list[Delivery]) -> None:
    try:
        member.commit(received)
    except NotAssigned:
        return  # they are delivered again


def test_a_topic_is_read_outside_any_group(bus: Bus, wide: str, group: str) -> None:
    bus.publish(messages(wide, 20, keys=5))
    for _ in range(2):
        assert sorted(numbers(list(bus.read(wide)))) == list(range(20))


def test_a_message_without_a_value_deletes_its_key(bus: Bus, narrow: str) -> None:
    bus.publish([Message(narrow, "key", None)])
    (got,) = bus.read(narrow)
    assert got.message.value is None


def test_a_missing_topic_is_reported(bus: Bus, narrow: str, group: str) -> None:
    gone = Message("test.nobody-made-this", "key", b"1")
    with pytest.raises(TopicUnknown):
        bus.publish([*messages(narrow, 1), gone])
    with pytest.raises(TopicUnknown):
        bus.subscribe(group, [narrow, gone.topic])
    with pytest.raises(TopicUnknown):
        list(bus.read(gone.topic))
    assert list(bus.read(narrow)) == []  # no partial batch was sent


def test_a_message_too_large_for_kafka_is_refused_before_others_are_sent(
    of_kafka: Bus, narrow: str
) -> None:
    with pytest.raises(MessageTooLarge):
        of_kafka.publish([*messages(narrow, 1), Message(narrow, "key", b"x" * 900_001)])
    assert list(of_kafka.read(narrow)) == []


def test_the_largest_message_can_become_a_dead_letter(of_kafka: Bus, narrow: str) -> None:
    """R-EVT-19: with the error and its stack; otherwise the messages after it would wait."""
    largest = Message(narrow, "key", b"x" * 899_900)
    of_kafka.publish([largest])
    (delivery,) = of_kafka.read(narrow)
    mails = next(each for each in WORKERS if each.dead_letters)
    letter = to_dead_letter(delivery, mails, ValueError("Ж" * 500), attempts=3, at=AT)
    headers = (*letter.headers, ("kinelog_dead_stack", "Ж".encode() * 8000))
    of_kafka.publish([replace(letter, topic=narrow, headers=headers)])
    _, dead = of_kafka.read(narrow)
    assert dead.message.value == largest.value
    replayed = (*largest.headers, (REPLAYED_FOR, b"x" * 200))
    of_kafka.publish([replace(largest, headers=replayed)])
