"""Kafka gauges read on scrape: consumer lag and dead letters of each group."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, Final

from adapters.bus.kafka import client
from adapters.bus.kafka.client import failures
from adapters.bus.kafka.config import Kafka
from application.kernel.bus import Bus
from application.kernel.dead_letters import list_dead_letters
from application.kernel.metrics import Gauge, ReadGauges
from application.kernel.topics import Group

LATEST: Final = -1
"""Timestamp that requests the end of a partition: https://kafka.apache.org/protocol"""


def consumer_lags(bootstrap: Kafka, groups: Sequence[Group]) -> ReadGauges:
    """Measure the lag of each group in messages, by the offsets committed in Kafka.

    A group that never worked has none. Live workers keep their offsets elsewhere, and report their
    own lag.
    """

    def read() -> Iterator[Gauge]:
        with failures(bootstrap), closing(client.admin(bootstrap)) as admin:
            done = _done(admin, groups)
            topics = {partition for offsets in done.values() for partition in offsets}
            ends = admin.list_partition_offsets(dict.fromkeys(topics, LATEST))
        for group, offsets in done.items():
            for partition, offset in offsets.items():
                labels = {
                    "group": group,
                    "topic": partition.topic,
                    "partition": str(partition.partition),
                }
                behind = max(0, ends[partition].offset - offset)
                yield Gauge("kinelog_consumer_lag", behind, labels)

    return read


def _done(admin: Any, groups: Sequence[Group]) -> dict[str, dict[Any, int]]:
    """Return the next offset of each group and partition that has one."""
    offsets_of = admin.list_group_offsets([group.name for group in groups])
    return {
        group: {tp: kept.offset for tp, kept in offsets.items() if kept.offset >= 0}
        for group, offsets in offsets_of.items()
    }


def dead_letters(bootstrap: Kafka, bus: Bus, groups: Sequence[Group]) -> ReadGauges:
    """Count the dead letters of each group; a topic is read again when it has grown."""
    counted: dict[str, tuple[int, int]] = {}

    def read() -> Iterator[Gauge]:
        with failures(bootstrap), closing(client.admin(bootstrap)) as admin:
            existing = set(admin.list_topics())
            topics = [group.dead_letters for group in groups if group.dead_letters in existing]
            requests = {
                client.library.TopicPartition(topic, partition["partition_index"]): LATEST
                for description in admin.describe_topics(topics)
                for topic in [description["name"]]
                for partition in description["partitions"]
            }
            offsets = admin.list_partition_offsets(requests)
        ends: dict[str, int] = {}
        for partition, at in offsets.items():
            ends[partition.topic] = ends.get(partition.topic, 0) + at.offset
        for group in groups:
            end = ends.get(group.dead_letters)
            if end is None:
                continue
            if counted.get(group.name, (-1, 0))[0] != end:
                counted[group.name] = (end, len(list_dead_letters(bus, group)) if end else 0)
            yield Gauge("kinelog_dead_letters", counted[group.name][1], {"group": group.name})

    return read
