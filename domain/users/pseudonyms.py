"""The name under which others of an organisation see somebody's results (C-41)."""

import re
import unicodedata
from itertools import pairwise
from typing import Final

from domain.values import InvalidValue

SHORTEST: Final = 3
LONGEST: Final = 30
"""Characters of a pseudonym."""

BETWEEN: Final = frozenset(" -_.'")
"""What may stand between its letters and digits."""

WORD: Final = re.compile(r"[^\W_]{2,}")
"""A letter alone tells nobody who it is."""


def pseudonym(text: str) -> str:
    """Return what can be a pseudonym; InvalidValue otherwise.

    It is written in the composed form of Unicode (NFC), so that what looks the same is the same.
    """
    if text != unicodedata.normalize("NFC", text) or not _is_well_formed(text):
        raise InvalidValue(
            f"A pseudonym has {SHORTEST} to {LONGEST} letters and digits, at least one of them a"
            " letter, with single spaces, hyphens, underscores, points or apostrophes between."
        )
    return text


def _is_well_formed(text: str) -> bool:
    return (
        SHORTEST <= len(text) <= LONGEST
        and text[0].isalnum()
        and text[-1] not in BETWEEN
        and any(each.isalpha() for each in text)
        and all(_is_part(each) for each in text)
        and not any(one in BETWEEN and other in BETWEEN for one, other in pairwise(text))
    )


def _is_part(character: str) -> bool:
    marks = unicodedata.category(character) in {"Mn", "Mc"}  # which letters of some scripts need
    return character.isalnum() or character in BETWEEN or marks


def folded(text: str) -> str:
    """Give what two pseudonyms have in common that people would take for one another."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in plain if each.isalnum())


def tells(text: str, name: str) -> bool:
    """Whether a pseudonym says somebody's name or, of an address, what stands before the @."""
    own = _words(name.partition("@")[0])
    return bool(own & _words(text)) or (bool(own) and folded(text) == folded(name))


def _words(text: str) -> set[str]:
    return {folded(each) for each in WORD.findall(text)}
