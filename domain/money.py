"""Money: an amount in minor units of a currency, the price of a plan, and the tax in it."""

from typing import Final, Literal

from domain.kernel import Rejected, value
from domain.values import InvalidValue, within

Currency = Literal["CHF", "EUR", "GBP", "JPY", "RUB", "USD"]
"""Currencies of ISO 4217 in which plans are sold."""

MINOR_DIGITS: Final[dict[Currency, int]] = {
    "CHF": 2,
    "EUR": 2,
    "GBP": 2,
    "JPY": 0,
    "RUB": 2,
    "USD": 2,
}
"""Digits after the point: 1999 minor units are 19.99 EUR, or 1999 JPY."""

MAX_MINOR: Final = 10**9
"""Largest amount, in minor units: ten million euros. GraphQL has integers of 32 bits."""

FULL_SHARE: Final = 10_000
"""Basis points of the whole: 1900 are 19 %."""

Region = Literal["US", "EU", "Russia", "other"]
"""Regions with prices and gateways of their own."""


class CurrenciesDiffer(Rejected):
    """Amounts in different currencies cannot be added or compared."""

    code = "money.currencies_differ"
    kind = "invalid"


@value
class Money:
    """An amount >= 0 in whole minor units, such as cents. Never a float."""

    minor: int
    currency: Currency

    def __post_init__(self) -> None:
        within("amount in minor units", self.minor, 0, MAX_MINOR)

    def plus(self, other: "Money") -> "Money":
        """Return the sum. Raises CurrenciesDiffer, and InvalidValue beyond the largest amount."""
        self._check_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def minus(self, other: "Money") -> "Money":
        """Return the difference. Raises CurrenciesDiffer, and InvalidValue below zero."""
        self._check_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def less_than(self, other: "Money") -> bool:
        """Return whether the amount is smaller. Raises CurrenciesDiffer."""
        self._check_currency(other)
        return self.minor < other.minor

    def share(self, part: int, whole: int) -> "Money":
        """Return `part / whole` of the amount, 0 <= part <= whole, rounded half up."""
        if not 0 <= part <= whole or whole == 0:
            raise InvalidValue(f"{part} of {whole} is not a share.")
        return Money(round_half_up(self.minor * part, whole), self.currency)

    def included_tax(self, basis_points: int) -> "Money":
        """Return the tax that a price of this amount includes, rounded half up.

        Of 119.00 with 1900 basis points it is 19.00. Net and tax always sum to the price.
        """
        within("tax in basis points", basis_points, 0, FULL_SHARE)
        return self.share(basis_points, FULL_SHARE + basis_points)

    def decimal(self) -> str:
        """Return the amount with its point, such as "19.99", as gateways of decimals expect it."""
        digits = MINOR_DIGITS[self.currency]
        if digits == 0:
            return str(self.minor)
        whole, minor = divmod(self.minor, 10**digits)
        return f"{whole}.{minor:0{digits}d}"

    def _check_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrenciesDiffer


def round_half_up(numerator: int, denominator: int) -> int:
    """Return the quotient of integers >= 0 as the nearest integer; a half is rounded up."""
    return (2 * numerator + denominator) // (2 * denominator)


@value
class Price:
    """The price of a plan in a region, tax included."""

    region: Region
    amount: Money
    tax_basis_points: int = 0

    def __post_init__(self) -> None:
        within("tax in basis points", self.tax_basis_points, 0, FULL_SHARE)
        if self.amount.minor == 0:
            raise InvalidValue("A price is above zero. A plan without prices is free.")
