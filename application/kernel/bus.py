"""Message bus: at least once, ordered by key.

`tests/contracts/test_bus.py` checks these guarantees on every bus:

- `publish` returns when the message is stored; it stays for the retention time of its topic;
- messages with the same key keep the order in which they were published;
- each consumer group receives every message, through one consumer at a time;
- what a group has not committed is delivered again: after a crash, or after a rebalance.

Consumers therefore see some messages twice. They are idempotent by what the message carries.

A partition key keeps order, selects the consumer, and names the tenant: `tenant/stream`,
`tenant/session`, or the tenant alone. Headers and content must name the same. Otherwise a message
of one tenant could change a session of another.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

from application.kernel.topics import EVENT_TOPICS
from domain.kernel import Rejected

Header = tuple[str, bytes]

TENANT: Final = "ce_tenantid"
SUBJECT: Final = "ce_subject"

EVENTS: Final = frozenset(topic.name for topic in EVENT_TOPICS)
BLANKS: Final = b" \t\r\n"
"""White space that JSON allows before a value."""


class BusUnavailable(Rejected):
    """The bus cannot be reached, or does not answer in time."""

    code = "bus.unavailable"
    kind = "unavailable"


class TopicUnknown(Rejected):
    """The bus has no topic of this name: create the topics first."""

    code = "bus.topic_unknown"
    kind = "not_found"


class MessageTooLarge(Rejected):
    """The message is larger than the bus accepts."""

    code = "bus.message_too_large"
    kind = "invalid"


class NotAssigned(Rejected):
    """The partitions belong to another consumer of the group now, which receives the messages."""

    code = "bus.not_assigned"
    kind = "conflict"


class MessageMisplaced(Rejected):
    """A message's key, headers and content name different tenants, streams or sessions."""

    code = "bus.message_misplaced"
    kind = "invalid"


@dataclass(frozen=True, slots=True)
class Message:
    """A message: `key` keeps the order; a `value` of None deletes the earlier message."""

    topic: str
    key: str
    value: bytes | None
    headers: tuple[Header, ...] = ()

    def header(self, name: str) -> str | None:
        """Return the text of the last header of this name, or None."""
        for each, content in reversed(self.headers):
            if each == name:
                return content.decode(errors="replace")
        return None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message with its place on the bus: an `offset`, from 0, in a partition of its topic."""

    message: Message
    partition: int
    offset: int

    @property
    def place(self) -> str:
        """The place as one word, the same at every delivery."""
        return f"{self.message.topic}/{self.partition}/{self.offset}"


class Publisher(Protocol):
    """Publishes messages."""

    def publish(self, messages: Sequence[Message]) -> None:
        """Send all messages and return when the bus has acknowledged each of them.

        Raises BusUnavailable: then a part of them may be stored, always the first ones of a key,
        and sending all of them again is safe. Raises TopicUnknown and MessageTooLarge before
        anything is sent.
        """
        ...


class ConsumerSession(Protocol):
    """One consumer of a group, joined to its topics. Belongs to one thread."""

    def receive(self, limit: int, timeout_s: float) -> Sequence[Delivery]:
        """Return at most `limit` messages, in order for each key; none on timeout.

        A message is not returned to the same session again, committed or not, unless the group
        was rebalanced in between. Raises BusUnavailable.
        """
        ...

    def commit(self, delivered: Sequence[Delivery]) -> None:
        """Commit these messages and all earlier ones of their partitions for the group.

        Raises NotAssigned if another consumer has the partitions now, and BusUnavailable.
        """
        ...

    def close(self) -> None:
        """Leave the group. Uncommitted messages go to the other consumers, or wait."""
        ...


class Bus(Publisher, Protocol):
    """Carries messages from publishers to consumer groups."""

    def subscribe(self, group: str, topics: Sequence[str]) -> ConsumerSession:
        """Join a group. A new group begins with the oldest message.

        Raises TopicUnknown and BusUnavailable.
        """
        ...

    def read(self, topic: str) -> Iterator[Delivery]:
        """Read a topic from its oldest to its present newest message, outside any group.

        Raises TopicUnknown and BusUnavailable.
        """
        ...


def check_partition_key(message: Message) -> None:
    """Raise MessageMisplaced if headers or content name another tenant or stream than the key.

    Events name these in their headers only. Content that cannot be parsed is not checked: the
    handler rejects it.
    """
    tenant, _, name = message.key.partition("/")
    subject = message.header(SUBJECT)
    content = {} if message.topic in EVENTS else _texts(message.value)
    tenants = (message.header(TENANT), content.get("tenant_id"))
    if any(each not in {None, tenant} for each in tenants):
        raise MessageMisplaced
    if subject is not None and name != subject:
        raise MessageMisplaced
    if name and content.get("session_id") not in {None, name}:
        raise MessageMisplaced


def _texts(value: bytes | None) -> dict[str, Any]:
    """Return the string members of a JSON object; nothing for any other content."""
    if value is None or not value.lstrip(BLANKS).startswith(b"{"):
        return {}
    try:
        parsed = cast("dict[str, Any]", json.loads(value))
    except ValueError:
        return {}
    return {name: text for name, text in parsed.items() if isinstance(text, str)}
