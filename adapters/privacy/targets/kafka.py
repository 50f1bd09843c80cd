"""Erasure and PII scan targets in Kafka: dead letters, and topics with retention."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

from adapters.bus.kafka import client
from adapters.bus.kafka.client import failures, library
from adapters.bus.kafka.config import Kafka
from application.kernel.bus import Bus, Delivery, Message
from application.kernel.dead_letters import PREFIX
from application.kernel.ports import Clock
from application.kernel.topics import DEAD_LETTER_TOPICS, EVENT_TOPICS, TOPICS
from application.privacy.pii_scan import IdMatcher, Part
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step

INTERNAL: Final = "__"
"""Prefix of Kafka's own topics: group offsets and transactions."""

_OF_EVENTS: Final = frozenset(topic.name for topic in EVENT_TOPICS)
"""Topics whose keys name streams. Those of other topics name sessions."""


def topics_of(bootstrap: Kafka) -> list[str]:
    """Return all topics but Kafka's own. Raises BusUnavailable."""
    with failures(bootstrap), closing(client.admin(bootstrap)) as admin:
        return sorted(name for name in admin.list_topics() if not name.startswith(INTERNAL))


@dataclass(frozen=True)
class KafkaTopicsPlace:
    """Scan target: every message of every topic, with key and headers."""

    name: str
    bootstrap: Kafka
    bus: Bus

    def parts(self) -> Iterator[Part]:
        of_dead_letters = {topic.name for topic in DEAD_LETTER_TOPICS}
        for topic in topics_of(self.bootstrap):
            yield Part(
                topic,
                _messages(self.bus, topic),
                has_records=True,
                has_dead_letters=topic in of_dead_letters,
            )


def _messages(bus: Bus, topic: str) -> Iterator[bytes]:
    for delivered in bus.read(topic):
        yield _content_of(delivered.message) + b"\n"


def _content_of(sent: Message) -> bytes:
    headers = (content for header in sent.headers for content in (header[0].encode(), header[1]))
    return b"\n".join((sent.key.encode(), sent.value or b"", *headers))


@dataclass(frozen=True)
class DeadLetters:
    """Erasure target: a person's dead letters, and others of the tenant that name their account id.

    Letters of other people stay, also if they contain an identifying term: they are facts that can
    still be replayed. So do those that contain an id of a session, recording or workout elsewhere
    than in their key, because clients choose these ids: it could be a word, or the id of somebody
    else. Error details are not searched.

    The other letters are published again under their keys, then all previous records are deleted.
    Repeated letters have the same key, so consumers see each only once.
    """

    bootstrap: Kafka
    bus: Bus
    step: Step = "dead_letters"

    def count(self, subject: SubjectData) -> int:
        return sum(len(self._split(name, subject)[0]) for name in self._topics())

    def remove(self, subject: SubjectData) -> int:
        removed = 0
        for name in self._topics():
            theirs, others = self._split(name, subject)
            if theirs:
                self._republish(others)
                self._delete(name, [*theirs, *others])
            removed += len(theirs)
        return removed

    def _topics(self) -> list[str]:
        existing = topics_of(self.bootstrap)
        return [topic.name for topic in DEAD_LETTER_TOPICS if topic.name in existing]

    def _split(self, topic: str, subject: SubjectData) -> tuple[list[Delivery], list[Delivery]]:
        account = IdMatcher(replace(subject, sessions=(), recordings=(), workouts=(), others=()))
        streams, sessions = frozenset(subject.streams), frozenset[str](subject.sessions)
        theirs: list[Delivery] = []
        others: list[Delivery] = []
        for delivered in self.bus.read(topic):
            letter = delivered.message
            tenant, _, name = (letter.header(f"{PREFIX}key") or "").partition("/")
            is_event = letter.header(f"{PREFIX}topic") in _OF_EVENTS
            is_theirs = tenant == subject.tenant_id and (
                name in (streams if is_event else sessions) or account.is_in(letter.value or b"")
            )
            (theirs if is_theirs else others).append(delivered)
        return theirs, others

    def _republish(self, others: Sequence[Delivery]) -> None:
        """Republish the newest message of each key, including tombstones."""
        newest = {each.message.key: each.message for each in others}
        if newest:
            self.bus.publish(list(newest.values()))

    def _delete(self, topic: str, seen: Sequence[Delivery]) -> None:
        before: dict[int, int] = {}
        for each in seen:
            before[each.partition] = max(before.get(each.partition, 0), each.offset + 1)
        offsets = {library.TopicPartition(topic, number): end for number, end in before.items()}
        with failures(self.bootstrap), closing(client.admin(self.bootstrap)) as admin:
            admin.delete_records(offsets)


@dataclass(frozen=True)
class KafkaRetention:
    """Retained data: topics whose messages expire, with encrypted events and unnamed landmarks.

    Brokers keep the bytes of deleted dead letters until their segment is deleted.
    """

    clock: Clock

    def describe(self, subject: SubjectData) -> Sequence[Mapping[str, str]]:
        del subject
        return [
            {
                "in": f"Kafka topic {topic.name}",
                "holds": topic.holds,
                "until": (self.clock() + topic.kept).isoformat().replace("+00:00", "Z"),
            }
            for topic in TOPICS
        ]
