"""Events of a subscription: the right to a plan, paid by period."""

from datetime import datetime
from typing import Literal

from domain.ids import PaymentId, PlanId, UserId
from domain.kernel import event
from domain.money import Money, Price, Region
from domain.payment_methods import Gateway, StoredMethod

EndReason = Literal["payment_failed", "cancelled", "refunded", "expired"]
"""`expired`: the paid period is over, and no gateway can renew it."""


@event("subscription.created")
class SubscriptionCreated:
    """A subscription in the state `pending_payment`."""

    user_id: UserId
    plan_id: PlanId
    plan_number: int
    price: Price
    billing_months: int
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

    `failed` counts the failed payments in a row, from 1.
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


@event("subscription.renewal_started")
class RenewalStarted:
    """A payment is due for the next period: by the stored method, or without one by hand."""

    payment_id: PaymentId
    amount: Money
    region: Region
    gateways: tuple[Gateway, ...]
    method: StoredMethod | None
    at: datetime


@event("subscription.renewal_withdrawn")
class RenewalWithdrawn:
    """The payment of a renewal is not wanted any more: the inverse of `renewal_started`."""

    payment_id: PaymentId
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


@event("subscription.ended")
class SubscriptionEnded:
    """Access is withdrawn, or a subscription that was never paid is cancelled."""

    reason: EndReason
    at: datetime


SubscriptionEvent = (
    SubscriptionCreated
    | SubscriptionActivated
    | TrialStarted
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
    | SubscriptionEnded
)
