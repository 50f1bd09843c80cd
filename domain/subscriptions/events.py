"""Events of a subscription: the right to a plan, paid by period."""

from datetime import datetime
from typing import Literal

from domain.discounts import Discount, Reduction
from domain.ids import CouponId, PaymentId, PlanId, UserId, WorkoutId
from domain.kernel import event, value
from domain.money import Money, Price, Region
from domain.payment_methods import Gateway, StoredMethod

EndReason = Literal["payment_failed", "cancelled", "refunded", "expired"]
"""`expired`: the paid period is over, and no gateway can renew it."""

MissedDay = Literal["shift", "skip", "repeat"]
"""Rule of a plan for a missed workout."""


@value
class PlanChoice:
    """A version of a plan that a subscription changes to, as it was offered at that time.

    `price` is that of the region of the subscription. The rest is the schedule of the enrollment
    that begins with the change.
    """

    plan_id: PlanId
    plan_number: int
    trainer_id: UserId
    price: Price
    billing_months: int
    weeks: int
    sessions_per_week: int
    workouts: tuple[WorkoutId, ...]
    missed_day: MissedDay


@event("subscription.created")
class SubscriptionCreated:
    """A subscription in the state `pending_payment`."""

    user_id: UserId
    plan_id: PlanId
    plan_number: int
    price: Price
    billing_months: int
    at: datetime


@event("subscription.discounted")
class SubscriptionDiscounted:
    """A coupon reduces the price of the first paid periods: of `periods` of them; None: of all.

    `plans` are those for which it is valid; none: all.
    """

    coupon_id: CouponId
    reduction: Reduction
    plans: tuple[PlanId, ...]
    periods: int | None
    at: datetime


@event("subscription.discount_applied")
class DiscountApplied:
    """A period was paid with the discount. `periods_left`: how many more; None: all."""

    payment_id: PaymentId
    periods_left: int | None
    at: datetime


@event("subscription.activated")
class SubscriptionActivated:
    """The first payment has succeeded: access is granted, and renewed on a date."""

    payment_id: PaymentId
    renews_at: datetime
    at: datetime


@event("subscription.trial_started")
class TrialStarted:
    """Access is granted without a payment, until a date for which the first one is due."""

    ends_at: datetime
    at: datetime


@event("subscription.renewed")
class SubscriptionRenewed:
    payment_id: PaymentId
    renews_at: datetime
    at: datetime


@event("subscription.past_due")
class SubscriptionPastDue:
    """A renewal was not paid. Access stays until the last of the retries has failed.

    `failed` counts the failed payments in a row, without those of a trial that no gateway took.
    """

    payment_id: PaymentId
    failed: int
    retry_at: datetime
    at: datetime


@event("subscription.method_stored")
class MethodStored:
    """Renewals are charged to this method from now on."""

    method: StoredMethod
    at: datetime


@event("subscription.renewal_announced")
class RenewalAnnounced:
    """The stored method will be charged before this date."""

    renews_at: datetime
    at: datetime


@event("subscription.renewal_started", version=2)
class RenewalStarted:
    """A payment is due for the next period: by the stored method, or without one by hand.

    With a `discount`, the amount is less than the price. Events of version 1 have none.
    """

    payment_id: PaymentId
    amount: Money
    region: Region
    gateways: tuple[Gateway, ...]
    method: StoredMethod | None
    at: datetime
    discount: Discount | None = None


@event("subscription.renewal_withdrawn")
class RenewalWithdrawn:
    """The payment of a renewal is not wanted any more: the inverse of `renewal_started`."""

    payment_id: PaymentId
    at: datetime


@event("subscription.grace_withheld")
class GraceWithheld:
    """Each renewal must be paid by its date: another grace of the user has ended unpaid lately."""

    at: datetime


@event("subscription.cancellation_scheduled")
class CancellationScheduled:
    ends_at: datetime
    at: datetime


@event("subscription.resumed")
class SubscriptionResumed:
    """A cancellation or a scheduled pause is taken back. A pause under way ends with a payment."""

    at: datetime


@event("subscription.pause_scheduled")
class PauseScheduled:
    """The subscription pauses at the end of its paid period, until another date."""

    pauses_at: datetime
    resumes_at: datetime
    at: datetime


@event("subscription.paused")
class SubscriptionPaused:
    """A pause has begun: access is withdrawn, and nothing is charged before its end."""

    resumes_at: datetime
    at: datetime


@event("subscription.pause_ended")
class PauseEnded:
    """The period after a pause is paid: access is granted again."""

    at: datetime


@value
class CreditedPayment:
    """The part of a credit that is left of one payment."""

    payment_id: PaymentId
    amount: Money


@event("subscription.plan_change_started", version=3)
class PlanChangeStarted:
    """A payment is due for another plan. Until it succeeds, the present plan stays.

    `amount` is the price, with the `discount` if there is one, less the `credit` for the rest of
    the paid period. It is charged to the stored method, or without one paid by hand. `credited` are
    the parts of the credit; events of version 1 have none.
    """

    choice: PlanChoice
    payment_id: PaymentId
    credit: Money
    amount: Money
    gateways: tuple[Gateway, ...]
    method: StoredMethod | None
    session_key: str
    at: datetime
    credited: tuple[CreditedPayment, ...]
    discount: Discount | None = None


@event("subscription.plan_change_failed")
class PlanChangeFailed:
    """The payment for another plan has failed. The present plan stays."""

    payment_id: PaymentId
    at: datetime


@event("subscription.plan_change_scheduled")
class PlanChangeScheduled:
    """Another plan follows at the end of the paid period. Renewals for it cost its price."""

    choice: PlanChoice
    changes_at: datetime
    session_key: str
    at: datetime


@event("subscription.plan_change_withdrawn")
class PlanChangeWithdrawn:
    """A change that is scheduled or not paid yet is taken back, with its payment if it has one."""

    payment_id: PaymentId | None
    at: datetime


@event("subscription.plan_changed")
class PlanChanged:
    """Another plan has replaced the plan `left_plan_id`, paid until `renews_at`.

    With a `payment_id`, its first period begins now. Without one, it was scheduled.
    """

    choice: PlanChoice
    left_plan_id: PlanId
    payment_id: PaymentId | None
    session_key: str
    renews_at: datetime
    at: datetime


@event("subscription.ended")
class SubscriptionEnded:
    """Access is withdrawn, or a subscription that was never paid is cancelled."""

    reason: EndReason
    at: datetime


SubscriptionEvent = (
    SubscriptionCreated
    | SubscriptionDiscounted
    | DiscountApplied
    | SubscriptionActivated
    | TrialStarted
    | GraceWithheld
    | SubscriptionRenewed
    | SubscriptionPastDue
    | MethodStored
    | RenewalAnnounced
    | RenewalStarted
    | RenewalWithdrawn
    | CancellationScheduled
    | SubscriptionResumed
    | PauseScheduled
    | SubscriptionPaused
    | PauseEnded
    | PlanChangeStarted
    | PlanChangeFailed
    | PlanChangeScheduled
    | PlanChangeWithdrawn
    | PlanChanged
    | SubscriptionEnded
)
