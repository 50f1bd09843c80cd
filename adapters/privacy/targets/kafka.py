"""What Kafka holds: topics from which nothing can be taken out by name, and dead letters."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from adapters.bus.kafka import client
from adapters.bus.kafka.client import failures, library
from adapters.bus.kafka.config import Kafka
from application.kernel.bus import Bus, Delivery, Message
from application.kernel.dead_letters import PREFIX
from application.kernel.ports import Clock
from application.kernel.topics import DEAD_LETTER_TOPICS, TOPICS
from application.privacy.pii_scan import Part
from application.privacy.pii_terms import TermMatcher
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step

INTERNAL: Final = "__"
"""Kafka's own topics begin so: positions of groups, and transactions."""


def topics_of(bootstrap: Kafka) -> list[str]:
    """Name all topics there are but Kafka's own. Raises BusUnavailable."""
    with failures(bootstrap), closing(client.admin(bootstrap)) as admin:
        return sorted(name for name in admin.list_topics() if not name.startswith(INTERNAL))


@dataclass(frozen=True)
class KafkaTopicsPlace:
    """A `Place`: every message of every topic with its key and its headers."""

    name: str
    bootstrap: Kafka
    bus: Bus

    def parts(self) -> Iterator[Part]:
        for topic in topics_of(self.bootstrap):
            yield Part(topic, _messages(self.bus, topic))


def _messages(bus: Bus, topic: str) -> Iterator[bytes]:
    for delivered in bus.read(topic):
        yield _whole(delivered.message) + b"\n"


def _whole(sent: Message) -> bytes:
    headers = (content for header in sent.headers for content in (header[0].encode(), header[1]))
    return b"\n".join((sent.key.encode(), sent.value or b"", *headers))


@dataclass(frozen=True)
class DeadLetters:
    """A person's dead letters, and those of their tenant whose messages say something of them.

    How a message failed tells nothing of whom it is about: stacks are full of words. `vocabulary`
    are the platform's own words, which are nobody's.

    The others are sent once more under their keys, which are the places where they lay; then all
    that lay before is deleted. A letter told twice is one letter, so nobody notices.
    """

    bootstrap: Kafka
    bus: Bus
    vocabulary: frozenset[str]
    step: Step = "dead_letters"

    def count(self, whose: SubjectData) -> int:
        return sum(len(self._split(name, whose)[0]) for name in self._topics())

    def remove(self, whose: SubjectData) -> int:
        removed = 0
        for name in self._topics():
            theirs, others = self._split(name, whose)
            if theirs:
                self._keep(others)
                self._delete(name, [*theirs, *others])
            removed += len(theirs)
        return removed

    def _topics(self) -> list[str]:
        there = topics_of(self.bootstrap)
        return [topic.name for topic in DEAD_LETTER_TOPICS if topic.name in there]

    def _split(self, topic: str, whose: SubjectData) -> tuple[list[Delivery], list[Delivery]]:
        matcher = TermMatcher(whose.terms, self.vocabulary)
        keys = {f"{whose.tenant_id}/{each}" for each in (*whose.streams, *whose.sessions)}
        theirs: list[Delivery] = []
        others: list[Delivery] = []
        for delivered in self.bus.read(topic):
            key = delivered.message.header(f"{PREFIX}key") or ""
            says = key.partition("/")[0] == whose.tenant_id and bool(
                matcher.search([delivered.message.value or b""])[0]
            )
            (theirs if key in keys or says else others).append(delivered)
        return theirs, others

    def _keep(self, others: Sequence[Delivery]) -> None:
        """Send the newest message of each key again, also one that takes a letter back."""
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
    """Topics whose messages end by themselves: sealed events, and landmarks without a name.

    Of dead letters that were deleted, brokers keep the bytes until a segment ends.
    """

    clock: Clock

    def left(self, whose: SubjectData) -> Sequence[Mapping[str, str]]:
        del whose
        return [
            {
                "in": f"Kafka topic {topic.name}",
                "holds": topic.holds,
                "until": (self.clock() + topic.kept).isoformat().replace("+00:00", "Z"),
            }
            for topic in TOPICS
        ]
