"""Recording names and descriptions that every screen can show."""

import unicodedata
from typing import Final

from domain.texts import UNPRINTABLE, is_blank
from domain.values import InvalidValue, within

MAX_NAME_LENGTH: Final = 200
MAX_DESCRIPTION_LENGTH: Final = 2000
"""Characters."""

LINES: Final = "\n\r\t"
"""Those that a description may contain."""


def require_words(name: str, description: str) -> None:
    """Check a name, which is empty or one line to read, and a description. Raises InvalidValue."""
    within("length of the name", len(name), 0, MAX_NAME_LENGTH)
    within("length of the description", len(description), 0, MAX_DESCRIPTION_LENGTH)
    if name != name_of(name):
        raise InvalidValue("Write a name that can be read in one line, or leave it empty.")
    if description != description_of(description):
        raise InvalidValue("Write the description without control characters.")


def name_of(text: str) -> str:
    """Return any text, such as a file name, as a name: empty if nothing of it is visible."""
    name = _printable(text, "")[:MAX_NAME_LENGTH]
    return "" if is_blank(name) else name


def description_of(text: str) -> str:
    """Convert any text to a description."""
    return _printable(text, LINES)[:MAX_DESCRIPTION_LENGTH]


def _printable(text: str, allowed: str) -> str:
    return "".join(
        " " if unicodedata.category(each) in UNPRINTABLE and each not in allowed else each
        for each in text
    )
