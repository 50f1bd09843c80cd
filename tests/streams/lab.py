"""A chaos round: a topic is filled while workers of one group fail at seeded times."""

import os
import random
import signal
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from adapters.bus.kafka.admin import KafkaTopics
from application.kernel.topics import PARTITIONS, TOPICS
from streams.topic_names import Topics
from tests.commands import Command
from tests.streams import worker_process

Way = Literal["kill", "terminate", "freeze"]
WAYS: tuple[Way, ...] = ("kill", "terminate", "freeze")
SESSION_TIMEOUT_S = 6.0
WITHIN_S = 240.0
REPOSITORY = Path(__file__).parents[2]
Outputs = dict[bytes, set[bytes]]


@dataclass(frozen=True)
class Blow:
    """The failure of one worker, and the time until it is back."""

    way: Way
    worker: int
    after_s: float
    back_after_s: float


@dataclass(frozen=True)
class Plan:
    """One round."""

    seed: int
    workers: int
    sessions: int
    chunks: int
    pace_s: float
    blows: tuple[Blow, ...]

    @classmethod
    def of(cls, seed: int, *, ways: tuple[Way, ...] = WAYS, heavy: bool = False) -> "Plan":
        """Choose everything from the seed; `heavy` is all at once, more than workers can handle."""
        chance = random.Random(seed)  # noqa: S311  not for secrets
        workers = chance.choice((2, 3))
        blows = tuple(
            Blow(
                way=ways[(seed + number) % len(ways)],
                worker=chance.randrange(workers),
                after_s=chance.uniform(3.0, 9.0) if heavy else chance.uniform(0.5, 12.0),
                back_after_s=chance.uniform(5.0, 12.0),
            )
            for number in range(chance.choice((1, 2)))
        )
        return cls(
            seed=seed,
            workers=workers,
            sessions=chance.randrange(100, 140) if heavy else chance.randrange(8, 25),
            chunks=100 if heavy else chance.randrange(40, 80),
            pace_s=0.0 if heavy else chance.choice((0.1, 0.2, 0.3)),
            blows=blows,
        )


def make_topics(bootstrap: str, names: Topics) -> None:
    """Create the declared topics under a prefix."""
    prefixed = [replace(topic, name=f"{names.prefix}{topic.name}") for topic in TOPICS]
    KafkaTopics(bootstrap).create(prefixed)


class Lab(ABC):
    """One round's topics, messages and workers on a Kafka."""

    work: str
    """The kind of worker that fails."""

    def __init__(self, bootstrap: str, plan: Plan, folder: Path, *options: str) -> None:
        self.bootstrap = bootstrap
        self.plan = plan
        self.folder = folder
        self.options = options
        self.topics = Topics(f"chaos-{self.work}-{plan.seed}-{time.time_ns()}.")
        self._workers: dict[int, Command] = {}
        make_topics(bootstrap, self.topics)

    @abstractmethod
    def send(self) -> None:
        """Fill the topic at the plan's pace."""

    @abstractmethod
    def unworked(self) -> Mapping[int, int]:
        """Return the number of pending messages of each partition."""

    @abstractmethod
    def differences(self) -> dict[str, int]:
        """Return the number of deviations from the expected results, by kind."""

    def close(self) -> None:  # noqa: B027  a round may hold nothing
        """Release the resources of the round."""

    def start(self, number: int) -> None:
        words = [
            *("--work", self.work, "--bootstrap", self.bootstrap, "--prefix", self.topics.prefix),
            *("--folder", str(self.folder / f"worker-{number}")),
            *("--partitions", str(PARTITIONS), "--session-timeout", str(SESSION_TIMEOUT_S)),
            *self.options,
        ]
        log = self.folder / f"{self.work}-{self.plan.seed}-{number}.log"
        self._workers[number] = Command(
            *words, environment=os.environ, errors=log, output=log, program=worker_process.main
        )

    def strike(self, blow: Blow) -> None:
        """Inject the failure into a worker, and bring the worker back."""
        time.sleep(blow.after_s)
        worker = self._workers[blow.worker]
        if blow.way == "freeze":
            worker.send_signal(signal.SIGSTOP)
            time.sleep(blow.back_after_s)
            worker.send_signal(signal.SIGCONT)
            return
        worker.send_signal(signal.SIGKILL if blow.way == "kill" else signal.SIGTERM)
        worker.wait(WITHIN_S)
        time.sleep(blow.back_after_s)
        self.start(blow.worker)

    def play(self) -> None:
        """Run the round until all messages are processed, then end the workers."""
        try:
            for number in range(self.plan.workers):
                self.start(number)
            sender = threading.Thread(target=self.send)
            sender.start()
            for blow in self.plan.blows:
                self.strike(blow)
            sender.join()
            self._wait_until(lambda: not any(self.unworked().values()))
        finally:
            self._end()

    def _wait_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not condition():
            crashed = {number: worker.poll() for number, worker in self._workers.items()}
            assert time.monotonic() < deadline, (self.unworked(), crashed, self.folder)
            time.sleep(1.0)

    def _end(self) -> None:
        for worker in self._workers.values():
            worker.send_signal(signal.SIGCONT)
            worker.terminate()
        for worker in self._workers.values():
            worker.wait(WITHIN_S)

    @contextmanager
    def producer(self) -> Iterator[Any]:
        """Yield a producer, and flush it afterwards."""
        producer = KafkaProducer(bootstrap_servers=self.bootstrap, acks="all")
        try:
            yield producer
            producer.flush()
        finally:
            producer.close()

    def ends(self, topic: str) -> dict[int, int]:
        with self._consumer(topic) as (consumer, partitions):
            return {tp.partition: end for tp, end in consumer.end_offsets(partitions).items()}

    def read(self, topic: str, after: Mapping[int, int] | None = None) -> list[Any]:
        """Read all records of a topic, or those from these offsets on; partitions are in order."""
        with self._consumer(topic) as (consumer, partitions):
            for tp in partitions:
                consumer.seek(tp, (after or {}).get(tp.partition, 0))
            ends = consumer.end_offsets(partitions)
            records: list[Any] = []
            while any(consumer.position(tp) < end for tp, end in ends.items()):
                for batch in consumer.poll(timeout_ms=500).values():
                    records += batch
            return records

    @contextmanager
    def _consumer(self, topic: str) -> Iterator[tuple[Any, list[Any]]]:
        consumer = KafkaConsumer(bootstrap_servers=self.bootstrap, check_crcs=False)
        try:
            found = sorted(consumer.partitions_for_topic(topic) or ())
            partitions = [TopicPartition(topic, partition) for partition in found]
            consumer.assign(partitions)
            yield consumer, partitions
        finally:
            consumer.close()


def by_id(records: list[Any]) -> Outputs:
    """Group values by the id in their headers; repeated messages must have the same value."""
    found: Outputs = {}
    for record in records:
        found.setdefault(dict(record.headers)["id"], set()).add(record.value)
    return found


def by_place(records: list[Any]) -> Outputs:
    """Group dead letters by their key, the position of the message."""
    found: Outputs = {}
    for record in records:
        found.setdefault(record.key, set()).add(record.value)
    return found


def place(record: Any) -> bytes:
    """Return the position of a record."""
    return f"{record.topic}/{record.partition}/{record.offset}".encode()


def compare(found: Outputs, expected: Outputs) -> dict[str, int]:
    """Count missing, unexpected, and different values."""
    return {
        "lost": len(expected.keys() - found.keys()),
        "invented": len(found.keys() - expected.keys()),
        "other": sum(found[name] != expected[name] for name in found.keys() & expected.keys()),
    }
