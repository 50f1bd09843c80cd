"""Subscription decider: from pending payment through renewals, retries and pauses to its end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from domain.ids import PaymentId, SubscriptionId
from domain.kernel import Decider
from domain.payment_methods import Gateway
from domain.subscriptions import commands, events
from domain.subscriptions.creation import create
from domain.subscriptions.discounts import CouponDiscount, applied
from domain.subscriptions.pauses import (
    begin_pause,
    evolve_stop,
    moved,
    resume,
    schedule_pause,
)
from domain.subscriptions.plan_changes import (
    change_due,
    change_paid,
    decide_change,
    drop_change,
    drop_credited,
    earlier_payments,
    evolve_change,
    is_paid_with,
)
from domain.subscriptions.states import (
    RETRY_DAYS,
    Active,
    Ended,
    NotCreated,
    Pending,
    ScheduledChange,
    StartedChange,
    Subscription,
    add_months,
)


def decide(
    command: commands.SubscriptionCommand, subscription: Subscription
) -> tuple[events.SubscriptionEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    if isinstance(subscription, NotCreated):
        if not isinstance(command, commands.CreateSubscription):
            raise commands.SubscriptionNotFound
        return tuple(create(command))
    if isinstance(command, commands.CreateSubscription):
        raise commands.SubscriptionExists
    match subscription:
        case Pending():
            return _decide_pending(command, subscription)
        case Active():
            return _decide_active(command, subscription)
        case Ended():
            if isinstance(command, NeedsActive):
                raise commands.SubscriptionNotActive
            return ()


Change = (
    commands.NotePaid
    | commands.NoteUnpaid
    | commands.NoteRefunded
    | commands.CancelSubscription
    | commands.ResumeSubscription
    | commands.PauseSubscription
    | commands.StoreMethod
    | commands.Renew
    | commands.EndPeriod
    | commands.ChangePlan
    | commands.WithdrawPlanChange
)

NeedsActive = commands.ResumeSubscription | commands.PauseSubscription | commands.ChangePlan


def _decide_pending(command: Change, pending: Pending) -> tuple[events.SubscriptionEvent, ...]:
    match command:
        case commands.NotePaid(payment_id=paid, at=at):
            renews_at = add_months(at, pending.billing_months)
            price = pending.price.amount
            return (
                events.SubscriptionActivated(payment_id=paid, renews_at=renews_at, at=at),
                *applied(pending.discount, pending.plan_id, price, paid, at),
            )
        case commands.NoteUnpaid(cancelled=cancelled, at=at):
            reason: events.EndReason = "cancelled" if cancelled else "payment_failed"
            return (events.SubscriptionEnded(reason=reason, at=at),)
        case commands.CancelSubscription(at=at):
            return (events.SubscriptionEnded(reason="cancelled", at=at),)
        case commands.ResumeSubscription() | commands.PauseSubscription() | commands.ChangePlan():
            raise commands.SubscriptionNotActive
        case (
            commands.NoteRefunded()
            | commands.EndPeriod()
            | commands.StoreMethod()
            | commands.Renew()
            | commands.WithdrawPlanChange()
        ):
            return ()


def _decide_active(command: Change, active: Active) -> tuple[events.SubscriptionEvent, ...]:
    match command:
        case commands.NotePaid():
            return _paid(command, active)
        case commands.NoteUnpaid():
            return _unpaid(command, active)
        case commands.NoteRefunded(payment_id=refunded, at=at):
            is_lost = is_paid_with(active, refunded)
            return _end(active, "refunded", at) if is_lost else drop_credited(active, refunded, at)
        case commands.CancelSubscription():
            return _cancel(command, active)
        case commands.ResumeSubscription():
            return tuple(resume(command, active))
        case commands.PauseSubscription():
            return tuple(schedule_pause(command, active))
        case commands.StoreMethod():
            return tuple(_store_method(command, active))
        case commands.Renew():
            return _renew(command, active)
        case commands.ChangePlan() | commands.WithdrawPlanChange():
            return tuple(decide_change(command, active))
        case commands.EndPeriod():
            return _end_period(command, active)


def _end_period(
    command: commands.EndPeriod, active: Active
) -> tuple[events.SubscriptionEvent, ...]:
    """Carry out what was scheduled for the end of the paid period."""
    if active.ends_at is not None and command.at >= active.ends_at:
        return _end(active, "cancelled", command.at)
    return (*change_due(active, command.at), *begin_pause(command, active))


def evolve(subscription: Subscription, event: events.SubscriptionEvent) -> Subscription:
    """Apply one event. History is never refused."""
    match event, subscription:
        case events.SubscriptionCreated(), _:
            return Pending(event.user_id, event.plan_id, event.price, event.billing_months)
        case events.SubscriptionDiscounted(), Pending():
            return replace(subscription, discount=CouponDiscount.of(event))
        case events.SubscriptionActivated(payment_id=paid, at=at), Pending():
            return Active(
                user_id=subscription.user_id,
                plan_id=subscription.plan_id,
                price=subscription.price,
                billing_months=subscription.billing_months,
                anchored_at=at,
                renews_at=event.renews_at,
                payments=(paid,),
                discount=subscription.discount,
            )
        case events.TrialStarted(ends_at=ends_at), Pending():
            return Active(
                user_id=subscription.user_id,
                plan_id=subscription.plan_id,
                price=subscription.price,
                billing_months=subscription.billing_months,
                anchored_at=ends_at,
                renews_at=ends_at,
                payments=(),
                periods=0,
            )
        case events.DiscountApplied(), Active(discount=CouponDiscount() as discount):
            discount = replace(discount, periods_left=event.periods_left)
            return replace(subscription, discount=discount)
        case _, Active():
            return _evolve_active(subscription, event)
        case events.SubscriptionEnded(reason=reason), Pending():
            return Ended(subscription.user_id, subscription.plan_id, subscription.price, reason)
        case _:
            return subscription


def _evolve_active(active: Active, event: events.SubscriptionEvent) -> Active | Ended:
    match event:
        case events.SubscriptionRenewed():
            return _evolve_renewed(active, event)
        case events.SubscriptionPastDue(payment_id=unpaid, retry_at=retry_at):
            failed = (*active.unpaid, unpaid)
            return replace(active, unpaid=failed, retry_at=retry_at, renewing=None)
        case events.MethodStored(method=method):
            return replace(active, method=method, methods=active.methods | {method})
        case events.RenewalAnnounced():
            return replace(active, announced=True)
        case events.RenewalStarted(payment_id=started):
            return replace(active, renewing=started, tries=active.tries + 1)
        case events.RenewalWithdrawn():
            return replace(active, renewing=None)
        case events.SubscriptionEnded(reason=reason):
            return Ended(
                active.user_id,
                active.plan_id,
                active.price,
                reason,
                earlier=earlier_payments(active),
                credited=active.credited,
            )
        case (
            events.PlanChangeStarted()
            | events.PlanChangeFailed()
            | events.PlanChangeScheduled()
            | events.PlanChangeWithdrawn()
            | events.PlanChanged()
        ):
            return evolve_change(active, event)
        case (
            events.SubscriptionCreated()
            | events.SubscriptionDiscounted()
            | events.DiscountApplied()
            | events.SubscriptionActivated()
            | events.TrialStarted()
        ):
            return active
        case _:
            return evolve_stop(active, event)


def _evolve_renewed(active: Active, event: events.SubscriptionRenewed) -> Active:
    is_regular = event.renews_at == active.next_date
    change = active.change
    if isinstance(change, ScheduledChange) and change.paid_by is None:
        paid = replace(change, paid_by=event.payment_id)
        active = replace(active, change=paid, anchored_at=change.changes_at, periods=0)
    return replace(
        active,
        payments=(*active.payments, event.payment_id),
        credited_now=(),
        renews_at=event.renews_at,
        anchored_at=active.anchored_at if is_regular else event.at,
        periods=active.periods + 1 if is_regular else 1,
        announced=False,
        renewing=None,
        tries=0,
        unpaid=(),
        retry_at=None,
        # a cancelled or pausing subscription gives the period that it was paid for
        ends_at=None if active.ends_at is None else event.renews_at,
        pause=moved(active.pause, event.renews_at),
    )


def _paid(command: commands.NotePaid, active: Active) -> tuple[events.SubscriptionEvent, ...]:
    """Renew to the regular date; after a pause, or if that is over, a new period begins now."""
    if command.payment_id in active.payments:
        return ()
    change = active.change
    if isinstance(change, StartedChange) and change.payment_id == command.payment_id:
        return tuple(change_paid(change, active, command.at))
    plan_id, price, months = active.next_plan
    renews_at = active.next_date
    if active.is_paused or renews_at <= command.at:
        renews_at = add_months(command.at, months)
    renewed = events.SubscriptionRenewed(
        payment_id=command.payment_id, renews_at=renews_at, at=command.at
    )
    ended = (events.PauseEnded(at=command.at),) if active.is_paused else ()
    paid, at = command.payment_id, command.at
    return (renewed, *applied(active.discount, plan_id, price.amount, paid, at), *ended)


def _unpaid(command: commands.NoteUnpaid, active: Active) -> tuple[events.SubscriptionEvent, ...]:
    """Plan the next attempt of a renewal, or end after the last one.

    A trial has no retries after its end: nothing has been paid.
    """
    change = active.change
    if isinstance(change, StartedChange) and change.payment_id == command.payment_id:
        return (events.PlanChangeFailed(payment_id=command.payment_id, at=command.at),)
    if command.payment_id != active.renewing:
        return ()
    failed = len(active.unpaid)
    if failed == len(RETRY_DAYS) or (active.on_trial and command.at >= active.renews_at):
        return (events.SubscriptionEnded(reason="payment_failed", at=command.at),)
    retry_at = command.at + timedelta(days=RETRY_DAYS[failed])
    return (
        events.SubscriptionPastDue(
            payment_id=command.payment_id,
            failed=failed + 1,
            retry_at=active.renews_at if active.on_trial else retry_at,
            at=command.at,
        ),
    )


def _renew(command: commands.Renew, active: Active) -> tuple[events.SubscriptionEvent, ...]:
    """Announce the renewal a week before its date, and charge the stored method a day before.

    Without a stored method, the user gets the whole week to pay. Pauses and trials are not cut
    short: a payment follows on the day of their end. A trial without a stored method has to be paid
    before its end: access without money is not prolonged.
    """
    is_stopped = (
        active.ends_at is not None
        or (active.pause is not None and not active.is_paused)
        or isinstance(active.change, StartedChange)  # its payment decides about the next period
    )
    if is_stopped or active.renewing is not None:
        return ()
    has_method, date = active.method is not None, active.due_date
    if command.at < (active.retry_at or active.charged_at):
        is_soon = command.at >= active.announced_at
        if not (has_method and is_soon) or active.announced or active.unpaid:
            return ()
        return (events.RenewalAnnounced(renews_at=date, at=command.at),)
    is_over = active.is_trial_by_hand and command.at >= date
    if has_method or (command.gateways and not is_over):
        return (_started(command.subscription_id, active, command.gateways, command.at),)
    reason: events.EndReason = "payment_failed" if active.unpaid else "expired"
    return _end(active, reason, command.at) if command.at >= date else ()


def _started(
    subscription_id: SubscriptionId, active: Active, gateways: tuple[Gateway, ...], at: datetime
) -> events.RenewalStarted:
    """Return the start of a renewal. Its payment is named by the period and the try."""
    period = f"{subscription_id}.{len(active.payments) + 1}"
    method = active.method
    amount, discount = active.next_amount
    return events.RenewalStarted(
        payment_id=PaymentId(f"{period}.{active.tries + 1}" if active.tries else period),
        amount=amount,
        region=active.price.region,
        gateways=gateways if method is None else (method.gateway,),
        method=method,
        at=at,
        discount=discount,
    )


def _store_method(
    command: commands.StoreMethod, active: Active
) -> Iterator[events.SubscriptionEvent]:
    """Store another method. A renewal that has failed or waits for the user is tried with it."""
    is_outdated = command.only_new and command.method in active.methods
    if command.method == active.method or is_outdated:
        return
    yield events.MethodStored(method=command.method, at=command.at)
    if active.ends_at is not None or (active.renewing is None and active.retry_at is None):
        return
    yield from _withdrawn(active, command.at)
    changed = replace(active, method=command.method)
    if changed.on_trial and command.at < changed.charged_at:
        return
    yield _started(command.subscription_id, changed, (), command.at)


def _cancel(
    command: commands.CancelSubscription, active: Active
) -> tuple[events.SubscriptionEvent, ...]:
    """Cancel at the end of the paid period, or at once if that is over or paused. Retries stop."""
    if command.at_once or active.is_paused or active.renews_at <= command.at:
        return _end(active, "cancelled", command.at)
    if active.ends_at is not None:
        return ()
    return (
        events.CancellationScheduled(ends_at=active.renews_at, at=command.at),
        *_withdrawn(active, command.at),
        *drop_change(active, command.at),
    )


def _end(
    active: Active, reason: events.EndReason, at: datetime
) -> tuple[events.SubscriptionEvent, ...]:
    return (
        *_withdrawn(active, at),
        *drop_change(active, at),
        events.SubscriptionEnded(reason=reason, at=at),
    )


def _withdrawn(active: Active, at: datetime) -> Iterator[events.RenewalWithdrawn]:
    if active.renewing is not None:
        yield events.RenewalWithdrawn(payment_id=active.renewing, at=at)


SUBSCRIPTION = Decider[commands.SubscriptionCommand, events.SubscriptionEvent, Subscription](
    "subscription", initial=NotCreated(), decide=decide, evolve=evolve
)
