"""Card numbers in texts: found in each usual format, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.card_numbers import (
    HIDDEN,
    CardNumberRefused,
    hide_card_numbers,
    refuse_card_number,
)

CHECK = "0123456789"


def with_check_digit(digits: str) -> str:
    """Append the digit that makes the sum of Luhn a multiple of ten, by its definition."""
    total = 0
    for place, digit in enumerate(reversed(digits), start=1):
        doubled = int(digit) * 2 if place % 2 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return digits + CHECK[-total % 10]


def groups(number: str, gap: str) -> str:
    """Write a number in the groups of its card."""
    if len(number) in {14, 15} and number[0] == "3":
        return gap.join((number[:4], number[4:10], number[10:]))
    return gap.join(number[start : start + 4] for start in range(0, len(number), 4))


NUMBERS = st.builds(
    lambda first, rest: with_check_digit(first + rest),
    st.sampled_from("23456"),
    st.text("0123456789", min_size=11, max_size=17),
)
AROUND = st.sampled_from(["", " ", "my card: ", "(", '"', "карта "])


@given(NUMBERS, st.sampled_from(["", " ", "-", ".", "\N{NO-BREAK SPACE}"]), AROUND, AROUND)
def test_a_card_number_is_found_in_every_format(
    number: str, gap: str, before: str, after: str
) -> None:
    """R-PAY-05: whatever stands around it; nothing of it is left."""
    text = f"{before}{groups(number, gap)} {after}"
    with pytest.raises(CardNumberRefused) as refused:
        refuse_card_number(text)
    assert number[-4:] not in str(refused.value)
    assert hide_card_numbers(text) == f"{before}{HIDDEN} {after}"


BESIDE = st.sampled_from(
    ["123 ", "12/27 ", "cvc123 ", "12 ", "exp 12/27, ", "card", "1234 ", "карта"]
)
AFTER = st.sampled_from([" 123", " 12/27", " cvc 123", ", 12.27", "exp12", " 1234"])
GAPS = st.sampled_from(["", " ", "  ", " - ", "_", "/", "\u2010", "\u2212", "\u200b", "\t"])


@given(NUMBERS, GAPS, BESIDE, AFTER)
def test_security_codes_and_dates_beside_it_hide_no_card(
    number: str, gap: str, before: str, after: str
) -> None:
    """R-PAY-05: nor do words that are joined to it, or other separators."""
    text = f"{before}{groups(number, gap)}{after}"
    with pytest.raises(CardNumberRefused):
        refuse_card_number(text)
    assert number[:12] not in "".join(each for each in hide_card_numbers(text) if each.isdigit())


@given(NUMBERS)
def test_digits_of_other_scripts_are_digits(number: str) -> None:
    """R-PAY-05: full-width and Arabic digits, too."""
    for zero in (0xFF10, 0x0660):
        text = "".join(chr(zero + int(each)) for each in number)
        with pytest.raises(CardNumberRefused):
            refuse_card_number(text)
        assert hide_card_numbers(f"a {text}") == f"a {HIDDEN}"


@given(NUMBERS.filter(lambda number: len(number) == 16))
def test_a_card_in_two_halves_is_found(number: str) -> None:
    """R-PAY-05"""
    assert hide_card_numbers(f"{number[:8]} {number[8:]}") == HIDDEN


@given(NUMBERS, st.integers(1, 9))
def test_a_number_with_another_check_digit_is_not_a_card(number: str, change: int) -> None:
    other = number[:-1] + str((int(number[-1]) + change) % 10)
    refuse_card_number(other)
    assert hide_card_numbers(other) == other


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4242",
        "SUMMER-25",
        "0197b2c4-5d6e-7f80-9a1b-424242424242",
        "abc4242424242424242",
        "+4242424242424242",
        "0.4242424242424242",
        "1767225600000000007",
        "2030-01-31 07:30:00",
        "pi_3Nabc4242424242424242",
        "4242424242424242ab",
        "12,4242424242424242",
    ],
)
def test_ids_times_and_telephone_numbers_are_no_cards(text: str) -> None:
    refuse_card_number(text)
    assert hide_card_numbers(text) == text
