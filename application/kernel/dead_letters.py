"""Dead-letter queue: list, replay, purge.

With Kafka, each consumer group has a topic of dead letters. Its key is the place of the message on
the bus, so the same failure published twice is one letter; a later message without a value deletes
it. Replaying or purging deletes a letter. Without Kafka, `log_queue` keeps them beside the log.
"""

import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from application.kernel.bus import Bus, Delivery, Message
from application.kernel.topics import Group
from domain.kernel import Rejected

PREFIX: Final = "kinelog_dead_"
REPLAYED_FOR: Final = "kinelog_replayed_for"
"""Header of a replayed message: the only group that handles it. The others already have."""

MAX_STACK: Final = 8000
"""Characters of a stack trace, from its end."""
MAX_REASON: Final = 500


class DeadLetterUnknown(Rejected):
    """The group has no dead letter from this place."""

    code = "dead_letter.unknown"
    kind = "not_found"


class DeadLetterForeign(Rejected):
    """Another program has sent this message to the dead letters; it can only be purged."""

    code = "dead_letter.foreign"
    kind = "conflict"


class GroupUnknown(Rejected):
    """There is no group of this name."""

    code = "group.unknown"
    kind = "not_found"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that failed, and the error. `place` is topic/partition/offset.

    A message that another program sent to the topic of dead letters has no attempts and no time.
    """

    place: str
    group: str
    reason: str
    stack: str
    attempts: int
    failed_at: datetime | None
    message: Message

    @property
    def is_foreign(self) -> bool:
        """Whether another program sent the message to the topic of dead letters."""
        return self.failed_at is None


def to_dead_letter(
    delivered: Delivery, group: Group, error: Exception, *, attempts: int, at: datetime
) -> Message:
    """Return a dead letter: the message as it was delivered, and the error."""
    stack = "".join(traceback.format_exception(error))[-MAX_STACK:]
    reason = f"{type(error).__name__}: {error}"[:MAX_REASON]
    fields = {
        "topic": delivered.message.topic,
        "partition": delivered.partition,
        "offset": delivered.offset,
        "key": delivered.message.key,
        "group": group.name,
        "reason": reason,
        "stack": stack,
        "attempts": attempts,
        "at": at.isoformat(),
    }
    headers = tuple(
        (f"{PREFIX}{name}", str(content).encode(errors="replace"))
        for name, content in fields.items()
    )
    return Message(
        topic=group.dead_letters,
        key=delivered.place,
        value=delivered.message.value or b"",
        headers=(*_own_headers(delivered.message), *headers),
    )


def list_dead_letters(bus: Bus, group: Group) -> tuple[DeadLetter, ...]:
    """Return the dead letters of a group, oldest first."""
    letters: dict[str, Message] = {}
    for delivered in bus.read(group.dead_letters):
        sent = delivered.message
        if sent.value is None:
            letters.pop(sent.key, None)
        else:
            letters.setdefault(sent.key, sent)
    return tuple(_parse(each, group) for each in letters.values())


def select(all_letters: Iterable[DeadLetter], places: Sequence[str]) -> tuple[DeadLetter, ...]:
    """Return the letters from these places, or all if there are none. Raises DeadLetterUnknown."""
    by_place = {letter.place: letter for letter in all_letters}
    for place in places:
        if place not in by_place:
            raise DeadLetterUnknown(f"There is no dead letter {place!r}.")
    return tuple(by_place[place] for place in places or by_place)


def replay(bus: Bus, group: Group, replayed: Sequence[DeadLetter]) -> None:
    """Publish messages again in their topics, with their ids, for this group only.

    Their dead letters are deleted afterwards: if that fails, they can be replayed twice. Raises
    DeadLetterForeign before anything is published.
    """
    for letter in replayed:
        if letter.is_foreign:
            raise DeadLetterForeign(f"{letter.place!r} is a message of another program. Purge it.")
    bus.publish([_replayed(letter) for letter in replayed])
    purge(bus, group, replayed)


def purge(bus: Bus, group: Group, purged: Sequence[DeadLetter]) -> None:
    """Delete dead letters."""
    bus.publish([Message(group.dead_letters, letter.place, None) for letter in purged])


class DeadLetterQueue(Protocol):
    """Dead letters of one group. Raises BusUnavailable and StorageUnavailable."""

    def list(self) -> tuple[DeadLetter, ...]:
        """Return all, oldest first."""
        ...

    def replay(self, letters: Sequence[DeadLetter]) -> None:
        """Have messages handled again by this group only, and delete their dead letters."""
        ...

    def purge(self, letters: Sequence[DeadLetter]) -> None:
        """Delete dead letters."""
        ...


@dataclass(frozen=True, slots=True)
class BusDeadLetters:
    """Implements `DeadLetterQueue` with the topic of a group."""

    bus: Bus
    group: Group

    def list(self) -> tuple[DeadLetter, ...]:
        return list_dead_letters(self.bus, self.group)

    def replay(self, letters: Sequence[DeadLetter]) -> None:
        replay(self.bus, self.group, letters)

    def purge(self, letters: Sequence[DeadLetter]) -> None:
        purge(self.bus, self.group, letters)


def find_group(name: str, groups: Iterable[Group]) -> Group:
    """Return a group by name. Raises GroupUnknown, which lists the groups."""
    by_name = {group.name: group for group in groups}
    if name not in by_name:
        raise GroupUnknown(f"There is no group {name!r}. Choose one of {', '.join(by_name)}.")
    return by_name[name]


def _replayed(letter: DeadLetter) -> Message:
    for_group = (REPLAYED_FOR, letter.group.encode())
    return replace(letter.message, headers=(*_own_headers(letter.message), for_group))


def _own_headers(sent: Message) -> tuple[tuple[str, bytes], ...]:
    """Return the headers of the message itself, without those of failures and replays."""
    return tuple(
        header
        for header in sent.headers
        if header[0] != REPLAYED_FOR and not header[0].startswith(PREFIX)
    )


def _parse(sent: Message, group: Group) -> DeadLetter:
    def text(name: str) -> str:
        return sent.header(f"{PREFIX}{name}") or ""

    try:
        attempts, failed_at = int(text("attempts")), datetime.fromisoformat(text("at"))
    except ValueError:
        reason = "This is no dead letter: another program has sent it."
        return DeadLetter(sent.key, group.name, reason, "", 0, None, sent)
    return DeadLetter(
        place=sent.key,
        group=text("group"),
        reason=text("reason"),
        stack=text("stack"),
        attempts=attempts,
        failed_at=failed_at,
        message=Message(text("topic"), text("key"), sent.value, _own_headers(sent)),
    )
