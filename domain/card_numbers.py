"""Card numbers in texts: refused in what people write, and hidden in what is logged or repeated.

A card number has 13 to 19 digits, begins with 2 to 6, and has the check digit of Luhn. It is found
if its digits are written together or in groups, as on cards, whatever stands beside it, such as a
security code or a date of expiry. Cards belong into the form of the payment provider only.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from domain.kernel import Rejected

HIDDEN: Final = "[card number]"

FEWEST_DIGITS: Final = 13
MOST_DIGITS: Final = 19

_GAP: Final = "[\\s.\\-_/\u00b7\u200b\u2010-\u2015\u2022\u2060\u2212]{1,3}"
"""Blanks, hyphens of all kinds, dots and slashes between groups."""

_FOURS: Final = rf"[2-6]\d{{3}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{1,4}}"

TOGETHER: Final = re.compile(r"[2-6]\d{12,18}(?!\d)")

FORMATS: Final = tuple(
    re.compile(rf"{each}(?!\d)")
    for each in (
        rf"{_FOURS}{_GAP}\d{{1,3}}",
        _FOURS,
        rf"3\d{{3}}{_GAP}\d{{6}}{_GAP}\d{{4,5}}",
        rf"[2-6]\d{{7}}{_GAP}\d{{8}}",
    )
)
"""Groups as on cards. A fourth group can be complete without what follows it."""

BEGINNING: Final = re.compile(r"(?<![\d+])[2-6]")
"""First digit of a number that is no telephone number with +."""

DECIMAL: Final = re.compile(r"\d[.,]\Z")

WORD_BEFORE: Final = re.compile(r"[^\W_]*\Z")
WORD_AFTER: Final = re.compile(r"[^\W\d_]*")

HEXADECIMAL: Final = frozenset("0123456789abcdefABCDEF")


class CardNumberRefused(Rejected):
    """This text has a card number. Remove it: only the payment provider may have that."""

    code = "value.card_number"
    kind = "invalid"


def refuse_card_number(text: str) -> None:
    """Raise CardNumberRefused if a text has a card number."""
    if next(_found(text), None) is not None:
        raise CardNumberRefused


def hide_card_numbers(text: str) -> str:
    """Replace the card numbers in a text."""
    parts: list[str] = []
    end = 0
    for begin, after in _found(text):
        parts += (text[end:begin], HIDDEN)
        end = after
    return "".join((*parts, text[end:]))


def _found(text: str) -> Iterator[tuple[int, int]]:
    """Yield where card numbers begin and end, from left to right."""
    plain = _with_plain_digits(text)
    place = 0
    while first := BEGINNING.search(plain, place):
        end = _end_of(plain, first.start())
        if end is not None:
            yield first.start(), end
        place = first.start() + 1 if end is None else end


def _with_plain_digits(text: str) -> str:
    """Return a text of the same length with the digits 0 to 9 for those of other scripts."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


def _end_of(text: str, begin: int) -> int | None:
    """Return the end of the card number that begins at a place; None if none does."""
    together = TOGETHER.match(text, begin)
    if together and _has_check_digit(together.group()) and not _is_part(text, together):
        return together.end()
    for each in FORMATS:
        grouped = each.match(text, begin)
        if grouped and _has_check_digit(grouped.group()):
            return grouped.end()
    return None


def _is_part(text: str, digits: re.Match[str]) -> bool:
    """Return whether digits are part of a decimal or of an id, such as a hexadecimal one.

    Letters beside them make no id if they are a word: no digits before them, and not all of them
    hexadecimal.
    """
    if DECIMAL.search(text, max(0, digits.start() - 2), digits.start()):
        return True
    before = WORD_BEFORE.search(text, max(0, digits.start() - 20), digits.start())
    after = WORD_AFTER.match(text, digits.end(), digits.end() + 20)
    beside = [each.group() for each in (before, after) if each is not None and each.group()]
    return any(not each.isalpha() or HEXADECIMAL.issuperset(each) for each in beside)


def _has_check_digit(text: str) -> bool:
    """Return whether the digits of a text are as many, and satisfy Luhn's formula (ISO 7812-1)."""
    digits = [int(each) for each in text if each.isdigit()]
    doubled = (sum(divmod(2 * each, 10)) for each in digits[-2::-2])
    is_long_enough = FEWEST_DIGITS <= len(digits) <= MOST_DIGITS
    return is_long_enough and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
