"""What a recording may be called, and what may be said of it: words that every screen can show."""

import unicodedata
from typing import Final

from domain.values import InvalidValue, within

LONGEST_NAME: Final = 200
LONGEST_DESCRIPTION: Final = 2000
"""Characters."""

UNPRINTED: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's categories of control characters, halves of characters, and ends of lines."""

LINES: Final = "\n\r\t"
"""What a description may have of those."""


def require_words(name: str, description: str) -> None:
    """Refuse with InvalidValue what is too long, or cannot be shown; a name is one line."""
    within("length of the name", len(name), 0, LONGEST_NAME)
    within("length of the description", len(description), 0, LONGEST_DESCRIPTION)
    if name != name_of(name):
        raise InvalidValue("A name is written in one line, without control characters.")
    if description != description_of(description):
        raise InvalidValue("A description is written without control characters.")


def name_of(text: str) -> str:
    """Give the name that any text makes, that of a file for instance."""
    return _shown(text, "")[:LONGEST_NAME]


def description_of(text: str) -> str:
    """Give the description that any text makes."""
    return _shown(text, LINES)[:LONGEST_DESCRIPTION]


def _shown(text: str, but: str) -> str:
    return "".join(
        " " if unicodedata.category(each) in UNPRINTED and each not in but else each
        for each in text
    )
