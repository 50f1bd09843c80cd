"""A search through everything that is kept, for what would tell who somebody was."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from application.privacy.pii_terms import TermMatcher


@dataclass(frozen=True, slots=True)
class Part:
    """Something that can be looked through by itself: a file, a table, a topic, a key.

    `content` is read once, a piece at a time.
    """

    name: str
    content: Iterable[bytes]


class Place(Protocol):
    """Where something about people may lie."""

    @property
    def name(self) -> str:
        """What it is called in a certificate; nothing in it is anybody's."""
        ...

    def parts(self) -> Iterator[Part]:
        """Give all there is. Raises StorageUnavailable or BusUnavailable where it is not all."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """A term that is still there: in which part of which place, in which form."""

    place: str
    part: str
    kind: str
    form: str


@dataclass(frozen=True, slots=True)
class Searched:
    """A place that was looked through, all of it."""

    place: str
    parts: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Search:
    """What was looked through, and what was found."""

    places: tuple[Searched, ...]
    findings: tuple[Finding, ...]


def search(matcher: TermMatcher, places: Sequence[Place]) -> Search:
    """Look for the needles everywhere, in the names of parts, too."""
    findings: list[Finding] = []
    searched: list[Searched] = []
    for place in places:
        parts = size = 0
        for part in place.parts():
            found, read = matcher.search(_named(part))
            parts, size = parts + 1, size + read
            findings += sorted(
                (Finding(place.name, part.name, each.kind, each.form) for each in found),
                key=lambda finding: (finding.kind, finding.form),
            )
        searched.append(Searched(place.name, parts, size))
    return Search(tuple(searched), tuple(findings))


def _named(part: Part) -> Iterator[bytes]:
    yield part.name.encode(errors="replace") + b"\n"
    yield from part.content
