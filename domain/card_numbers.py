"""Card numbers in texts: refused in what people write, and hidden in what is logged or repeated.

A card number has 13 to 19 digits, begins with 2 to 6, and has the check digit of Luhn. It is found
if its digits are written together or in groups, as on cards, whatever stands beside it, such as a
security code or a date of expiry. With other marks or longer gaps between the groups, it must begin
as cards are issued, and look like no list of numbers. An IBAN is no card. Cards belong only in the
form of the payment provider.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from domain.bank_accounts import ibans
from domain.kernel import Rejected

HIDDEN: Final = "[card number]"

FEWEST_DIGITS: Final = 13
MOST_DIGITS: Final = 19

_GAP: Final = "[\\s.\\-_/\u00b7\u2010-\u2015\u2022\u2212]{1,3}"
"""Blanks, hyphens of all kinds, dots and slashes between groups."""

_WIDE_GAP: Final = r"(?P<gap>[\W_]{1,10})"
"""Any characters but letters and digits, the same ones between all groups."""

_ISSUED: Final = r"(?:2[23456]\d{2}|27[0-2]\d|[3-6]\d{3})"
"""First digits of cards that are issued: 2 is of Mir and Mastercard, 22 to 2720."""

_FOURS: Final = rf"[2-6]\d{{3}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{1,4}}"

TOGETHER: Final = re.compile(r"[2-6]\d{12,18}(?!\d)")

FORMATS: Final = tuple(
    re.compile(rf"{each}(?!\d)")
    for each in (
        rf"{_FOURS}{_GAP}\d{{1,3}}",
        _FOURS,
        rf"3\d{{3}}{_GAP}\d{{6}}{_GAP}\d{{4,5}}",
        rf"[2-6]\d{{7}}{_GAP}\d{{8}}",
        rf"{_ISSUED}{_WIDE_GAP}\d{{4}}(?P=gap)\d{{4}}(?P=gap)\d{{4}}",
        rf"3\d{{3}}{_WIDE_GAP}\d{{6}}(?P=gap)\d{{4,5}}",
    )
)
"""Groups as on cards. A fourth group can be complete without what follows it."""

BEGINNING: Final = re.compile(r"(?<![\d+])[2-6]")
"""First digit of a number that is not a telephone number with +."""

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
    plain, places = _plain(text)
    place = 0
    while first := BEGINNING.search(plain, place):
        end = _end_of(plain, first.start())
        if end is not None:
            yield places[first.start()], places[end - 1] + 1
        place = first.start() + 1 if end is None else end


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """Return a text with the digits 0 to 9 only, and the place of each character in the original.

    Format characters, which nobody sees, are left out. In an IBAN, digits are replaced.
    """
    places: Sequence[int] = range(len(text))
    plain = text
    if not text.isascii():
        places = [at for at, each in enumerate(text) if unicodedata.category(each) != "Cf"]
        shown = (text[at] for at in places)
        plain = "".join(
            str(unicodedata.decimal(each)) if each.isdecimal() else each for each in shown
        )
    for begin, end in ibans(plain):
        plain = f"{plain[:begin]}{'X' * (end - begin)}{plain[end:]}"
    return plain, places


def _end_of(text: str, begin: int) -> int | None:
    """Return the end of the card number that begins at a place; None if none does."""
    together = TOGETHER.match(text, begin)
    if together and _has_check_digit(together.group()) and not _is_part(text, together):
        return together.end()
    for each in FORMATS:
        grouped = each.match(text, begin)
        is_id = grouped and _is_hexadecimal(WORD_AFTER.match(text, grouped.end()))
        if grouped is None or is_id or _is_list(text, grouped):
            continue
        if _has_check_digit(grouped.group()):
            return grouped.end()
    return None


def _is_list(text: str, groups: re.Match[str]) -> bool:
    """Return whether groups with a wide gap are numbers of a list, such as tempos or calories.

    A list has more numbers than a card has groups, or all are equal, or all are multiples of ten.
    """
    gap: str | None = groups.groupdict().get("gap")
    if gap is None:
        return False
    before, after = text[: groups.start()], text[groups.end() :]
    mark = re.escape(gap)
    goes_on = re.match(rf"{mark}\d{{4}}(?!\d)", after) or re.search(rf"\d{{4}}{mark}\Z", before)
    numbers = groups.group().split(gap)
    return bool(goes_on) or len(set(numbers)) == 1 or all(each[-1] == "0" for each in numbers)


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


def _is_hexadecimal(word: re.Match[str] | None) -> bool:
    """Return whether a word is not empty, and has only letters of hexadecimal numbers."""
    return word is not None and word.group() != "" and HEXADECIMAL.issuperset(word.group())


def _has_check_digit(text: str) -> bool:
    """Return whether the digits of a text are as many, and satisfy Luhn's formula (ISO 7812-1)."""
    digits = [int(each) for each in text if each.isdigit()]
    doubled = (sum(divmod(2 * each, 10)) for each in digits[-2::-2])
    is_long_enough = FEWEST_DIGITS <= len(digits) <= MOST_DIGITS
    return is_long_enough and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
