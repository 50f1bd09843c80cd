"""Discounts of a subscription: a coupon reduces the price of its first paid periods.

A period is counted when it is paid, so failed payments and their retries, pauses and trials count
nothing; the first one after a trial is the first that costs less. A change of plan keeps the
discount. Periods of a plan for which the coupon is not valid, or at whose price nothing would be
left to pay, cost the full price and are not counted.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.discounts import Discount, Reduction
from domain.ids import CouponId, PaymentId, PlanId
from domain.kernel import value
from domain.money import Money
from domain.subscriptions.events import DiscountApplied, SubscriptionDiscounted


@value
class CouponDiscount:
    """The discount of a subscription, as the coupon was when it was redeemed.

    Without `plans` it is valid for all plans. `periods_left`: how many more periods cost less;
    None: all.
    """

    coupon_id: CouponId
    reduction: Reduction
    plans: tuple[PlanId, ...] = ()
    periods_left: int | None = 1

    @classmethod
    def of(cls, event: SubscriptionDiscounted) -> "CouponDiscount":
        """Return the discount before any period was paid."""
        return cls(event.coupon_id, event.reduction, event.plans, event.periods)

    def reduced(self, plan_id: PlanId, price: Money) -> Money | None:
        """Return what the next period of a plan costs, or None if it costs the full price."""
        if self.periods_left == 0 or (self.plans and plan_id not in self.plans):
            return None
        return self.reduction.reduced(price)


def amount_of(
    discount: CouponDiscount | None, plan_id: PlanId, price: Money
) -> tuple[Money, Discount | None]:
    """Return what the next period of a plan costs, and the discount in it."""
    reduced = None if discount is None else discount.reduced(plan_id, price)
    if discount is None or reduced is None:
        return price, None
    return reduced, Discount(discount.coupon_id, price)


def applied(
    discount: CouponDiscount | None,
    plan_id: PlanId,
    price: Money,
    payment_id: PaymentId,
    at: datetime,
) -> Iterator[DiscountApplied]:
    """Count a period of a plan that was paid, if it has cost less."""
    if discount is not None and discount.reduced(plan_id, price) is not None:
        left = discount.periods_left
        yield DiscountApplied(
            payment_id=payment_id, periods_left=None if left is None else left - 1, at=at
        )
