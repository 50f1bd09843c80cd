"""PII scan of every store: search for the terms that identify a person."""

import base64
import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, Protocol
from urllib.parse import quote

from application.privacy.subject_data import SubjectData, Term

MIN_TERM_BYTES: Final = 6
"""Minimum length of a term that is matched anywhere. Shorter ones occur in any gigabyte by chance
(five given bytes match at one place in 256^5, and at eight times as many if case is ignored), so
they are matched only as words in text."""

RECORDS: Final = 500
"""Records that are searched together; they are searched one by one if there is a match."""

CONTEXT_BYTES: Final = 4
"""Bytes on either side of a short word that must be text as well."""

ID_TEXT: Final = re.compile(rb"[A-Za-z0-9_.:@-]+")
"""Longest texts of characters that ids may have: an id is one of them, not a part of one."""

MIN_ID_BYTES: Final = 6
"""Minimum length of an id that is searched by itself. Clients choose ids, and `1` is a number in
the rows of others."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a store that is scanned by itself: a file, a table, a topic, a key.

    `content` is read once, in pieces. `has_events`: it may repeat what events of other people say,
    such as a table, a topic, or a file of a database. `has_records`: each piece is a row or message
    by itself, so it can be determined whose it is. `has_dead_letters`: those of other people stay,
    and may contain a term.
    """

    name: str
    content: Iterable[bytes]
    has_events: bool = True
    has_records: bool = False
    has_dead_letters: bool = False


class ScanTarget(Protocol):
    """A store that may contain personal data."""

    @property
    def name(self) -> str:
        """Name of the store in a certificate. It contains no personal data."""
        ...

    def parts(self) -> Iterator[Part]:
        """Yield all parts. Raises StorageUnavailable or BusUnavailable if some are missing."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """A remaining term: the store, the part, the term's kind and form.

    `has_events` and `has_dead_letters` as in `Part`. `is_own`: a row, message or key that also
    names the person by id.
    """

    place: str
    part: str
    kind: str
    form: str
    has_events: bool = True
    is_own: bool = False
    has_dead_letters: bool = False


@dataclass(frozen=True, slots=True)
class ScannedTarget:
    """A completely scanned store."""

    place: str
    parts: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Scanned stores, and findings in them."""

    places: tuple[ScannedTarget, ...]
    findings: tuple[Finding, ...]


def scan(matcher: "TermMatcher", targets: Sequence[ScanTarget], own_ids: "IdMatcher") -> ScanResult:
    """Scan all targets, including the names of their parts.

    A record that contains one of `own_ids` is the person's own; so is every record of a part with
    one in its name.
    """
    findings: list[Finding] = []
    scanned: list[ScannedTarget] = []
    for target in targets:
        parts = size = 0
        for part in target.parts():
            matches, own, read = _search(matcher, part, own_ids)
            parts, size = parts + 1, size + read
            findings += sorted(
                (
                    Finding(
                        target.name,
                        part.name,
                        each.kind,
                        each.form,
                        has_events=part.has_events,
                        is_own=each in own,
                        has_dead_letters=part.has_dead_letters,
                    )
                    for each in matches
                ),
                key=lambda finding: (finding.kind, finding.form),
            )
        scanned.append(ScannedTarget(target.name, parts, size))
    return ScanResult(tuple(scanned), tuple(findings))


def _search(
    matcher: "TermMatcher", part: Part, own_ids: "IdMatcher"
) -> tuple[frozenset["Match"], frozenset["Match"], int]:
    """Return the matches in a part, those of them in the person's own records, and its size."""
    name = part.name.encode(errors="replace") + b"\n"
    if not part.has_records:
        matches, size = matcher.search(chain([name], part.content))
        return matches, matches if own_ids.is_in(name) else frozenset(), size
    matches, size = matcher.search([name])
    own = set[Match]()
    records = iter(part.content)
    while batch := tuple(islice(records, RECORDS)):
        found, read = matcher.search([b"\n".join(batch) + b"\n"])
        matches, size = matches | found, size + read
        if found - own:
            for record in batch:
                if own_ids.is_in(name + record):
                    own |= matcher.search([record])[0]
    return matches | own, frozenset(own), size


class IdMatcher:
    """Searches for the ids of a person, and of what they own, such as sessions and payments.

    An id matches as a whole: `s-1` is not in `s-10`. The id of the account and names of streams
    match anywhere. Clients chose the other ids: those that are short, or words of the platform
    (`vocabulary`, in lower case), match only after the tenant, as in `default/1`.
    """

    def __init__(self, subject: SubjectData, vocabulary: Collection[str] = frozenset()) -> None:
        others = (stream.partition("-")[2] for stream in subject.others)
        chosen = {*subject.sessions, *subject.recordings, *subject.workouts, *others}
        self._chosen = frozenset(each.encode() for each in chosen)
        self._distinct = frozenset(
            each.encode()
            for each in (
                subject.user_id,
                *subject.streams,
                *(
                    each
                    for each in chosen
                    if len(each) >= MIN_ID_BYTES and each.lower() not in vocabulary
                ),
            )
        )
        self._tenant = f"{subject.tenant_id}/".encode()

    def is_in(self, content: bytes) -> bool:
        """Return whether the content contains an id."""
        for found in ID_TEXT.finditer(content):
            text, start = found[0], found.start()
            if text in self._distinct:
                return True
            if text in self._chosen and content.endswith(self._tenant, 0, start):
                return True
            if text[0] == len(text) - 1 and text[1:] in self._distinct:
                return True  # after its length, as in PostgreSQL's binary format
        return False


