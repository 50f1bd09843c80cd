"""Discounts: how coupons reduce prices, and for how many periods of a subscription."""

from typing import Final, Literal

from domain.ids import CouponId
from domain.kernel import value
from domain.money import FULL_SHARE, Money

Duration = Literal["once", "repeating", "forever"]
"""Paid periods that cost less: the first one, the first ones, or all."""

MAX_PERIODS: Final = 120


@value
class Reduction:
    """A share off a price in basis points, or an amount off. One of them is set."""

    basis_points: int | None = None
    amount: Money | None = None

    def reduced(self, price: Money) -> Money | None:
        """Return the price with the reduction. A share is rounded half up, in favor of the user.

        None if nothing would be left to pay, or the currency is another one.
        """
        off = self.amount or price.share(self.basis_points or 0, FULL_SHARE)
        if off.currency != price.currency or off.minor >= price.minor:
            return None
        return price.minus(off)


@value
class Discount:
    """A coupon, and the price without it."""

    coupon_id: CouponId
    price: Money
