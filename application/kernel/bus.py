"""Messages travel over a bus: at least once, and in order for each key.

What every bus promises, and `tests/contracts/test_bus.py` holds each of them to:

- a published message is on the bus when `publish` returns, and stays there for its topic's time;
- messages with one key keep the order in which they were published;
- each group of consumers gets every message, one member of it at a time;
- what a group has not marked as done comes again: after a crash, or when members come and go.

So a consumer sees some messages twice, and is idempotent by what they carry.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.kernel import Rejected

Header = tuple[str, bytes]


class BusUnavailable(Rejected):
    """The bus cannot be reached, or does not answer in time."""

    code = "bus.unavailable"
    kind = "unavailable"


class TopicUnknown(Rejected):
    """The bus has no topic of this name: create the topics first."""

    code = "bus.topic_unknown"
    kind = "not_found"


class MessageTooLarge(Rejected):
    """A message is larger than the bus takes."""

    code = "bus.message_too_large"
    kind = "invalid"


class NotAssigned(Rejected):
    """Another member of the group has these messages by now, and will be given them again."""

    code = "bus.not_assigned"
    kind = "conflict"


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: `key` keeps the order, `value` is None where it takes an earlier one back."""

    topic: str
    key: str
    value: bytes | None
    headers: tuple[Header, ...] = ()

    def header(self, name: str) -> str | None:
        """Text of the last header of this name; None where there is none."""
        for known, content in reversed(self.headers):
            if known == name:
                return content.decode(errors="replace")
        return None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message, and its place on the bus: an `offset`, from 0, in a partition of its topic."""

    message: Message
    partition: int
    offset: int

    @property
    def place(self) -> str:
        """The place as one word, the same at every delivery."""
        return f"{self.message.topic}/{self.partition}/{self.offset}"


class Publisher(Protocol):
    """Puts messages on the bus."""

    def publish(self, messages: Sequence[Message]) -> None:
        """Send all messages and return when the bus has acknowledged each of them.

        Raises BusUnavailable: then some of them may be there, always those of a key that came
        first, and sending all of them again is safe. Raises TopicUnknown and MessageTooLarge
        before anything is sent.
        """
        ...


class ConsumerSession(Protocol):
    """One member of a group that consumes topics. Belongs to one thread."""

    def receive(self, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """Give at most `limit` messages, in order for each key; none where time runs out.

        What was received before is not given again by this member, done or not, unless the
        group's members changed in between. Raises BusUnavailable.
        """
        ...

    def commit(self, delivered: Sequence[Delivery]) -> None:
        """Mark these and all earlier messages of their partitions as done by the group.

        Raises NotAssigned where they belong to another member by now, and BusUnavailable.
        """
        ...

    def close(self) -> None:
        """Leave the group. What is not done goes to the other members, or waits."""
        ...


class Bus(Publisher, Protocol):
    """Carries messages from publishers to groups of consumers."""

    def subscribe(self, group: str, topics: Sequence[str]) -> ConsumerSession:
        """Join a group. A new group begins with the oldest message there is.

        Raises TopicUnknown and BusUnavailable.
        """
        ...

    def read(self, topic: str) -> Iterator[Delivery]:
        """Read a topic from its oldest message to the newest at this moment, outside any group.

        Raises TopicUnknown and BusUnavailable.
        """
        ...
