"""Events of a coupon: a price reduction for the first paid periods of a plan."""

from datetime import datetime

from domain.discounts import Duration, Reduction
from domain.ids import PaymentId, PlanId, UserId
from domain.kernel import event, value
from domain.money import Money


@value
class CouponTerms:
    """What a coupon is worth: a share in basis points, or an amount; and where it is valid.

    Without `plans` it is valid for all plans of the tenant. `max_uses` None: without a limit.
    `duration_in_periods` is how many paid periods cost less, if the duration is `repeating`.
    """

    basis_points: int | None = None
    amount: Money | None = None
    plans: tuple[PlanId, ...] = ()
    expires_at: datetime | None = None
    max_uses: int | None = None
    max_uses_per_user: int = 1
    duration: Duration = "once"
    duration_in_periods: int | None = None

    @property
    def reduction(self) -> Reduction:
        """What it takes off a price."""
        return Reduction(self.basis_points, self.amount)

    @property
    def periods(self) -> int | None:
        """How many paid periods cost less; None: all."""
        return 1 if self.duration == "once" else self.duration_in_periods


@event("coupon.created", version=2)
class CouponCreated:
    """`user_id` is the trainer or administrator who offers it."""

    user_id: UserId
    terms: CouponTerms
    at: datetime


@event("coupon.redeemed")
class CouponRedeemed:
    """A user has taken one use for a payment, which is pending."""

    user_id: UserId
    payment_id: PaymentId
    plan_id: PlanId
    at: datetime


@event("coupon.released")
class CouponReleased:
    """The payment failed, so its use is free again: the inverse of `coupon.redeemed`."""

    payment_id: PaymentId
    at: datetime


@event("coupon.ended")
class CouponEnded:
    at: datetime


CouponEvent = CouponCreated | CouponRedeemed | CouponReleased | CouponEnded
