"""A text can lie hidden in bytes in many ways: escaped, encoded, in other letters."""

import base64
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from application.privacy.identifying_terms import Term

SHORTEST: Final = 6
"""Bytes from which on a text is looked for anywhere. Shorter ones occur in any gigabyte by chance
(one place in 256^5 has five given bytes, and in eight times as many where case does not matter), so
they are looked for as words that stand in text."""

SURROUNDING: Final = 4
"""Bytes on either side of a short word that have to be text, too."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: the kind of a term, and the form that it was in."""

    kind: str
    form: str


@dataclass(frozen=True, slots=True)
class _Needle:
    found: Found
    content: bytes


class TermMatcher:
    """Looks for terms in all their forms at once.

    `vocabulary` are words, in lower case, that the platform itself uses: somebody called `squat`
    cannot be told from the exercise. Terms among them are in `unsearchable`.
    """

    def __init__(self, terms: Iterable[Term], vocabulary: Collection[str] = frozenset()) -> None:
        given = tuple(terms)
        self.unsearchable = tuple(term for term in given if term.text.lower() in vocabulary)
        self.terms = tuple(term for term in given if term not in self.unsearchable)
        self._words: list[_Needle] = []
        self._exact: list[_Needle] = []
        self._folded: list[_Needle] = []
        for term in self.terms:
            self._add(term)
        every = [*self._words, *self._exact, *self._folded]
        self._overlap = max((len(each.content) for each in every), default=0) + SURROUNDING

    def _add(self, term: Term) -> None:
        if len(term.text.encode()) < SHORTEST:
            self._words.append(_Needle(Found(term.kind, "word"), term.text.encode()))
            return
        for form, content in _folded_forms(term.text):
            self._folded.append(_Needle(Found(term.kind, form), content.lower()))
        for content in _base64_forms(term.text):
            self._exact.append(_Needle(Found(term.kind, "base64"), content))

    def forms(self) -> dict[str, list[str]]:
        """Tell which forms are looked for, by kind."""
        told: dict[str, set[str]] = {}
        for needle in (*self._words, *self._exact, *self._folded):
            told.setdefault(needle.found.kind, set()).add(needle.found.form)
        return {kind: sorted(forms) for kind, forms in told.items()}

    def search(self, parts: Iterable[bytes]) -> tuple[frozenset[Found], int]:
        """Look through content that comes in parts; gives what was found, and how many bytes.

        What lies across the end of a part is found, too.
        """
        found: set[Found] = set()
        size, rest = 0, b""
        for part in parts:
            size += len(part)
            content = rest + part
            found |= self._in(content)
            rest = content[-self._overlap :]
        return frozenset(found), size

    def _in(self, content: bytes) -> set[Found]:
        lower = content.lower()
        return {
            *(each.found for each in self._exact if each.content in content),
            *(each.found for each in self._folded if each.content in lower),
            *(each.found for each in self._words if _stands_in(content, each.content)),
        }


def _folded_forms(text: str) -> Iterator[tuple[str, bytes]]:
    """Give forms in which the case of letters does not matter; those of other cases, too."""
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
    """Give what does not depend on what stands around: for each place in a group of three."""
    for variant in dict.fromkeys((text, text.lower(), text.upper())):
        content = variant.encode()
        for before in range(3):
            whole = base64.b64encode(bytes(before) + content)
            begin = (0, 2, 3)[before]  # letters that hold bits of what stands before
            end = (before + len(content)) // 3 * 4  # the rest holds bits of what comes after
            yield from {whole[begin:end], whole[begin:end].translate(URL_SAFE)}


URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")


def _stands_in(content: bytes, word: bytes) -> bool:
    at = content.find(word)
    while at >= 0:
        before = content[max(0, at - SURROUNDING) : at]
        after = content[at + len(word) : at + len(word) + SURROUNDING]
        if _ends(before[-1:]) and _ends(after[:1]) and _is_text(before) and _is_text(after):
            return True
        at = content.find(word, at + 1)
    return False


def _ends(letter: bytes) -> bool:
    """Whether a word may end before, or begin after, this one."""
    return not (letter.isalnum() or letter == b"_" or letter >= b"\x80")


def _is_text(content: Sequence[int]) -> bool:
    return all(0x20 <= byte < 0x7F or byte in b"\t\r\n" or byte >= 0x80 for byte in content)
