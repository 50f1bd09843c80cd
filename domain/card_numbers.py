"""Card numbers in texts: refused in what people write, and hidden in what is logged or repeated.

A card number has 13 to 19 digits, begins with 2 to 6, and has the check digit of Luhn. It is found
if its digits are written together, or in the groups that are printed on cards, separated by blanks,
hyphens or dots. Cards belong into the form of the payment provider only.
"""

import re
from typing import Final

from domain.kernel import Rejected

HIDDEN: Final = "[card number]"

_GAP: Final = r"[ \u00a0\u2009\u202f.-]"

CANDIDATE: Final = re.compile(
    rf"""(?<![^\W_])(?<!\+)(?<!\d{_GAP})(?:
      [2-6]\d{{12,18}}
    | [2-6]\d{{3}}(?P<gap>{_GAP})\d{{4}}(?P=gap)\d{{4}}(?P=gap)\d{{1,4}}(?:(?P=gap)\d{{1,3}})?
    | 3\d{{3}}(?P<other>{_GAP})\d{{6}}(?P=other)\d{{4,5}}
    )(?![^\W_])""",
    re.VERBOSE,
)
"""Digits that can be a card number: not part of a word, a decimal or a telephone number with +."""


class CardNumberRefused(Rejected):
    """This text has a card number. Remove it: only the payment provider may have that."""

    code = "value.card_number"
    kind = "invalid"


def refuse_card_number(text: str) -> None:
    """Raise CardNumberRefused if a text has a card number."""
    if any(_has_check_digit(each.group()) for each in CANDIDATE.finditer(text)):
        raise CardNumberRefused


def hide_card_numbers(text: str) -> str:
    """Replace the card numbers in a text."""
    return CANDIDATE.sub(
        lambda found: HIDDEN if _has_check_digit(found.group()) else found.group(), text
    )


def _has_check_digit(text: str) -> bool:
    """Return whether the digits of a text satisfy Luhn's formula (ISO/IEC 7812-1)."""
    digits = [int(each) for each in text if each.isdigit()]
    doubled = (sum(divmod(2 * each, 10)) for each in digits[-2::-2])
    return len(digits) <= 19 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
