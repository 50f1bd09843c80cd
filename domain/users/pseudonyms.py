"""Pseudonyms: names on leaderboards (C-41)."""

import re
import unicodedata
from itertools import pairwise
from typing import Final

from domain.values import InvalidValue

MIN_LENGTH: Final = 3
MAX_LENGTH: Final = 30
"""Characters."""

SEPARATORS: Final = frozenset(" -_.'")
"""Allowed between letters and digits."""

WORD: Final = re.compile(r"[^\W_]{2,}")
"""A single letter identifies nobody."""


def pseudonym(text: str) -> str:
    """Return a valid pseudonym. Raises InvalidValue.

    It must be in Unicode composed form (NFC), so that equal-looking pseudonyms are equal.
    """
    if text != unicodedata.normalize("NFC", text) or not _is_well_formed(text):
        raise InvalidValue(
            f"A pseudonym must have {MIN_LENGTH} to {MAX_LENGTH} letters and digits, including a"
            " letter. Single spaces, hyphens, underscores, points or apostrophes may separate them."
        )
    return text


def _is_well_formed(text: str) -> bool:
    return (
        MIN_LENGTH <= len(text) <= MAX_LENGTH
        and text[0].isalnum()
        and text[-1] not in SEPARATORS
        and any(each.isalpha() for each in text)
        and all(_is_part(each) for each in text)
        and not any(one in SEPARATORS and other in SEPARATORS for one, other in pairwise(text))
    )


def _is_part(character: str) -> bool:
    marks = unicodedata.category(character) in {"Mn", "Mc"}  # part of letters in some scripts
    return character.isalnum() or character in SEPARATORS or marks


def folded(text: str) -> str:
    """Return a form that is equal for pseudonyms that people would confuse."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in plain if each.isalnum())


def reveals(text: str, name: str) -> bool:
    """Return whether a pseudonym contains a name or the local part of an address."""
    own = _words(name.partition("@")[0])
    return bool(own & _words(text)) or (bool(own) and folded(text) == folded(name))


def _words(text: str) -> set[str]:
    return {folded(each) for each in WORD.findall(text)}
