"""Message bus in one process's memory, with every guarantee of the port."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Condition
from zlib import crc32

from application.kernel.bus import Delivery, Message, NotAssigned, TopicUnknown
from application.kernel.topics import Topic

Place = tuple[str, int]
"""A topic and one of its partitions."""


@dataclass
class _Group:
    """Members and committed offsets of a group. `generation` rises when members join or leave."""

    generation: int = 0
    members: list["InProcessConsumerSession"] = field(
        default_factory=list["InProcessConsumerSession"]
    )
    done: dict[Place, int] = field(default_factory=dict[Place, int])


class InProcessBus:
    """A `Bus` in memory with the given topics. Any thread may use it.

    Its subscriptions read `partitions` while they hold `changed`.
    """

    def __init__(self, topics: Sequence[Topic]) -> None:
        self.changed = Condition()
        self._groups: dict[str, _Group] = {}
        self.partitions = {
            topic.name: [list[Delivery]() for _ in range(topic.partitions)] for topic in topics
        }

    def publish(self, messages: Sequence[Message]) -> None:
        self._require({message.topic for message in messages})
        with self.changed:
            for message in messages:
                partitions = self.partitions[message.topic]
                number = crc32(message.key.encode()) % len(partitions)
                partition = partitions[number]
                partition.append(Delivery(message, number, len(partition)))
            self.changed.notify_all()

    def subscribe(self, group: str, topics: Sequence[str]) -> "InProcessConsumerSession":
        self._require(topics)
        with self.changed:
            joined = self._groups.setdefault(group, _Group())
            member = InProcessConsumerSession(self, joined, tuple(topics))
            joined.members.append(member)
            joined.generation += 1
            self.changed.notify_all()
        return member

    def read(self, topic: str) -> Iterator[Delivery]:
        self._require([topic])
        with self.changed:
            now = [delivered for partition in self.partitions[topic] for delivered in partition]
        yield from now

    def _require(self, topics: Sequence[str] | set[str]) -> None:
        for topic in topics:
            if topic not in self.partitions:
                raise TopicUnknown(f"There is no topic {topic!r}.")


class InProcessConsumerSession:
    """A member of a group. Partitions are assigned to members round-robin."""

    def __init__(self, bus: InProcessBus, group: _Group, topics: tuple[str, ...]) -> None:
        self._bus = bus
        self._group = group
        self.topics = topics
        self._generation = -1
        self._next: dict[Place, int] = {}

    def receive(self, limit: int, timeout_s: float) -> Sequence[Delivery]:
        with self._bus.changed:
            return self._bus.changed.wait_for(lambda: self._take(limit), timeout_s)

    def commit(self, delivered: Sequence[Delivery]) -> None:
        with self._bus.changed:
            if self._generation != self._group.generation:
                raise NotAssigned
            for each in delivered:
                place = (each.message.topic, each.partition)
                self._group.done[place] = max(self._group.done.get(place, 0), each.offset + 1)

    def close(self) -> None:
        with self._bus.changed:
            if self in self._group.members:
                self._group.members.remove(self)
                self._group.generation += 1
                self._bus.changed.notify_all()

    def _take(self, limit: int) -> list[Delivery]:
        """Take available messages of our partitions, a fair share of each."""
        if self._generation != self._group.generation:
            self._generation = self._group.generation
            self._next = {place: self._group.done.get(place, 0) for place in self._ours()}
        deliveries: list[Delivery] = []
        for (topic, number), after in self._next.items():
            partition = self._bus.partitions[topic][number]
            part = partition[after : after + limit - len(deliveries)]
            self._next[topic, number] = after + len(part)
            deliveries += part
        return deliveries

    def _ours(self) -> list[Place]:
        members = [member for member in self._group.members if member.topics == self.topics]
        if self not in members:
            return []
        places = [
            (topic, number)
            for topic in self.topics
            for number in range(len(self._bus.partitions[topic]))
        ]
        return places[members.index(self) :: len(members)]
