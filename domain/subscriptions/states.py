"""States of a subscription, and its dates."""

import calendar
from datetime import datetime, timedelta
from functools import reduce
from typing import Final

from domain.discounts import Discount
from domain.ids import CouponId, PaymentId, PlanId, UserId
from domain.kernel import value
from domain.money import Money, Price
from domain.payment_methods import StoredMethod
from domain.subscriptions import events
from domain.subscriptions.discounts import CouponDiscount, amount_of
from domain.subscriptions.grace import outlasts_date

RETRY_DAYS: Final = (2, 5, 7, 7)
"""Days from each failed renewal to the next attempt. After the fifth failure it ends.

Access stays until then where there is grace (`grace`).
"""

ANNOUNCED: Final = timedelta(days=7)
"""Time before the renewal date in which the renewal is announced, or the user can pay by hand."""

CHARGED: Final = timedelta(days=1)
"""Time before the renewal date in which the stored method is charged."""

OUTAGE_PAUSES: Final = tuple(timedelta(minutes=each) for each in (15, 30, 60))
"""Times until a payment by hand is offered again if no gateway could take it. The last recurs."""

TRIAL_REMINDED: Final = timedelta(days=2)
"""Time before the end of a trial in which its first charge is announced."""


@value
class NotCreated:
    """No subscription exists with this id."""


@value
class Pending:
    """A subscription whose first payment is under way: `pending_payment`."""

    user_id: UserId
    plan_id: PlanId
    price: Price
    billing_months: int
    discount: CouponDiscount | None = None
    has_grace: bool = True


@value
class Pause:
    """A pause that is scheduled, or under way once it has `begun`."""

    pauses_at: datetime
    resumes_at: datetime
    begun: bool = False


@value
class Credit:
    """A part of a payment that a change of plan has credited. `paid_with` is its payment."""

    payment_id: PaymentId
    amount: Money
    paid_with: PaymentId


@value
class StartedChange:
    """A change of plan that takes effect with its payment, which is under way."""

    choice: events.PlanChoice
    session_key: str
    payment_id: PaymentId
    credited: tuple[events.CreditedPayment, ...] = ()


@value
class ScheduledChange:
    """A change of plan at the end of the paid period. `paid_by` is the renewal for it, if paid."""

    choice: events.PlanChoice
    session_key: str
    changes_at: datetime
    paid_by: PaymentId | None = None


@value
class EarlierPayment:
    """A payment for another plan than that of the subscription."""

    payment_id: PaymentId
    plan_id: PlanId
    tax_basis_points: int


