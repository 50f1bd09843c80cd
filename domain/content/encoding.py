"""Encoding decider: the units of work on one version of a video that are done.

A stream holds one version. A unit is done once; what it gave is in the media store under the
digests of its event.
"""

import re
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from domain.ids import ContentId
from domain.kernel import Decider, Rejected, command, event, value
from domain.values import InvalidValue, within

SHA256: Final = re.compile(r"[0-9a-f]{64}")
LONGEST_MS: Final = 6 * 3600 * 1000
LARGEST_SIDE: Final = 8192


class EncodingNotBegun(Rejected):
    """The video was not inspected."""

    code = "content_encoding.not_begun"


class EncodingBegunAgain(Rejected):
    """Another version of the program has begun this encoding again."""

    code = "content_encoding.begun_again"
    kind = "unavailable"


@value
class SourceFacts:
    """A video as its inspection found it; frames a second are a fraction."""

    width: int
    height: int
    rate_numerator: int
    rate_denominator: int
    duration_ms: int
    has_audio: bool


@command
class BeginEncoding:
    """Begin the encoding of an inspected video, with the version of the encoder's settings."""

    content_id: ContentId
    number: int
    source: SourceFacts
    settings: int
    at: datetime

    def __post_init__(self) -> None:
        within("width", self.source.width, 1, LARGEST_SIDE)
        within("height", self.source.height, 1, LARGEST_SIDE)
        within("duration_ms", self.source.duration_ms, 1, LONGEST_MS)


@command
class NoteUnit:
    """Record that a unit is done: `digest` of its file, and `index` of its description.

    `beginning` is that of the encoding in whose settings the unit was encoded.
    """

    beginning: int
    unit: str
    digest: str
    index: str
    size: int
    at: datetime

    def __post_init__(self) -> None:
        for each in (self.digest, self.index):
            if not SHA256.fullmatch(each):
                raise InvalidValue(f"{each!r} is not a SHA-256 in hexadecimal.")


@event("content_encoding.begun")
class EncodingBegun:
    """Encoding began with an inspected video. Units of other `settings` are done again."""

    content_id: ContentId
    number: int
    source: SourceFacts
    settings: int
    at: datetime


@event("content_encoding.unit_done")
class UnitDone:
    """A rendition, the sound or the pictures are in the media store; `size` is in bytes."""

    unit: str
    digest: str
    index: str
    size: int
    at: datetime


EncodingCommand = BeginEncoding | NoteUnit
EncodingEvent = EncodingBegun | UnitDone


@value
class NotBegun:
    """The video was not inspected yet."""


@value
class UnitFiles:
    """Digests of what a unit gave."""

    digest: str
    index: str


@value
class Begun:
    """The video is being encoded; `done` has the units that are done.

    `beginning` counts how often the encoding began.
    """

    source: SourceFacts
    settings: int
    done: Mapping[str, UnitFiles] = field(default_factory=lambda: MappingProxyType({}))
    beginning: int = 1


EncodingState = NotBegun | Begun


def decide(command: EncodingCommand, state: EncodingState) -> tuple[EncodingEvent, ...]:
    """Return the events of a command. Raises EncodingNotBegun and EncodingBegunAgain."""
    match command, state:
        case BeginEncoding(settings=settings), Begun(settings=same) if settings == same:
            return ()
        case BeginEncoding(), _:
            return (
                EncodingBegun(
                    content_id=command.content_id,
                    number=command.number,
                    source=command.source,
                    settings=command.settings,
                    at=command.at,
                ),
            )
        case NoteUnit(), NotBegun():
            raise EncodingNotBegun
        case NoteUnit(unit=unit), Begun(done=done, beginning=beginning):
            if command.beginning != beginning:
                raise EncodingBegunAgain
            if unit in done:
                return ()
            return (
                UnitDone(
                    unit=unit,
                    digest=command.digest,
                    index=command.index,
                    size=command.size,
                    at=command.at,
                ),
            )


def evolve(state: EncodingState, event: EncodingEvent) -> EncodingState:
    """Apply one event. History is never refused."""
    match event, state:
        case EncodingBegun(source=source, settings=settings), _:
            beginning = state.beginning + 1 if isinstance(state, Begun) else 1
            return Begun(source, settings, beginning=beginning)
        case UnitDone(unit=unit, digest=digest, index=index), Begun(done=done):
            files = MappingProxyType({**done, unit: UnitFiles(digest, index)})
            return replace(state, done=files)
        case UnitDone(), NotBegun():
            return state


CONTENT_ENCODING = Decider[EncodingCommand, EncodingEvent, EncodingState](
    "content_encoding", initial=NotBegun(), decide=decide, evolve=evolve
)
