"""Names and titles in one line, in any language."""

import unicodedata
from typing import Final

UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's categories of control characters, halves of characters, and ends of lines."""

FILLERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that are shown as spaces."""

DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that reverse what follows, which may be other text of a page."""

INVISIBLE: Final = UNPRINTABLE | {"Cf", "Me", "Mn", "Zs"}
"""Categories of what cannot be seen by itself: also joiners, marks of letters, and spaces."""


def fold(text: str) -> str:
    """Return a text in lower case, with letters that have no accents, to compare by."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(each for each in letters if not unicodedata.combining(each)).casefold()


def is_one_line(text: str) -> bool:
    """Whether a text is one line without control characters; it may be blank.

    Joiners, which many languages and emoji need, and all spaces are allowed.
    """
    return not any(each in DIRECTIONS or unicodedata.category(each) in UNPRINTABLE for each in text)


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen."""
    return all(each in FILLERS or unicodedata.category(each) in INVISIBLE for each in text)
