"""Kafka topics: created as declared before first use, and never shrunk."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal

from adapters.bus.kafka import client
from adapters.bus.kafka.client import errors, failures, library
from adapters.bus.kafka.config import Kafka
from application.kernel.topics import Topic

State = Literal["missing", "as declared", "narrower", "wider", "other settings"]

CLUSTER_DEFAULT: Final = -1
"""Requests the replication factor that the cluster is configured with."""
SMALL_SEGMENT_BYTES: Final = 64 * 1024 * 1024
ALREADY_EXISTS: Final = 36
"""TOPIC_ALREADY_EXISTS: https://kafka.apache.org/protocol#protocol_error_codes"""


@dataclass(frozen=True, slots=True)
class TopicStatus:
    """A declared topic and its number of partitions in Kafka: 0 if it is missing.

    `other_settings` are the names of those that differ, if they were compared.
    """

    topic: Topic
    partitions: int
    other_settings: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """Difference from the declaration. Extra partitions are left as they are."""
        if self.partitions == 0:
            return "missing"
        if self.partitions == self.topic.partitions:
            return "other settings" if self.other_settings else "as declared"
        return "narrower" if self.partitions < self.topic.partitions else "wider"


class KafkaTopics:
    """Inspect and create topics. Raises BusUnavailable."""

    def __init__(self, bootstrap: Kafka, *, replication: int = CLUSTER_DEFAULT) -> None:
        self._bootstrap = bootstrap
        self._replication = replication

    def status(
        self, topics: Sequence[Topic], *, with_settings: bool = False
    ) -> tuple[TopicStatus, ...]:
        """Compare declared topics with existing ones, also their settings if requested."""
        with self._admin() as admin:
            return _status(admin, topics, with_settings=with_settings)

    def create(
        self, topics: Sequence[Topic], *, grow: bool = False, configure: bool = False
    ) -> tuple[TopicStatus, ...]:
        """Create missing topics and return the resulting status of each declared one.

        With `configure`, existing topics get the declared settings.

        With `grow`, topics with fewer partitions get more. That moves keys to other partitions,
        where later messages may be read before earlier ones: let consumers finish the existing
        messages first.
        """
        with self._admin() as admin:
            before = _status(admin, topics, with_settings=configure)
            missing = [each.topic for each in before if each.state == "missing"]
            narrow = [each.topic for each in before if grow and each.state == "narrower"]
            if missing:
                new_topics = {topic.name: self._wanted(topic) for topic in missing}
                _raise_unless_there(admin.create_topics(new_topics, raise_errors=False))
                admin.wait_for_topics(list(new_topics))
            if narrow:
                admin.create_partitions({topic.name: topic.partitions for topic in narrow})
            for each in before:
                if each.other_settings:
                    _configure(admin, each)
            return _status(admin, topics, with_settings=True)

    def _wanted(self, topic: Topic) -> dict[str, Any]:
        return {
            "num_partitions": topic.partitions,
            "replication_factor": self._replication,
            "configs": _settings(topic),
        }

    @contextmanager
    def _admin(self) -> Generator[Any]:
        with failures(self._bootstrap), closing(client.admin(self._bootstrap)) as admin:
            yield admin


def _settings(topic: Topic) -> dict[str, str]:
    """Return Kafka's topic settings: https://kafka.apache.org/documentation/#topicconfigs.

    A message is compacted only once its segment is closed, and most of a partition is new again
    before the default share of it is. So where a topic is to be compacted soon, segments are small
    and none is open for longer than messages have to wait anyway.
    """
    settings = {
        "cleanup.policy": "compact,delete" if topic.compacted else "delete",
        "retention.ms": _milliseconds(topic.kept),
    }
    if topic.compacted_after:
        settings |= {
            "min.compaction.lag.ms": _milliseconds(topic.compacted_after),
            "segment.ms": _milliseconds(topic.compacted_after),
            "segment.bytes": str(SMALL_SEGMENT_BYTES),
            "min.cleanable.dirty.ratio": "0.1",
        }
    return settings


def _milliseconds(time: timedelta) -> str:
    return str(time // timedelta(milliseconds=1))


def _status(admin: Any, topics: Sequence[Topic], *, with_settings: bool) -> tuple[TopicStatus, ...]:
    partitions = {each["name"]: len(each["partitions"]) for each in admin.describe_topics()}
    existing = [topic.name for topic in topics if topic.name in partitions]
    settings: Mapping[str, Any] = {}
    if with_settings and existing:
        settings = _describe(admin, existing)
    return tuple(
        TopicStatus(
            topic,
            partitions.get(topic.name, 0),
            tuple(
                name
                for name, value in _settings(topic).items()
                if name in settings.get(topic.name, {})
                and _parts(settings[topic.name][name]["value"]) != _parts(value)
            ),
        )
        for topic in topics
    )


def _describe(admin: Any, names: Sequence[str]) -> Mapping[str, Any]:
    """Return the settings of topics; of one that we may not describe, none."""
    kind = library.admin.ConfigResourceType.TOPIC
    resources = [library.admin.ConfigResource(kind, name) for name in names]
    settings: Mapping[str, Any] = admin.describe_configs(resources, config_filter="all")["topic"]
    return settings


def _configure(admin: Any, topic: TopicStatus) -> None:
    """Give a topic the declared values of the settings that differ."""
    declared = _settings(topic.topic)
    values = {name: declared[name] for name in topic.other_settings}
    kind = library.admin.ConfigResourceType.TOPIC
    admin.alter_configs([library.admin.ConfigResource(kind, topic.topic.name, values)])


def _parts(value: str) -> set[str]:
    """Return the parts of a list, whose order does not matter."""
    return set(value.split(","))


def _raise_unless_there(answer: dict[str, Any]) -> None:
    """Raise Kafka's error, unless it only says that the topic has been created meanwhile."""
    for topic in answer["topics"]:
        if topic["error_code"] not in {0, ALREADY_EXISTS}:
            raise errors.for_code(topic["error_code"])(f"{topic['name']}: {topic['error_message']}")
