"""A message that nobody could work off is kept with the reason, to be looked at and tried again.

The dead letters of a group lie in one topic of theirs. The key of each is the place where the
message first lay, so the same failure told twice is one letter; a later message without a value
takes it back. A letter that was replayed or purged is gone.
"""

import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from application.kernel.bus import Bus, Delivery, Message
from application.kernel.topics import Group
from domain.kernel import Rejected

PREFIX: Final = "kinelog_dead_"
REPLAYED_FOR: Final = "kinelog_replayed_for"
"""On a replayed message: the one group that is meant. The others have worked it off."""

LONGEST_STACK: Final = 8000
"""Characters of a stack that are kept, from its end."""
LONGEST_REASON: Final = 500


class DeadLetterUnknown(Rejected):
    """The group has no dead letter of this place."""

    code = "dead_letter.unknown"
    kind = "not_found"


class GroupUnknown(Rejected):
    """There is no group of this name."""

    code = "group.unknown"
    kind = "not_found"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message with what became of it. `place` is where it lay: topic/partition/offset."""

    place: str
    group: str
    reason: str
    stack: str
    attempts: int
    failed_at: datetime
    message: Message


def buried(
    delivered: Delivery, group: Group, error: Exception, *, attempts: int, at: datetime
) -> Message:
    """Write a dead letter: the message as it came, and why it could not be worked off."""
    stack = "".join(traceback.format_exception(error))[-LONGEST_STACK:]
    reason = f"{type(error).__name__}: {error}"[:LONGEST_REASON]
    told = {
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
        (f"{PREFIX}{name}", str(content).encode(errors="replace")) for name, content in told.items()
    )
    return Message(
        topic=group.dead_letters,
        key=delivered.place,
        value=delivered.message.value or b"",
        headers=(*_lasting(delivered.message), *headers),
    )


def letters(bus: Bus, group: Group) -> tuple[DeadLetter, ...]:
    """All dead letters of a group that are still there, the oldest first."""
    found: dict[str, Message] = {}
    for delivered in bus.read(group.dead_letters):
        sent = delivered.message
        if sent.value is None:
            found.pop(sent.key, None)
        else:
            found.setdefault(sent.key, sent)
    return tuple(map(_letter, found.values()))


def chosen(all_letters: Iterable[DeadLetter], places: Sequence[str]) -> tuple[DeadLetter, ...]:
    """Pick letters by their places, or all where none is named. Raises DeadLetterUnknown."""
    by_place = {letter.place: letter for letter in all_letters}
    for place in places:
        if place not in by_place:
            raise DeadLetterUnknown(f"There is no dead letter {place!r}.")
    return tuple(by_place[place] for place in places or by_place)


def replay(bus: Bus, group: Group, replayed: Sequence[DeadLetter]) -> None:
    """Put messages back into their topics, with their ids, for this group only.

    They are taken out of the dead letters afterwards: if that fails, they come once more.
    """
    bus.publish([_sent_again(letter) for letter in replayed])
    purge(bus, group, replayed)


def purge(bus: Bus, group: Group, purged: Sequence[DeadLetter]) -> None:
    """Take letters out of the dead letters for ever."""
    bus.publish([Message(group.dead_letters, letter.place, None) for letter in purged])


def group_named(name: str, groups: Iterable[Group]) -> Group:
    """Find a group. Raises GroupUnknown, which names those there are."""
    known = {group.name: group for group in groups}
    if name not in known:
        raise GroupUnknown(f"There is no group {name!r}; there are {', '.join(known)}.")
    return known[name]


def _sent_again(letter: DeadLetter) -> Message:
    for_group = (REPLAYED_FOR, letter.group.encode())
    return replace(letter.message, headers=(*_lasting(letter.message), for_group))


def _lasting(sent: Message) -> tuple[tuple[str, bytes], ...]:
    """Headers that belong to the message itself, not to one failure or replay of it."""
    return tuple(
        header
        for header in sent.headers
        if header[0] != REPLAYED_FOR and not header[0].startswith(PREFIX)
    )


def _letter(sent: Message) -> DeadLetter:
    def told(name: str) -> str:
        return sent.header(f"{PREFIX}{name}") or ""

    return DeadLetter(
        place=sent.key,
        group=told("group"),
        reason=told("reason"),
        stack=told("stack"),
        attempts=int(told("attempts")),
        failed_at=datetime.fromisoformat(told("at")),
        message=Message(told("topic"), told("key"), sent.value, _lasting(sent)),
    )
