import pytest
from hypothesis import strategies as st

from domain.money import FULL_SHARE, MAX_MINOR, CurrenciesDiffer, Money, Price
from domain.values import InvalidValue
from tests.specification import for_any, is_refused

amounts = st.integers(0, MAX_MINOR)


def test_amounts_of_one_currency_are_added_and_subtracted() -> None:
    assert Money(150, "EUR").plus(Money(50, "EUR")) == Money(200, "EUR")
    assert Money(150, "EUR").minus(Money(50, "EUR")) == Money(100, "EUR")


def test_amounts_of_different_currencies_are_refused() -> None:
    is_refused(CurrenciesDiffer, lambda: Money(1, "EUR").plus(Money(1, "USD")))
    is_refused(CurrenciesDiffer, lambda: Money(1, "EUR").minus(Money(1, "USD")))


def test_an_amount_is_neither_negative_nor_too_large() -> None:
    is_refused(InvalidValue, lambda: Money(-1, "EUR"))
    is_refused(InvalidValue, lambda: Money(1, "EUR").minus(Money(2, "EUR")))
    is_refused(InvalidValue, lambda: Money(MAX_MINOR + 1, "EUR"))


@pytest.mark.parametrize(
    ("price", "basis_points", "tax"),
    [(11_900, 1900, 1900), (100, 0, 0), (1, 1900, 0), (3, 2000, 1), (1999, 700, 131)],
)
def test_a_price_includes_its_tax_rounded_half_up(price: int, basis_points: int, tax: int) -> None:
    assert Money(price, "EUR").included_tax(basis_points) == Money(tax, "EUR")


@for_any(amounts, st.integers(0, FULL_SHARE))
def test_tax_and_net_amount_sum_to_the_price(minor: int, basis_points: int) -> None:
    price = Money(minor, "EUR")
    tax = price.included_tax(basis_points)
    assert price.minus(tax).plus(tax) == price


def test_half_a_cent_is_rounded_up() -> None:
    assert Money(5, "EUR").share(1, 2) == Money(3, "EUR")
    assert Money(5, "EUR").share(0, 2) == Money(0, "EUR")
    is_refused(InvalidValue, lambda: Money(5, "EUR").share(3, 2))


def test_an_amount_is_written_with_the_digits_of_its_currency() -> None:
    assert Money(1905, "EUR").decimal() == "19.05"
    assert Money(5, "RUB").decimal() == "0.05"
    assert Money(1905, "JPY").decimal() == "1905"


def test_a_price_is_above_zero() -> None:
    is_refused(InvalidValue, lambda: Price("EU", Money(0, "EUR")))
    is_refused(InvalidValue, lambda: Price("EU", Money(1, "EUR"), tax_basis_points=10_001))
