"""Topics are made before anybody uses them: as they are declared, once, and never made smaller."""

from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal

from adapters.bus.kafka import client
from adapters.bus.kafka.client import errors, failures
from adapters.bus.kafka.config import Kafka
from application.kernel.topics import Topic

State = Literal["missing", "as declared", "narrower", "wider"]

CLUSTER_DEFAULT: Final = -1
"""The replication factor that the cluster is configured with."""
SMALL_SEGMENT_BYTES: Final = 64 * 1024 * 1024
ALREADY_EXISTS: Final = 36
"""TOPIC_ALREADY_EXISTS: https://kafka.apache.org/protocol#protocol_error_codes"""


@dataclass(frozen=True, slots=True)
class TopicStatus:
    """A declared topic, and how many partitions Kafka has of it: 0 where it is missing."""

    topic: Topic
    partitions: int

    @property
    def state(self) -> State:
        """How the topic differs from what is declared. A wider one is left as it is."""
        if self.partitions == 0:
            return "missing"
        if self.partitions == self.topic.partitions:
            return "as declared"
        return "narrower" if self.partitions < self.topic.partitions else "wider"


class KafkaTopics:
    """Looks at topics and makes them. Raises BusUnavailable."""

    def __init__(self, bootstrap: Kafka, *, replication: int = CLUSTER_DEFAULT) -> None:
        self._bootstrap = bootstrap
        self._replication = replication

    def status(self, topics: Sequence[Topic]) -> tuple[TopicStatus, ...]:
        """Compare declared topics with those there are."""
        with self._admin() as admin:
            return _status(admin, topics)

    def create(self, topics: Sequence[Topic], *, grow: bool = False) -> tuple[TopicStatus, ...]:
        """Make the topics that are missing, and tell how each declared one stands afterwards.

        With `grow`, narrower ones get more partitions. That moves keys to other partitions, where
        later messages may be read before earlier ones: let consumers finish what is there first.
        """
        with self._admin() as admin:
            before = _status(admin, topics)
            missing = [each.topic for each in before if each.state == "missing"]
            narrow = [each.topic for each in before if grow and each.state == "narrower"]
            if missing:
                wanted = {topic.name: self._wanted(topic) for topic in missing}
                _raise_unless_there(admin.create_topics(wanted, raise_errors=False))
                admin.wait_for_topics(list(wanted))
            if narrow:
                admin.create_partitions({topic.name: topic.partitions for topic in narrow})
            return _status(admin, topics)

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
    """Kafka's settings: https://kafka.apache.org/documentation/#topicconfigs.

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


def _status(admin: Any, topics: Sequence[Topic]) -> tuple[TopicStatus, ...]:
    partitions = {each["name"]: len(each["partitions"]) for each in admin.describe_topics()}
    return tuple(TopicStatus(topic, partitions.get(topic.name, 0)) for topic in topics)


def _raise_unless_there(answer: dict[str, Any]) -> None:
    """Raise what Kafka refused; that somebody else made a topic meanwhile is no refusal."""
    for topic in answer["topics"]:
        if topic["error_code"] not in {0, ALREADY_EXISTS}:
            raise errors.for_code(topic["error_code"])(f"{topic['name']}: {topic['error_message']}")
