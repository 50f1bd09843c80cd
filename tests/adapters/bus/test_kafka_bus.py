"""Failures that only Kafka has: broker outages, and members that die without leaving."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from kafka.partitioner.default import DefaultPartitioner

from adapters.bus.kafka.admin import KafkaTopics
from adapters.bus.kafka.bus import KafkaBus, _hash
from application.kernel.bus import BusUnavailable, ConsumerSession, Delivery, Message
from application.kernel.consumer import consumer_subscription
from application.kernel.dead_letters import list_dead_letters, purge, replay
from application.kernel.subscription import Backoff
from application.kernel.topics import Group, Topic
from tests.plugins.services import Service
from tests.waiting import wait_until
from tools.local_services.kafka import LocalKafka

PATIENCE_S = 90.0
DIE_AFTER_RECEIVING = """
import sys
from adapters.bus.kafka.bus import KafkaBus
member = KafkaBus(sys.argv[1]).subscribe(sys.argv[2], [sys.argv[3]])
received = []
while len(received) < 6:
    received += member.receive(6, 60.0)
member.commit(received[:2])
print("received", flush=True)
sys.stdin.read()
"""


PUBLISH_DESPITE_OUTAGE = """
import sys
from adapters.bus.kafka.bus import KafkaBus
from application.kernel.bus import BusUnavailable, Message
bus = KafkaBus(sys.argv[1], patience_s=1.0)

def publish(value):
    try:
        bus.publish([Message("kept", "key", value)])
    except BusUnavailable:
        return False
    return True

assert publish(b"0")
print("published", flush=True)
sys.stdin.readline()
assert not publish(b"1")
assert not publish(b"never sent"), "the one before it has not gone yet"
print("refused", flush=True)
sys.stdin.readline()
while not publish(b"2"):
    pass
print("published", flush=True)
"""


@dataclass(frozen=True)
class Talking:
    """Child process that prints a line at each step and waits for a line from the test."""

    process: "subprocess.Popen[str]"

    def hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        print(line, file=self.process.stdin, flush=True)


@contextmanager
def program(source: str, *words: str) -> Generator[Talking]:
    """Run a client in its own process, which the test may kill or expose to outages.

    While a broker is away, the library drops sockets that failed to connect without closing
    them, which counts as an error in the test process.
    """
    with subprocess.Popen(
        [sys.executable, "-c", source, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        try:
            yield Talking(process)
        finally:
            process.kill()


@pytest.fixture
def group(kafka: Service) -> Group:
    """Consumer group with a topic that only this test uses."""
    mark = secrets.token_hex(6)
    made = Group(f"test-{mark}", (f"test.{mark}",))
    kept = timedelta(hours=1)
    KafkaTopics(kafka.address).create(
        [Topic(made.topics[0], "", kept), Topic(made.dead_letters, "", kept, 1, compacted=True)]
    )
    return made


@pytest.fixture
def bus(kafka: Service) -> Iterator[KafkaBus]:
    made = KafkaBus(kafka.address)
    yield made
    made.close()


def messages(group: Group, *values: str) -> list[Message]:
    return [Message(group.topics[0], "key", value.encode()) for value in values]


def take(member: ConsumerSession, count: int) -> list[str]:
    taken: list[str] = []
    deadline = time.monotonic() + PATIENCE_S
    while len(taken) < count:
        assert time.monotonic() < deadline, f"only {taken} came"
        taken += [(each.message.value or b"").decode() for each in member.receive(100, 1.0)]
    return taken


@pytest.mark.slow
def test_uncommitted_messages_of_a_killed_member_go_to_another(
    kafka: Service, bus: KafkaBus, group: Group
) -> None:
    """R-EVT-16, C-07: at least once, although the member never left its group."""
    bus.publish(messages(group, *"abcdef"))
    with program(DIE_AFTER_RECEIVING, kafka.address, group.name, group.topics[0]) as member:
        assert member.hear() == "received"
        member.process.send_signal(signal.SIGKILL)
        member.process.wait()
    heir = bus.subscribe(group.name, group.topics)
    assert take(heir, 4) == list("cdef")
    heir.close()


def test_a_queue_skips_poison_and_retries_it_on_request(bus: KafkaBus, group: Group) -> None:
    """R-EVT-19"""
    seen: list[str] = []
    mended = Event()

    def handle(delivered: Delivery) -> None:
        value = (delivered.message.value or b"").decode()
        seen.append(value)
        if value == "poison" and not mended.is_set():
            raise ValueError(value)

    stop = Event()
    retry = Backoff(attempts=2, first_s=0.01)
    clock = lambda: datetime(2030, 1, 1, tzinfo=UTC)  # noqa: E731
    consumer = consumer_subscription(bus, group, handle, draw=lambda: 1.0, clock=clock, retry=retry)
    thread = Thread(target=consumer.run, args=(stop,))
    thread.start()
    try:
        bus.publish(messages(group, "a", "poison", "b"))
        wait_until(lambda: seen == ["a", "poison", "poison", "b"])
        (letter,) = list_dead_letters(bus, group)
        assert letter.message == messages(group, "poison")[0]
        assert letter.reason == "ValueError: poison"
        mended.set()
        replay(bus, group, [letter])
        wait_until(lambda: seen[4:] == ["poison"])
        assert list_dead_letters(bus, group) == ()
        purge(bus, group, [])
    finally:
        stop.set()
        thread.join()


@pytest.mark.slow
def test_a_restarted_broker_gets_pending_messages_once() -> None:
    """The producer is idempotent: a retried message is stored once."""
    topic = Topic("kept", "", timedelta(hours=1), 1)
    with LocalKafka() as broker:
        KafkaTopics(broker.bootstrap).create([topic])
        with program(PUBLISH_DESPITE_OUTAGE, broker.bootstrap) as publisher:
            assert publisher.hear() == "published"
            broker.kill()
            publisher.say("it is away")
            assert publisher.hear() == "refused"
            broker.start()
            publisher.say("it is back")
            assert publisher.hear() == "published"
        bus = KafkaBus(broker.bootstrap)
        assert [each.message.value for each in bus.read("kept")] == [b"0", b"1", b"2"]
        bus.close()


def test_a_missing_bus_is_reported(group: Group) -> None:
    bus = KafkaBus("127.0.0.1:1")
    with pytest.raises(BusUnavailable, match=r"127\.0\.0\.1:1"):
        bus.publish(messages(group, "a"))
    with pytest.raises(BusUnavailable):
        bus.subscribe(group.name, group.topics)
    bus.close()


@pytest.mark.parametrize("partitions", [1, 4, 7])
def test_a_key_lies_where_every_other_client_looks_for_it(partitions: int) -> None:
    class Cluster:
        def topics(self) -> set[str]:
            return {"topic"}

        def partitions_for_topic(self, topic: str) -> set[int]:
            return set(range(partitions))

        available_partitions_for_topic = partitions_for_topic

    for number in range(50):
        key = f"default/session-{number}".encode()
        usual = DefaultPartitioner().partition("topic", key, key, b"", b"", Cluster())
        assert _hash(key) % partitions == usual
