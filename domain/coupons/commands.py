"""Commands of a coupon, and their refusals."""

from datetime import datetime
from typing import Final

from domain.coupons.events import CouponTerms
from domain.discounts import MAX_PERIODS
from domain.ids import PaymentId, PlanId, UserId
from domain.kernel import Rejected, command
from domain.money import FULL_SHARE, Money
from domain.values import InvalidValue, within, within_calendar

MAX_USES: Final = 1_000_000
MAX_PLANS: Final = 100


@command
class CreateCoupon:
    user_id: UserId
    terms: CouponTerms
    at: datetime

    def __post_init__(self) -> None:
        terms = self.terms
        if (terms.basis_points is None) == (terms.amount is None):
            raise InvalidValue("A coupon has either a share or an amount.")
        if terms.basis_points is not None:
            within("share in basis points", terms.basis_points, 1, FULL_SHARE - 1)
        if terms.amount is not None and terms.amount.minor == 0:
            raise InvalidValue("The amount of a coupon is above zero.")
        within("number of plans", len(terms.plans), 0, MAX_PLANS)
        if terms.max_uses is not None:
            within("uses", terms.max_uses, 1, MAX_USES)
        within("uses per user", terms.max_uses_per_user, 1, MAX_USES)
        if (terms.duration == "repeating") != (terms.duration_in_periods is not None):
            raise InvalidValue("A repeating coupon names its periods, and no other one does.")
        if terms.duration_in_periods is not None:
            within("periods", terms.duration_in_periods, 1, MAX_PERIODS)
        if terms.expires_at is not None and within_calendar(terms.expires_at) <= self.at:
            raise InvalidValue("The coupon would have expired already.")


@command
class RedeemCoupon:
    """Take a use of a coupon for a payment that is being created."""

    user_id: UserId
    payment_id: PaymentId
    plan_id: PlanId
    price: Money
    at: datetime


@command
class ReleaseCoupon:
    payment_id: PaymentId
    at: datetime


@command
class EndCoupon:
    at: datetime


CouponCommand = CreateCoupon | RedeemCoupon | ReleaseCoupon | EndCoupon


class CouponNotFound(Rejected):
    """There is no coupon with this code."""

    code = "coupon.unknown"
    kind = "not_found"


class CouponExists(Rejected):
    """There is a coupon with this code already."""

    code = "coupon.exists"


class CouponOver(Rejected):
    """This coupon has expired, or was ended."""

    code = "coupon.over"


class CouponUsedUp(Rejected):
    """This coupon has been used as often as it may be."""

    code = "coupon.used_up"


class CouponUsedByYou(Rejected):
    """You have used this coupon as often as you may."""

    code = "coupon.used_by_you"


class CouponNotValid(Rejected):
    """This coupon is not valid for this plan, its currency or its price."""

    code = "coupon.not_valid"
