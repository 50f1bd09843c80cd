"""Whoever follows a session hears what happens in it, and after a cut goes on where they were.

Every entry has a place. That of a fact is its position in the log, so that the log can tell it
again whatever else was lost. What is of the moment lies between two facts, under a number that
only rises: it is the telemetry of a channel, and gone when that loses it.
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
"""How long one wait for news takes; so often, too, the log is looked at while a channel is away."""

PLACE: Final = re.compile(r"(\d{1,15})(?:-(\d{1,15}))?", re.ASCII)


class PlaceInvalid(Rejected):
    """A place in a session's progress is one that was given out: a number, or two with a dash."""

    code = "progress.place_invalid"
    kind = "invalid"


@dataclass(frozen=True, slots=True, order=True)
class FeedPosition:
    """Where an entry stands: after the fact at this position of the log, or as that fact.

    `number` tells apart what is at the same position: from 0 what the fact says, and after that
    what is of the moment, by the millisecond in which it was told.
    """

    position: int
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> "FeedPosition":
        """Read what `str` wrote. Raises PlaceInvalid."""
        found = PLACE.fullmatch(text)
        if found is None:
            raise PlaceInvalid
        return cls(int(found[1]), int(found[2] or 0))

    def __str__(self) -> str:
        return f"{self.position}-{self.number}" if self.number else f"{self.position}"


BEGINNING: Final = FeedPosition(0)


@value
class Entry:
    """Something that followers are told. `version` is that of its fact; None: of the moment."""

    id: FeedPosition
    version: int | None
    what: FeedEvent


Entries = tuple[Entry, ...]


@value
class TransientUpdate:
    """What is of the moment about a chunk of frames, known by its number in the session.

    It may be heard again, here or in another process, and is told once.
    """

    sequence: int
    mode: ProgressMode
    cues: tuple[CueGiven, ...]


def entries_of(event: Any, position: int, version: int) -> Entries:
    """Place what a fact of a session tells."""
    return tuple(
        Entry(FeedPosition(position, number), version, what)
        for number, what in enumerate(to_feed_events(event))
    )


class FeedUnavailable(Exception):  # noqa: N818  not a failure: the log tells the facts
    """The channel cannot be reached at the moment."""


class Listener(Protocol):
    """Hears one session's channel. Raises FeedUnavailable."""

    async def ensure(self, facts: Sequence[Entry]) -> None:
        """See to it that the channel has these facts, in order, or newer entries."""
        ...

    async def read(self, after: FeedPosition, wait_s: float) -> Sequence[Entry]:
        """Give all entries after a place; where there is none, those that come in time."""
        ...


class FeedChannel(Protocol):
    """Carries the progress of sessions between processes; one tenant's apart from another's.

    It keeps what was said lately, in order of places. An entry that comes after one with a higher
    place is left out: whoever misses a fact asks the log.
    """

    def publish(self, session: SessionKey, facts: Sequence[Entry], /) -> None:
        """Tell facts soon. Waits for nothing and raises nothing."""
        ...

    def hear(self, session: SessionKey, heard: TransientUpdate, /) -> None:
        """Tell soon what is new of the moment. Waits for nothing and raises nothing.

        Where the channel has nothing of the session there is no place for it, and it is left out.
        """
        ...

    def listen(self, session: SessionKey, /) -> AbstractAsyncContextManager[Listener]:
        """Listen to a session, on the loop that runs."""
        ...