@dataclass(frozen=True, slots=True)
class Match:
    """A match: the kind of the term, and the form in which it occurs."""

    kind: str
    form: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    match: Match
    content: bytes


class TermMatcher:
    """Searches for terms in all their forms at once: escaped, encoded, in another case.

    `vocabulary` contains lower-case words that the platform itself uses: a person named `squat`
    cannot be distinguished from the exercise. Such terms are in `unsearchable`.
    """

    def __init__(self, terms: Iterable[Term], vocabulary: Collection[str] = frozenset()) -> None:
        all_terms = tuple(terms)
        self.unsearchable = tuple(term for term in all_terms if term.text.lower() in vocabulary)
        self.terms = tuple(term for term in all_terms if term not in self.unsearchable)
        self._words: list[_Pattern] = []
        self._exact: list[_Pattern] = []
        self._folded: list[_Pattern] = []
        for term in self.terms:
            self._add(term)
        every = [*self._words, *self._exact, *self._folded]
        self._overlap = max((len(each.content) for each in every), default=0) + CONTEXT_BYTES

    def _add(self, term: Term) -> None:
        if len(term.text.encode()) < MIN_TERM_BYTES:
            self._words.append(_Pattern(Match(term.kind, "word"), term.text.encode()))
            return
        for form, content in _folded_forms(term.text):
            self._folded.append(_Pattern(Match(term.kind, form), content.lower()))
        for content in _base64_forms(term.text):
            self._exact.append(_Pattern(Match(term.kind, "base64"), content))

    def forms(self) -> dict[str, list[str]]:
        """Return the forms that are searched for, by kind."""
        forms: dict[str, set[str]] = {}
        for pattern in (*self._words, *self._exact, *self._folded):
            forms.setdefault(pattern.match.kind, set()).add(pattern.match.form)
        return {kind: sorted(names) for kind, names in forms.items()}

    def search(self, parts: Iterable[bytes]) -> tuple[frozenset[Match], int]:
        """Search content that comes in parts; return the matches and the number of bytes.

        Terms that span two parts are found as well.
        """
        matches: set[Match] = set()
        size, rest = 0, b""
        for part in parts:
            size += len(part)
            content = rest + part
            matches |= self._matches_in(content)
            rest = content[-self._overlap :]
        return frozenset(matches), size

    def _matches_in(self, content: bytes) -> set[Match]:
        lower = content.lower()
        return {
            *(each.match for each in self._exact if each.content in content),
            *(each.match for each in self._folded if each.content in lower),
            *(each.match for each in self._words if _is_word_in(content, each.content)),
        }


def _folded_forms(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield the forms that ignore case, also those of other cases."""
    for variant in dict.fromkeys((text, text.lower(), text.upper())):
        content = variant.encode()
        yield "text", content
        yield "hex", content.hex().encode()
        yield "utf-16", variant.encode("utf-16-le")
        if (escaped := json.dumps(variant)[1:-1]) != variant:
            yield "json", escaped.encode()
        for safe in ("", "@"):
            if (quoted := quote(variant, safe=safe)) != variant:
                yield "percent", quoted.encode()


def _base64_forms(text: str) -> Iterator[bytes]:
    """Yield the part that does not depend on its context, for each position in a group of 3."""
    for variant in dict.fromkeys((text, text.lower(), text.upper())):
        content = variant.encode()
        for before in range(3):
            whole = base64.b64encode(bytes(before) + content)
            begin = (0, 2, 3)[before]  # characters with bits of the preceding bytes
            end = (before + len(content)) // 3 * 4  # the rest has bits of the following bytes
            yield from {whole[begin:end], whole[begin:end].translate(URL_SAFE)}


URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")


def _is_word_in(content: bytes, word: bytes) -> bool:
    at = content.find(word)
    while at >= 0:
        before = content[max(0, at - CONTEXT_BYTES) : at]
        after = content[at + len(word) : at + len(word) + CONTEXT_BYTES]
        if (
            _is_boundary(before[-1:])
            and _is_boundary(after[:1])
            and _is_text(before)
            and _is_text(after)
        ):
            return True
        at = content.find(word, at + 1)
    return False


def _is_boundary(letter: bytes) -> bool:
    """Return whether a word can end before, or begin after, this byte."""
    return not (letter.isalnum() or letter == b"_" or letter >= b"\x80")


def _is_text(content: Sequence[int]) -> bool:
    return all(0x20 <= byte < 0x7F or byte in b"\t\r\n" or byte >= 0x80 for byte in content)
