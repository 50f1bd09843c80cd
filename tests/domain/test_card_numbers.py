"""Card numbers in texts: found in each usual format, and nothing else."""

import unicodedata
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bank_accounts import hide_ibans, ibans
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


ISSUED = NUMBERS.filter(
    lambda number: (
        number[0] in "3456"
        and len(number) == (15 if number[0] == "3" else 16)
        and set(number[3::4]) != {"0"}
    )
)
WIDE_GAPS = st.sampled_from(
    [
        ",",
        ", ",
        ":",
        " : ",
        "|",
        " | ",
        "*",
        ";",
        "+",
        "~",
        "=",
        " -> ",
        " . . . ",
        "      ",
        "\r\n\r\n",
    ]
)


@given(ISSUED, WIDE_GAPS, AROUND)
def test_a_card_is_found_with_unusual_marks_and_long_gaps(
    number: str, gap: str, before: str
) -> None:
    """R-PAY-05"""
    assert hide_card_numbers(f"{before}{groups(number, gap)} ok") == f"{before}{HIDDEN} ok"


@pytest.mark.parametrize(
    "text",
    [
        "Tempo 3020, 3020, 3020, 3020",
        "Tempo 4010 | 4010 | 4010 | 4010",
        "Swim 4000, 3600, 3200, 2800 m",
        "2600; 2600; 2600; 2600",
        "Calories (Mon-Sun): 2500, 2300, 2500, 2300, 2500, 2800, 2800",
        "Steps: 5041, 6254, 4972, 5123, 6911, 5833, 4108",
        "[2500,2400,2300,2200]",
    ],
)
def test_lists_of_numbers_are_no_cards(text: str) -> None:
    """R-PAY-05: tempos, distances and calories, which trainers write."""
    refuse_card_number(text)
    assert hide_card_numbers(text) == text


FORMAT_CHARACTERS = [
    chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"
]


@given(NUMBERS, st.sampled_from(FORMAT_CHARACTERS), st.integers(1, 3))
def test_characters_that_nobody_sees_hide_no_card(number: str, invisible: str, step: int) -> None:
    """R-PAY-05: nor does anything of it stay."""
    parts = [number[start : start + step] for start in range(0, len(number), step)]
    assert hide_card_numbers(f"a {invisible.join(parts)} z") == f"a {HIDDEN} z"


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


@given(st.uuids())
def test_a_uuid_is_no_card(uuid: UUID) -> None:
    refuse_card_number(f"See {uuid}.")


@given(st.from_regex(r"[3-6][0-9]{3} [0-9]{4} [0-9]{4} [0-9]{4} [0-9]{2}", fullmatch=True))
def test_an_iban_is_no_card(account: str) -> None:
    """Its check digits are right, whatever the digits of a card in it say."""
    digits = account.replace(" ", "")
    check = 98 - int(f"{digits}131400") % 97
    text = f"DE{check:02} {account}"
    assert hide_card_numbers(text) == text


@pytest.mark.parametrize(
    "account",
    [
        "DE89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "de89-3704-0044-0532-0130-00",
        "BE68 5390 0754 7034",
        "GB82 WEST 1234 5698 7654 32",
        "NO93 8601 1117 947",
        "FR14\u00a02004\u00a01010\u00a00505\u00a00001\u00a03M02\u00a0606",
        "MT84MALT011000012345MTLCAST001S",
    ],
)
@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("Pay to ", " PAID ME 12"), ("iban=", ", thanks"), ("4242 4242 4242 4242 ", "")],
)
def test_ibans_are_hidden_whatever_follows(account: str, before: str, after: str) -> None:
    """R-PAY-05: also beside a card, which stays one."""
    assert hide_ibans(f"{before}{account}{after}") == f"{before}[bank account]{after}"
    assert list(ibans(f"{before}{account}{after}")) == [(len(before), len(before + account))]
    assert (HIDDEN in hide_card_numbers(f"{before}{account}{after}")) == before.startswith("4242")


@pytest.mark.parametrize(
    "text",
    [
        "DE88370400440532013000", "DE8937040044053201300", "XDE89370400440532013000", "de89",
        "be68539a07547034", "DE89 3704 00440532 0130 00", "DE89 3704-0044-0532-0130-00",
    ],
)  # fmt: skip
def test_other_texts_are_no_ibans(text: str) -> None:
    assert hide_ibans(text) == text


@given(st.uuids(), st.binary(min_size=8, max_size=8))
def test_ids_of_requests_and_spans_are_no_ibans(uuid: UUID, span: bytes) -> None:
    text = f"{uuid} {span.hex()}"
    assert hide_ibans(text) == text


@pytest.mark.parametrize("prefix", ["ZZ11", "DE78"])
def test_a_text_with_the_check_digits_of_an_iban_is_none_by_that(prefix: str) -> None:
    """R-PAY-05: no country ZZ has IBANs, and those of Germany are longer."""
    text = f"{prefix} 4242 4242 4242 4242"
    assert hide_card_numbers(text) == f"{prefix} {HIDDEN}"


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
        "+49 30 4242 4242, +7 495 424-24-24, (555) 010-4242",
        "DE89 3704 0044 0532 0130 00",
        "GB82 WEST 1234 5698 7654 32, FR14 2004 1010 0505 0001 3M02 606",
        "2021, 2022, 2023, 2022",
        "2030-01-31T07:30:00Z 2030-02-28, 31.01.2030 - 28.02.2030",
        "10:30:45:4242, 4242:10",
        "2001:4860:4860:1005",
        "4242-4242-4242-2b",
    ],
)
def test_ids_times_and_telephone_numbers_are_no_cards(text: str) -> None:
    refuse_card_number(text)
    assert hide_card_numbers(text) == text
