"""Names and titles in one line, in any language."""

import unicodedata
from typing import Final

UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's categories of control characters, halves of characters, and ends of lines."""

DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that reverse what follows, which may be other text of a page."""

INVISIBLE: Final = UNPRINTABLE | {"Cf", "Zs"}
"""Those, joiners and other marks of formats, and spaces."""


def is_one_line(text: str) -> bool:
    """Whether a text is one line without control characters; it may be blank.

    Joiners, which many languages and emoji need, and all spaces are allowed.
    """
    return not any(each in DIRECTIONS or unicodedata.category(each) in UNPRINTABLE for each in text)


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen."""
    return all(unicodedata.category(each) in INVISIBLE for each in text)
