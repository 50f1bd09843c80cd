"""Prices of plans: by region, with a coupon, and as the user was shown them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from application.kernel.command_handler import Request
from application.kernel.ports import EventLog
from domain.card_numbers import refuse_card_number
from domain.catalog.events import PlanTerms
from domain.coupons.commands import CouponNotFound, RedeemCoupon
from domain.coupons.coupon import COUPON, Offered, check, reduced
from domain.coupons.events import CouponTerms
from domain.discounts import Discount
from domain.ids import CouponId, PaymentId, PlanId, TenantId, UserId
from domain.kernel import LimitReached, Rejected, value
from domain.money import Money, Price, Region
from domain.subscriptions.discounts import CouponDiscount
from domain.values import InvalidValue

MAX_CODE_LENGTH: Final = 40

CODE: Final = re.compile(rf"[A-Z0-9][A-Z0-9-]{{2,{MAX_CODE_LENGTH - 1}}}")


class NotSoldInRegion(Rejected):
    """This plan has no price in your region."""

    code = "plan.not_sold_in_region"


class PriceChanged(Rejected):
    """The price is not the one that you were shown. Look at the new one, and confirm it."""

    code = "plan.price_changed"


class TooManyPrices(LimitReached):
    """You have asked for too many prices. Wait a minute, then try again."""

    code = "plan.too_many_prices"


def coupon_id_of(code: str) -> CouponId:
    """Return the id of a coupon by its code, whose case does not matter.

    Raises InvalidValue and CardNumberRefused.
    """
    refuse_card_number(code)
    coupon_id = find_coupon_id(code)
    if coupon_id is None:
        raise InvalidValue("A code has 3 to 40 letters, digits and hyphens.")
    return coupon_id


def find_coupon_id(code: str) -> CouponId | None:
    """Return the id of a coupon by its code, or None if no coupon can have it."""
    upper = code.strip().upper()
    return CouponId(upper) if CODE.fullmatch(upper) else None


@value
class Quote:
    """The price of a plan, and what is to be paid first, with the coupon if there is one."""

    price: Price
    amount: Money
    coupon_id: CouponId | None = None
    coupon: CouponTerms | None = None

    @property
    def discount(self) -> Discount | None:
        """The discount of the first payment."""
        return None if self.coupon_id is None else Discount(self.coupon_id, self.price.amount)

    @property
    def coupon_discount(self) -> CouponDiscount | None:
        """The discount of the first periods."""
        if self.coupon_id is None or self.coupon is None:
            return None
        coupon = self.coupon
        return CouponDiscount(self.coupon_id, coupon.reduction, coupon.plans, coupon.periods)


@dataclass(frozen=True)
class Pricing:
    """Prices of offered plans. Limits of coupons are checked again when one is redeemed."""

    log: EventLog

    def quote(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        plan_id: PlanId,
        terms: PlanTerms,
        *,
        region: Region,
        coupon: str | None,
        at: datetime,
    ) -> Quote:
        """Return the price in a region. Raises NotSoldInRegion, and the refusals of the coupon."""
        price = next((each for each in terms.prices if each.region == region), None)
        if price is None:
            raise NotSoldInRegion
        if coupon is None:
            return Quote(price, price.amount)
        coupon_id = coupon_id_of(coupon)
        history = self.log.load(tenant_id, f"{COUPON.category}-{coupon_id}")
        state = COUPON.fold(recorded.event for recorded in history)
        if not isinstance(state, Offered):
            raise CouponNotFound
        redeem = RedeemCoupon(
            user_id=user_id,
            payment_id=PaymentId(""),
            plan_id=plan_id,
            price=price.amount,
            at=at,
        )
        check(redeem, state)
        return Quote(price, reduced(price.amount, state.terms), coupon_id, state.terms)


def redeem_requests(
    quote: Quote, user_id: UserId, plan_id: PlanId, payment_id: PaymentId, at: datetime
) -> list[Request]:
    """Return the request that takes a use of the coupon, if there is one."""
    if quote.coupon_id is None:
        return []
    redeem = RedeemCoupon(
        user_id=user_id,
        payment_id=payment_id,
        plan_id=plan_id,
        price=quote.price.amount,
        at=at,
    )
    return [Request(COUPON, quote.coupon_id, [redeem], contended=True)]
