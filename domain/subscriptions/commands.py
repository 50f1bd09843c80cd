"""Commands of a subscription, and their refusals."""

from datetime import datetime
from typing import Final

from domain.ids import PaymentId, PlanId, SubscriptionId, UserId
from domain.kernel import Rejected, command, value
from domain.money import Money, Price
from domain.payment_methods import Gateway, StoredMethod
from domain.subscriptions.discounts import CouponDiscount
from domain.subscriptions.events import PlanChoice
from domain.values import within

MIN_PAUSE_DAYS: Final = 7
MAX_PAUSE_DAYS: Final = 90


@command
class CreateSubscription:
    """Wait for the first payment, or begin with a trial. The `discount` is that of a coupon.

    Without grace, access ends at the date of a renewal that is not paid.
    """

    user_id: UserId
    plan_id: PlanId
    plan_number: int
    price: Price
    billing_months: int
    trial_days: int = 0
    discount: CouponDiscount | None = None
    has_grace: bool = True
    at: datetime

    def __post_init__(self) -> None:
        within("billing months", self.billing_months, 1, 12)


@command
class NotePaid:
    """Activate or renew, because a payment has been completed."""

    payment_id: PaymentId
    at: datetime


@command
class NoteUnpaid:
    """Cancel or become past due, because a payment has failed, or its user has cancelled it.

    Payments that were withdrawn change nothing. `no_gateway`: no gateway could take it.
    """

    payment_id: PaymentId
    cancelled: bool = False
    no_gateway: bool = False
    at: datetime


@command
class NoteRefunded:
    """Withdraw the access that a payment had granted."""

    payment_id: PaymentId
    at: datetime


@command
class NotePartReturned:
    """Take back a change of plan that credits a payment of which a part was returned."""

    payment_id: PaymentId
    at: datetime


@command
class NoteMethod:
    """Store the method with which a payment was paid, because its gateway keeps it.

    `began_with` is the method that was stored when the payment began, or None. Only that one is
    replaced: a method that the user has stored since then stays. A debit, for example, is processed
    by the bank for days.
    """

    subscription_id: SubscriptionId
    method: StoredMethod
    began_with: StoredMethod | None
    at: datetime


@command
class CancelSubscription:
    """End at the end of the paid period, or at once."""

    at_once: bool
    at: datetime


@command
class ResumeSubscription:
    """Take back a cancellation or a pause before it takes effect, or end a pause early."""

    at: datetime


@command
class PauseSubscription:
    """Pause for some days from the end of the paid period."""

    days: int
    at: datetime

    def __post_init__(self) -> None:
        within("days of a pause", self.days, MIN_PAUSE_DAYS, MAX_PAUSE_DAYS)


@command
class StoreMethod:
    """Charge renewals to this method from now on. What is past due is tried with it at once.

    With `only_new`, a method that was stored before changes nothing: a late or repeated report of
    its setup does not replace what the user has stored since then. With `keeps_renewal`, a renewal
    that is under way is not begun again, because the bank is processing its debit.
    """

    subscription_id: SubscriptionId
    method: StoredMethod
    only_new: bool = False
    keeps_renewal: bool = False
    at: datetime


@command
class Renew:
    """Announce or start the renewal if it is due. Users without a stored method pay by hand.

    `gateways` are those at which they can.
    """

    subscription_id: SubscriptionId
    gateways: tuple[Gateway, ...]
    at: datetime


@command
class EndPeriod:
    """End or pause if the cancellation or the pause has become due."""

    at: datetime


@value
class PaidAmount:
    """What a payment is worth: its amount and the credit in it, less what was returned."""

    payment_id: PaymentId
    amount: Money


@command
class ChangePlan:
    """Change to another plan as it was previewed: now with a payment, or at the end of the period.

    `paid` are the payments whose periods are not over, in order. `token` names the preview.
    Without a stored method, the user pays by hand at one of the `gateways`. `session_key` is part
    of the ids of the sessions of the new plan.
    """

    subscription_id: SubscriptionId
    choice: PlanChoice
    paid: tuple[PaidAmount, ...]
    token: str
    gateways: tuple[Gateway, ...]
    session_key: str
    at: datetime


@command
class WithdrawPlanChange:
    """Take back a change of plan before it takes effect."""

    at: datetime


SubscriptionCommand = (
    CreateSubscription
    | NotePaid
    | NoteUnpaid
    | NoteRefunded
    | NotePartReturned
    | CancelSubscription
    | ResumeSubscription
    | PauseSubscription
    | NoteMethod
    | StoreMethod
    | Renew
    | EndPeriod
    | ChangePlan
    | WithdrawPlanChange
)


class SubscriptionNotFound(Rejected):
    """There is no subscription with this id."""

    code = "subscription.unknown"
    kind = "not_found"


class SubscriptionExists(Rejected):
    """This subscription exists already."""

    code = "subscription.exists"


class SubscriptionNotActive(Rejected):
    """The subscription is not active."""

    code = "subscription.not_active"


class SubscriptionCancelled(Rejected):
    """This subscription is canceled. Take the cancellation back first."""

    code = "subscription.cancelled"


class PlanAbandoned(Rejected):
    """The trainer of this plan has left, so the subscription cannot go on."""

    code = "subscription.plan_abandoned"


class MoneyReturned(Rejected):
    """The money for the next period was returned. Choose the plan again after this period."""

    code = "subscription.money_returned"


class RenewalUnpaid(Rejected):
    """The last renewal of this subscription is not paid. Pay it first, or cancel."""

    code = "subscription.past_due"


class AlreadyPaused(Rejected):
    """This subscription is paused. Resume it first."""

    code = "subscription.paused"


class TooManyPauses(Rejected):
    """A subscription can begin 2 pauses within 365 days. Cancel it if you need a longer break."""

    code = "subscription.too_many_pauses"


class PlanUnchanged(Rejected):
    """You are subscribed to this plan already. Choose another one."""

    code = "subscription.same_plan"


class RenewalProcessing(Rejected):
    """Your bank is processing the renewal. This takes up to 14 days. Change the plan after that."""

    code = "subscription.renewal_processing"


class NotPaidYet(Rejected):
    """This subscription is on trial. You can change its plan after the first payment."""

    code = "subscription.on_trial"


class ChangePending(Rejected):
    """Another change of plan is pending. Take it back first, or wait until it is done."""

    code = "subscription.change_pending"


class ChangePaid(Rejected):
    """The next period is paid for the new plan already. Change the plan again once it begins."""

    code = "subscription.change_paid"


class PreviewOutdated(Rejected):
    """The terms of the change are not those that you were shown. Look at the new ones first."""

    code = "subscription.preview_outdated"
