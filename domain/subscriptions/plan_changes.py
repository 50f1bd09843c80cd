"""Changes of plan: what is left of the paid period is credited, or used in full.

The credit is the share of the paid amount for the whole days that are left, rounded half up. A day
that has begun is used, so nobody trains for less by changing often. If the new plan costs more than
the credit, the difference is paid at once, and its first period begins with the payment. Otherwise
nothing is returned: the present plan is used until the end of the paid period, and the new one
follows.

A subscription that is on trial, cancelled, paused or past due does not change its plan, and one
whose change is pending is not paused: so a change never meets the date of something else.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from hashlib import sha256
from typing import Final

from domain.discounts import Discount
from domain.ids import PaymentId, SubscriptionId
from domain.kernel import value
from domain.money import Money
from domain.subscriptions import commands, events
from domain.subscriptions.discounts import amount_of, applied
from domain.subscriptions.states import (
    Active,
    Credit,
    EarlierPayment,
    ScheduledChange,
    StartedChange,
    Subscription,
    add_months,
)

DAY: Final = timedelta(days=1)

TOKEN_LENGTH: Final = 32


@value
class PaidPeriod:
    """A period that was paid, and is not over."""

    payment_id: PaymentId
    begins_at: datetime
    ends_at: datetime

    def credit(self, paid: Money, at: datetime) -> Money:
        """Return the share of the paid amount for the whole days that are left."""
        days = (self.ends_at - self.begins_at) // DAY
        left = (self.ends_at - max(at, self.begins_at)) // DAY
        return paid.share(left, days)


@value
class ChangePreview:
    """Terms of a change of plan: what is credited, what is charged now, and when it happens.

    `credited` are the payments that make the credit, each with its part. `changes_at` is the end of
    the paid period; None: at once, with the payment of `amount`. `reduced` is what the first period
    of the new plan costs with the `discount`, if there is one, and before the credit.
    """

    choice: events.PlanChoice
    credit: Money
    amount: Money
    changes_at: datetime | None
    reduced: Money
    credited: tuple[events.CreditedPayment, ...] = ()
    discount: Discount | None = None

    @property
    def token(self) -> str:
        """Digest of the terms, by which the user accepts them."""
        price = self.choice.price
        terms = (
            self.choice.plan_id,
            self.choice.plan_number,
            price.region,
            price.amount.minor,
            price.amount.currency,
            price.tax_basis_points,
            self.choice.billing_months,
            self.credit.minor,
            self.amount.minor,
            self.changes_at,
            self.reduced.minor,
        )
        return sha256(repr(terms).encode()).hexdigest()[:TOKEN_LENGTH]


def paid_periods(active: Active, at: datetime) -> tuple[PaidPeriod, ...]:
    """Return the paid periods that are not over: the present one, and one renewed early."""
    if not active.payments or active.periods == 0 or active.renews_at <= at:
        return ()

    def begin(number: int) -> datetime:
        return add_months(active.anchored_at, active.billing_months * (number - 1))

    began_at = begin(active.periods)
    last = PaidPeriod(active.payments[-1], began_at, active.renews_at)
    if at >= began_at or active.periods == 1:
        return (last,)
    return (PaidPeriod(active.payments[-2], begin(active.periods - 1), began_at), last)


def counted_payments(active: Active, at: datetime) -> tuple[PaymentId, ...]:
    """Return the payments of the paid periods, and those whose credit has paid a part of them."""
    return _with_credited(active, (each.payment_id for each in paid_periods(active, at)))


def _with_credited(active: Active, payments: Iterable[PaymentId]) -> tuple[PaymentId, ...]:
    """Return payments, and those whose credit has paid a part of them."""
    found = list(payments)
    for credit in reversed(active.credited):  # later changes credit the payments of earlier ones
        if credit.paid_with in found and credit.payment_id not in found:
            found.append(credit.payment_id)
    return tuple(found)


def worth_of(
    payment_id: PaymentId, left: Mapping[PaymentId, Money], credited: tuple[Credit, ...]
) -> Money:
    """Return what is left of a payment, with the credit that it was made smaller by.

    A credit is worth no more than what is left of the payment that was credited.
    """
    total = left[payment_id]
    for credit in credited:
        if credit.paid_with == payment_id:
            worth = worth_of(credit.payment_id, left, credited)
            total = total.plus(worth if worth.less_than(credit.amount) else credit.amount)
    return total


def preview_change(
    subscription: Subscription,
    choice: events.PlanChoice,
    paid: tuple[commands.PaidAmount, ...],
    at: datetime,
) -> ChangePreview:
    """Return the terms of a change at a moment.

    Raises SubscriptionNotActive, SubscriptionCancelled, AlreadyPaused, NotPaidYet, RenewalUnpaid,
    ChangePaid, ChangePending, PlanUnchanged, and PreviewOutdated if other payments are credited.
    """
    active = changeable(subscription, choice, at)
    periods = paid_periods(active, at)
    if [each.payment_id for each in paid] != [each.payment_id for each in periods]:
        raise commands.PreviewOutdated
    price, discount = amount_of(active.discount, choice.plan_id, choice.price.amount)
    nothing = Money(0, price.currency)
    credited = tuple(
        events.CreditedPayment(period.payment_id, period.credit(each.amount, at))
        for period, each in zip(periods, paid, strict=True)
    )
    credit = reduce(Money.plus, (each.amount for each in credited), nothing)
    if credit.less_than(price):
        parts = tuple(each for each in credited if each.amount != nothing)
        amount = price.minus(credit)
        return ChangePreview(choice, credit, amount, None, price, parts, discount)
    return ChangePreview(choice, nothing, nothing, active.renews_at, price, discount=discount)


def changeable(subscription: Subscription, choice: events.PlanChoice, at: datetime) -> Active:
    """Return the subscription if its plan can be changed now. Raises the refusals of a change."""
    if not isinstance(subscription, Active):
        raise commands.SubscriptionNotActive
    if subscription.ends_at is not None:
        raise commands.SubscriptionCancelled
    if subscription.pause is not None:
        raise commands.AlreadyPaused
    if subscription.on_trial:
        raise commands.NotPaidYet
    if subscription.unpaid or subscription.renews_at <= at:
        raise commands.RenewalUnpaid
    refuse_pending(subscription)
    if choice.plan_id == subscription.plan_id:
        raise commands.PlanUnchanged
    return subscription


def refuse_pending(active: Active) -> None:
    """Raise ChangePaid or ChangePending if another change of plan is pending."""
    if isinstance(active.change, ScheduledChange) and active.change.paid_by is not None:
        raise commands.ChangePaid
    if active.change is not None:
        raise commands.ChangePending


def decide_change(
    command: commands.ChangePlan | commands.WithdrawPlanChange, active: Active
) -> Iterator[events.SubscriptionEvent]:
    """Return the events of a change of plan by the user, or of its withdrawal."""
    match command:
        case commands.ChangePlan():
            return _change_plan(command, active)
        case commands.WithdrawPlanChange(at=at):
            return _withdraw_change(active, at)


def _change_plan(
    command: commands.ChangePlan, active: Active
) -> Iterator[events.SubscriptionEvent]:
    """Start or schedule a change. A renewal under way is withdrawn: it is for the present plan."""
    preview = preview_change(active, command.choice, command.paid, command.at)
    if preview.token != command.token:
        raise commands.PreviewOutdated
    yield from withdraw_renewal(active, command.at)
    if preview.changes_at is not None:
        yield events.PlanChangeScheduled(
            choice=command.choice,
            changes_at=preview.changes_at,
            session_key=command.session_key,
            at=command.at,
        )
        return
    method = active.method
    yield events.PlanChangeStarted(
        choice=command.choice,
        payment_id=payment_of_change(command.subscription_id, active),
        credit=preview.credit,
        amount=preview.amount,
        gateways=command.gateways if method is None else (method.gateway,),
        method=method,
        session_key=command.session_key,
        at=command.at,
        credited=preview.credited,
        discount=preview.discount,
    )


def payment_of_change(subscription_id: SubscriptionId, active: Active) -> PaymentId:
    """Return the id of the payment of the next change of plan."""
    return PaymentId(f"{subscription_id}.plan.{active.changes_started + 1}")


def _withdraw_change(active: Active, at: datetime) -> Iterator[events.SubscriptionEvent]:
    """Take back a change that is not paid, and the renewal for it. Raises ChangePaid."""
    if isinstance(active.change, ScheduledChange) and active.change.paid_by is not None:
        raise commands.ChangePaid
    if active.change is not None:
        yield from withdraw_renewal(active, at)
    yield from drop_change(active, at)


def withdraw_renewal(active: Active, at: datetime) -> Iterator[events.RenewalWithdrawn]:
    """Withdraw the renewal under way, if there is one."""
    if active.renewing is not None:
        yield events.RenewalWithdrawn(payment_id=active.renewing, at=at)


def drop_change(active: Active, at: datetime) -> Iterator[events.PlanChangeWithdrawn]:
    """Take back a change that is not paid, because of a cancellation or an end."""
    match active.change:
        case StartedChange(payment_id=payment_id):
            yield events.PlanChangeWithdrawn(payment_id=payment_id, at=at)
        case ScheduledChange(paid_by=None):
            yield events.PlanChangeWithdrawn(payment_id=None, at=at)
        case _:
            return


def is_paid_with(active: Active, payment_id: PaymentId) -> bool:
    """Return whether a payment has paid the latest period, itself or by its credit."""
    return payment_id in (*active.payments[-1:], *active.credited_now)


def drop_credited(
    active: Active, payment_id: PaymentId, at: datetime
) -> tuple[events.PlanChangeWithdrawn, ...]:
    """Take back a change whose price is reduced by a payment of which something was returned.

    It may have paid a part of a payment that the change credits.
    """
    credited = active.change.credited if isinstance(active.change, StartedChange) else ()
    is_reduced = payment_id in _with_credited(active, (each.payment_id for each in credited))
    return tuple(drop_change(active, at)) if is_reduced else ()


def change_paid(
    change: StartedChange, active: Active, at: datetime
) -> Iterator[events.PlanChanged | events.DiscountApplied]:
    """Return the change whose payment has succeeded: its first period begins now."""
    yield events.PlanChanged(
        choice=change.choice,
        left_plan_id=active.plan_id,
        payment_id=change.payment_id,
        session_key=change.session_key,
        renews_at=add_months(at, change.choice.billing_months),
        at=at,
    )
    price = change.choice.price.amount
    yield from applied(active.discount, change.choice.plan_id, price, change.payment_id, at)


def change_due(active: Active, at: datetime) -> Iterator[events.PlanChanged]:
    """Carry out a scheduled change whose time has come, also if its renewal is not paid yet."""
    change = active.change
    if isinstance(change, ScheduledChange) and at >= change.changes_at:
        yield events.PlanChanged(
            choice=change.choice,
            left_plan_id=active.plan_id,
            payment_id=None,
            session_key=change.session_key,
            renews_at=active.renews_at,
            at=at,
        )


ChangeEvent = (
    events.PlanChangeStarted
    | events.PlanChangeFailed
    | events.PlanChangeScheduled
    | events.PlanChangeWithdrawn
    | events.PlanChanged
)


def evolve_change(active: Active, event: ChangeEvent) -> Active:
    """Apply an event of a change of plan."""
    match event:
        case events.PlanChangeStarted(choice=choice, payment_id=payment_id):
            started = StartedChange(choice, event.session_key, payment_id, event.credited)
            return replace(active, change=started, changes_started=active.changes_started + 1)
        case events.PlanChangeScheduled(choice=choice, changes_at=changes_at):
            # the next charge differs, so it is announced again
            scheduled = ScheduledChange(choice, event.session_key, changes_at)
            return replace(active, change=scheduled, announced=False)
        case events.PlanChangeFailed() | events.PlanChangeWithdrawn():
            was_scheduled = isinstance(active.change, ScheduledChange)
            announced = active.announced and not was_scheduled
            return replace(active, change=None, announced=announced)
        case events.PlanChanged():
            return _changed(active, event)


def earlier_payments(active: Active) -> tuple[EarlierPayment, ...]:
    """Return the payments for other plans, with the one for a plan that has not begun."""
    match active.change:
        case ScheduledChange(choice=choice, paid_by=paid_by) if paid_by is not None:
            ahead = EarlierPayment(paid_by, choice.plan_id, choice.price.tax_basis_points)
            return (*active.earlier, ahead)
        case _:
            return active.earlier


def _changed(active: Active, event: events.PlanChanged) -> Active:
    """Return the state with the new plan. What was paid before it belongs to the plan it left."""
    paid_by = active.change.paid_by if isinstance(active.change, ScheduledChange) else None
    change = active.change
    credited = (
        tuple(Credit(each.payment_id, each.amount, change.payment_id) for each in change.credited)
        if isinstance(change, StartedChange)
        else ()
    )
    listed = {each.payment_id for each in active.earlier}
    left = tuple(
        EarlierPayment(each, active.plan_id, active.price.tax_basis_points)
        for each in active.payments
        if each not in listed and each != paid_by
    )
    changed = replace(
        active,
        plan_id=event.choice.plan_id,
        price=event.choice.price,
        billing_months=event.choice.billing_months,
        change=None,
        earlier=(*active.earlier, *left),
        credited=(*active.credited, *credited),
    )
    if event.payment_id is not None:
        now = tuple(each.payment_id for each in credited)
        before = active.credited_now if set(active.payments[-1:]) & set(now) else ()
        return replace(
            changed,
            payments=(*active.payments, event.payment_id),
            credited_now=(*before, *now),
            anchored_at=event.at,
            renews_at=event.renews_at,
            periods=1,
            announced=False,
            withdrawn_renewal=None,
            tries=0,
        )
    if paid_by is None:
        return replace(changed, anchored_at=event.renews_at, periods=0)
    return changed
