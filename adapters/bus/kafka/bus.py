"""Message bus on Kafka, between processes and machines.

Messages are acknowledged by all in-sync replicas and sent by an idempotent producer: while this
process lives, nothing is lost, duplicated or reordered, whatever brokers do. A producer that died
may leave the last messages to be sent again.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any, Final

from adapters.bus.kafka import client
from adapters.bus.kafka.client import errors, failures, library, murmur2
from adapters.bus.kafka.config import Kafka
from adapters.bus.kafka.consumer import KafkaConsumerSession, delivered
from application.kernel.bus import Delivery, Message, MessageTooLarge, TopicUnknown
from application.kernel.dead_letters import PREFIX, REPLAYED_FOR

BATCH_BYTES: Final = 256 * 1024
"""Bytes per batch to a partition; well below the default limit of a topic, 1 MiB."""
LARGEST_BYTES: Final = 900_000
"""The largest message, key and headers included: with its batch it fits into 1 MiB."""
REPORT_BYTES: Final = 40_000
"""What a dead letter adds to its message at most: the error, and where it happened. Its replay adds
less."""
NEVER_MS: Final = 2**31 - 1
"""24 days. If the producer gave up on a message, later ones would be delivered without it."""
HEADER_OVERHEAD: Final = 10
KEYS: Final = 50_000


@lru_cache(maxsize=KEYS)
def _hash(key: bytes) -> int:
    """Hash a key as all Kafka clients do by default. Cached, because it is slow."""
    return int(murmur2(key)) & 0x7FFF_FFFF


class KafkaBus:
    """A `Bus` on a Kafka cluster, whose topics exist. Any thread may use it.

    `publish` waits at most `patience_s` seconds for acknowledgements. It connects on first use.
    """

    def __init__(self, bootstrap: Kafka, *, patience_s: float = 30.0) -> None:
        self._bootstrap = bootstrap
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._producer: Any = None
        self._verified_topics: set[str] = set()

    def close(self) -> None:
        """Close the connections. Messages not acknowledged by then may or may not be in Kafka."""
        with self._lock:
            if self._producer is not None:
                try:
                    self._producer.close(timeout=1)
                except errors.KafkaTimeoutError:
                    self._producer.close(timeout=0)
                self._producer = None

    def publish(self, messages: Sequence[Message]) -> None:
        with self._lock, failures(self._bootstrap):
            _require_sizes(messages)
            topics = {message.topic for message in messages}
            if (
                not topics <= self._verified_topics
            ):  # the producer would wait long for a missing topic
                self._require(topics)
                self._verified_topics |= topics
            producer = self._connected()
            partitions = {topic: len(producer.partitions_for(topic)) for topic in topics}
            # Messages of an earlier call that timed out are still in flight, and go first.
            producer.flush(timeout=self._patience_s)
            sent = [_send(producer, message, partitions[message.topic]) for message in messages]
            producer.flush(timeout=self._patience_s)
            for future in sent:
                if future.exception is not None:
                    raise future.exception

    def subscribe(self, group: str, topics: Sequence[str]) -> KafkaConsumerSession:
        with failures(self._bootstrap):
            self._require(topics)
            return KafkaConsumerSession(self._bootstrap, group, topics)

    def read(self, topic: str) -> Iterator[Delivery]:
        with (
            failures(self._bootstrap),
            closing(client.consumer(self._bootstrap, enable_auto_commit=False)) as consumer,
        ):
            yield from _read(consumer, topic, self._patience_s)

    def _require(self, topics: Iterable[str]) -> None:
        """Raise TopicUnknown if one of the topics does not exist."""
        with closing(client.admin(self._bootstrap)) as admin:
            missing = set(topics).difference(admin.list_topics())
        if missing:
            raise TopicUnknown(f"Kafka at {self._bootstrap} has no topic {min(missing)!r}.")

    def _connected(self) -> Any:
        if self._producer is None:
            self._producer = client.producer(
                self._bootstrap,
                acks="all",
                enable_idempotence=True,
                delivery_timeout_ms=NEVER_MS,
                batch_size=BATCH_BYTES,
                linger_ms=5,
                max_request_size=LARGEST_BYTES + BATCH_BYTES,
                max_block_ms=client.PATIENCE_MS,
            )
        return self._producer


def _send(producer: Any, message: Message, partitions: int) -> Any:
    key = message.key.encode()
    return producer.send(
        message.topic,
        value=message.value,
        key=key,
        headers=list(message.headers),
        partition=_hash(key) % partitions,
    )


def _require_sizes(messages: Sequence[Message]) -> None:
    """Raise MessageTooLarge before anything is sent."""
    for message in messages:
        size = len(message.value or b"")
        if size > LARGEST_BYTES // 2:  # few are, and only those are measured exactly
            size += len(message.key.encode()) + HEADER_OVERHEAD
            size += sum(len(name) + len(text) + HEADER_OVERHEAD for name, text in message.headers)
        has_failed = any(
            name == REPLAYED_FOR or name.startswith(PREFIX) for name, _ in message.headers
        )
        largest = LARGEST_BYTES + REPORT_BYTES * has_failed
        if size > largest:
            raise MessageTooLarge(
                f"The message {message.key!r} for {message.topic} has {size} bytes;"
                f" at most {largest} can be sent."
            )


def _read(consumer: Any, topic: str, patience_s: float) -> Iterator[Delivery]:
    numbers = consumer.partitions_for_topic(topic)
    if not numbers:
        raise TopicUnknown(f"There is no topic {topic!r}.")
    partitions = [library.TopicPartition(topic, number) for number in sorted(numbers)]
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    while any(consumer.position(each) < ends[each] for each in partitions):
        batches = consumer.poll(timeout_ms=int(patience_s * 1000))
        if not batches:
            raise errors.KafkaTimeoutError(f"nothing came for {patience_s:.0f} s")
        for partition, records in batches.items():
            yield from (delivered(record) for record in records if record.offset < ends[partition])