@value
class Active:
    """A subscription that grants access, unless it is paused.

    Renewals fall on the day of `anchored_at`, or on the last day of a shorter month; `periods` were
    paid since then. `payments` are the ones that paid a period, in order. `unpaid` are the failed
    renewals since the last of them, `failed` counts those that took a try, `outages` those that no
    gateway could take, and `retry_at` is when the next one is due. `renewing` is the renewal that
    is under way, `withdrawn_renewal` the latest one of this period that was withdrawn, and `tries`
    counts those of this period. `ends_at` is set by a cancellation, and `pause` by a pause; a
    subscription has at most one of them. `paused_at` are the times at which pauses have begun.
    `methods` are all that were ever stored, and `method` is the present one. A trial is a time
    without payments: its first period begins at its end. `change` is a change of plan that is
    pending, and `changes_started` counts those with a payment. `earlier` are the payments for other
    plans, and `credited` the parts of payments that changes of plan have credited. `credited_now`
    are the payments whose credit pays a part of the latest period. `discount` is that of the coupon
    of the first payment. `has_grace`: access stays after the date while a failed renewal is tried
    again.
    """

    user_id: UserId
    plan_id: PlanId
    price: Price
    billing_months: int
    anchored_at: datetime
    renews_at: datetime
    payments: tuple[PaymentId, ...]
    periods: int = 1
    method: StoredMethod | None = None
    methods: frozenset[StoredMethod] = frozenset()
    announced: bool = False
    renewing: PaymentId | None = None
    withdrawn_renewal: PaymentId | None = None
    tries: int = 0
    unpaid: tuple[PaymentId, ...] = ()
    failed: int = 0
    outages: int = 0
    retry_at: datetime | None = None
    ends_at: datetime | None = None
    pause: Pause | None = None
    paused_at: tuple[datetime, ...] = ()
    change: StartedChange | ScheduledChange | None = None
    changes_started: int = 0
    earlier: tuple[EarlierPayment, ...] = ()
    credited: tuple[Credit, ...] = ()
    credited_now: tuple[PaymentId, ...] = ()
    discount: CouponDiscount | None = None
    has_grace: bool = True

    @property
    def next_plan(self) -> tuple[PlanId, Price, int]:
        """Plan, price and months of the next period."""
        if isinstance(self.change, ScheduledChange):
            choice = self.change.choice
            return choice.plan_id, choice.price, choice.billing_months
        return self.plan_id, self.price, self.billing_months

    @property
    def next_amount(self) -> tuple[Money, Discount | None]:
        """What the next period costs, and the discount in it."""
        plan_id, price, _ = self.next_plan
        return amount_of(self.discount, plan_id, price.amount)

    @property
    def next_date(self) -> datetime:
        """End of the next period, however late it is paid."""
        _, _, months = self.next_plan
        if isinstance(self.change, ScheduledChange) and self.change.paid_by is None:
            return add_months(self.change.changes_at, months)
        return add_months(self.anchored_at, months * (self.periods + 1))

    @property
    def period_begins_at(self) -> datetime:
        """Beginning of the latest period that is paid; in the future if it was paid ahead."""
        return add_months(self.anchored_at, self.billing_months * max(self.periods - 1, 0))

    @property
    def is_next_returned(self) -> bool:
        """Whether the money of a period that was paid ahead was returned before it began."""
        return self.ends_at is not None and self.ends_at < self.renews_at

    @property
    def is_paused(self) -> bool:
        """Whether a pause is under way."""
        return self.pause is not None and self.pause.begun

    @property
    def due_date(self) -> datetime:
        """Date for which the next payment is due: of the renewal, or of the end of the pause."""
        return self.pause.resumes_at if self.pause and self.pause.begun else self.renews_at

    @property
    def on_trial(self) -> bool:
        """Whether nothing has been paid yet."""
        return not self.payments

    @property
    def must_pay_by_date(self) -> bool:
        """Whether access ends at the date of a renewal that is not paid.

        So it is for users who have lost their grace. Access that is paused needs no grace.
        """
        is_kept = outlasts_date(has_grace=self.has_grace, on_trial=self.on_trial)
        return not is_kept and not self.on_trial and not self.is_paused

    @property
    def is_paid_by_hand_until_date(self) -> bool:
        """Whether the user has to pay by hand before the date, as of a trial or without grace."""
        is_strict = (self.on_trial and not self.is_paused) or self.must_pay_by_date
        return is_strict and self.method is None

    @property
    def is_last_try(self) -> bool:
        """Whether the renewal under way decides after the date, whatever method is stored."""
        tries = self.tries - self.outages
        return self.on_trial or self.must_pay_by_date or tries > len(RETRY_DAYS)

    @property
    def outage_pause(self) -> timedelta:
        """Time until a payment that no gateway could take is offered again."""
        return OUTAGE_PAUSES[min(self.outages, len(OUTAGE_PAUSES) - 1)]

    @property
    def announced_at(self) -> datetime:
        """Time from which the next charge is announced."""
        return self.due_date - (TRIAL_REMINDED if self.on_trial else ANNOUNCED)

    @property
    def charged_at(self) -> datetime:
        """Time from which the stored method is charged, or the user can pay by hand.

        What begins with the payment, after a trial or a pause, is not charged before its date.
        """
        if self.is_paused or (self.on_trial and self.method is not None):
            return self.due_date
        return self.announced_at if self.method is None else self.due_date - CHARGED

    @property
    def tried_at(self) -> datetime:
        """Time from which the next payment is begun. A stored method is never charged on trial."""
        if self.retry_at is None or (self.on_trial and self.method is not None):
            return self.charged_at
        return self.retry_at


@value
class Ended:
    """A subscription that no longer grants anything.

    `unused` is the coupon of one that has ended before its first payment.
    """

    user_id: UserId
    plan_id: PlanId
    price: Price
    reason: events.EndReason
    earlier: tuple[EarlierPayment, ...] = ()
    credited: tuple[Credit, ...] = ()
    unused: CouponId | None = None


Subscription = NotCreated | Pending | Active | Ended


def grants_access(subscription: Subscription) -> bool:
    """Return whether the subscription grants access to its plan."""
    return isinstance(subscription, Active) and not subscription.is_paused


def payments_underway(subscription: Subscription) -> tuple[PaymentId, ...]:
    """Return the payments of a renewal and of a change of plan that are under way."""
    if not isinstance(subscription, Active):
        return ()
    change = subscription.change
    of_change = change.payment_id if isinstance(change, StartedChange) else None
    return tuple(each for each in (subscription.renewing, of_change) if each is not None)


def credited_of(subscription: Subscription, payment_id: PaymentId) -> Money | None:
    """Return what changes of plan have credited of a payment, or None if nothing."""
    if not isinstance(subscription, Active | Ended):
        return None
    parts = [each.amount for each in subscription.credited if each.payment_id == payment_id]
    return reduce(Money.plus, parts) if parts else None


def plan_paid_by(
    subscription: Pending | Active | Ended, payment_id: PaymentId
) -> tuple[PlanId, int]:
    """Return the plan that a payment is for, and the tax in its price in basis points."""
    if isinstance(subscription, Active | Ended):
        for each in subscription.earlier:
            if each.payment_id == payment_id:
                return each.plan_id, each.tax_basis_points
    if isinstance(subscription, Active) and subscription.change is not None:
        change = subscription.change
        paid_by = change.paid_by if isinstance(change, ScheduledChange) else change.payment_id
        if payment_id == paid_by:
            return change.choice.plan_id, change.choice.price.tax_basis_points
    return subscription.plan_id, subscription.price.tax_basis_points


def add_months(moment: datetime, months: int) -> datetime:
    """Return the same day and time some months later, or the last day of a shorter month."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day)
