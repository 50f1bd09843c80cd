"""Consumer session on Kafka: a member of a consumer group that commits its own offsets."""

from collections.abc import Sequence
from typing import Any, Final

from adapters.bus.kafka import client
from adapters.bus.kafka.client import errors, failures, library
from adapters.bus.kafka.config import Kafka
from application.kernel.bus import Delivery, Message, NotAssigned

SILENCE_MS: Final = 10_000
"""Session timeout: after this silence a member is dead, and its partitions go to the others."""
WORK_MS: Final = 15 * 60_000
"""Longest processing time of one poll: 50 messages, each with all its retries."""


class KafkaConsumerSession:
    """A `ConsumerSession`. It prefetches messages and commits offsets in Kafka."""

    def __init__(self, bootstrap: Kafka, group: str, topics: Sequence[str]) -> None:
        self._bootstrap = bootstrap
        self._consumer: Any = client.consumer(
            bootstrap,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=SILENCE_MS,
            heartbeat_interval_ms=SILENCE_MS // 3,
            max_poll_interval_ms=WORK_MS,
        )
        self._consumer.subscribe(topics=list(topics))

    def receive(self, limit: int, timeout_s: float) -> Sequence[Delivery]:
        with failures(self._bootstrap):
            batches = self._consumer.poll(timeout_ms=int(timeout_s * 1000), max_records=limit)
        return [delivered(record) for records in batches.values() for record in records]

    def commit(self, delivered: Sequence[Delivery]) -> None:
        offsets: dict[Any, Any] = {}
        for each in delivered:
            partition = library.TopicPartition(each.message.topic, each.partition)
            committed = offsets.get(partition)
            following = (
                each.offset + 1 if committed is None else max(committed.offset, each.offset + 1)
            )
            offsets[partition] = library.OffsetAndMetadata(following, "", -1)
        moved = (errors.CommitFailedError, errors.IllegalGenerationError,
                 errors.UnknownMemberIdError, errors.RebalanceInProgressError)  # fmt: skip
        with failures(self._bootstrap):
            try:
                self._consumer.commit(offsets)
            except moved as lost:
                raise NotAssigned from lost

    def close(self) -> None:
        self._consumer.close(autocommit=False)


def delivered(record: Any) -> Delivery:
    """Convert a record of the library to a message of the port."""
    sent = Message(
        topic=record.topic,
        key=(record.key or b"").decode(errors="replace"),
        value=record.value,
        headers=tuple((name, content or b"") for name, content in record.headers),
    )
    return Delivery(sent, record.partition, record.offset)
