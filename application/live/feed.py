"""Session feed: events and transient updates for followers, who resume where they were cut off.

Every entry has a position. That of an event is its position in the log, from which it can be read
again. A transient update lies between two events, under a rising number; it is lost when the
channel loses it.
"""

import re
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from application.live.chunk import SessionKey
from application.live.feed_events import (
    CueGiven,
    FeedEvent,
    ProgressMode,
    to_feed_events,
)
from domain.kernel import Rejected, value

WAIT_S: Final = 1.0
"""Longest wait for news; also the interval of reading the log while a channel is unavailable."""

PLACE: Final = re.compile(r"(\d{1,15})(?:-(\d{1,15}))?", re.ASCII)


class PlaceInvalid(Rejected):
    """The position is invalid. Send one from the feed: a number, or two with a dash."""

    code = "progress.place_invalid"
    kind = "invalid"


@dataclass(frozen=True, slots=True, order=True)
class FeedPosition:
    """Position of an entry: an event of the log, or after it.

    `number` orders entries at the same position: from 0 those of the event, after that transient
    updates, by the millisecond in which they were published.
    """

    position: int
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> "FeedPosition":
        """Parse what `str` wrote. Raises PlaceInvalid."""
        found = PLACE.fullmatch(text)
        if found is None:
            raise PlaceInvalid
        return cls(int(found[1]), int(found[2] or 0))

    def __str__(self) -> str:
        return f"{self.position}-{self.number}" if self.number else f"{self.position}"


BEGINNING: Final = FeedPosition(0)


@value
class Entry:
    """An entry of the feed. `version` is that of its event, None for a transient update."""

    id: FeedPosition
    version: int | None
    what: FeedEvent


Entries = tuple[Entry, ...]


@value
class TransientUpdate:
    """Transient update of a chunk of frames, identified by its sequence.

    It may be published again, here or in another process, and is delivered once.
    """

    sequence: int
    mode: ProgressMode
    cues: tuple[CueGiven, ...]


def entries_of(event: Any, position: int, version: int) -> Entries:
    """Return the feed entries of a session event."""
    return tuple(
        Entry(FeedPosition(position, number), version, what)
        for number, what in enumerate(to_feed_events(event))
    )


class FeedUnavailable(Exception):  # noqa: N818  not a failure: the log tells the facts
    """The channel cannot be reached at the moment."""


class Listener(Protocol):
    """Receives one session's channel. Raises FeedUnavailable."""

    async def ensure(self, facts: Sequence[Entry]) -> None:
        """Make sure that the channel has these events, in order, or newer entries."""
        ...

    async def read(self, after: FeedPosition, wait_s: float) -> Sequence[Entry]:
        """Return all entries after a position; if there are none, those that come in time."""
        ...


class FeedChannel(Protocol):
    """Carries the feed of sessions between processes, separated by tenant.

    It keeps recent entries, in order of positions. An entry that comes after one with a higher
    position is dropped: a follower who misses an event reads the log.
    """

    def publish(self, session: SessionKey, facts: Sequence[Entry], /) -> None:
        """Publish events soon. Never blocks or raises."""
        ...

    def hear(self, session: SessionKey, heard: TransientUpdate, /) -> None:
        """Publish a transient update soon. Never blocks or raises.

        Without any entry of the session in the channel it has no position, and is dropped.
        """
        ...

    def listen(self, session: SessionKey, /) -> AbstractAsyncContextManager[Listener]:
        """Listen to a session, on the running event loop."""
        ...
