"""Renewals of a subscription: announced, charged or paid by hand, and tried again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from domain.ids import PaymentId, SubscriptionId
from domain.payment_methods import Gateway
from domain.subscriptions import commands, events
from domain.subscriptions.ends import end
from domain.subscriptions.plan_changes import withdraw_renewal
from domain.subscriptions.states import RETRY_DAYS, Active, StartedChange


def renew(command: commands.Renew, active: Active) -> tuple[events.SubscriptionEvent, ...]:
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
    if command.at < active.tried_at:
        is_soon = command.at >= active.announced_at
        is_retry = active.unpaid and not active.on_trial
        if not (has_method and is_soon) or active.announced or is_retry:
            return ()
        return (events.RenewalAnnounced(renews_at=date, at=command.at),)
    is_over = active.is_paid_by_hand_until_date and command.at >= date
    if has_method or (command.gateways and not is_over):
        return (_started(command.subscription_id, active, command.gateways, command.at),)
    reason: events.EndReason = "payment_failed" if active.unpaid else "expired"
    return end(active, reason, command.at) if command.at >= date else ()


def note_unpaid(
    command: commands.NoteUnpaid, active: Active
) -> tuple[events.SubscriptionEvent, ...]:
    """Plan the next attempt of a renewal, or end after the last one.

    It counts as no try if the user pays by hand and no gateway could take it. If access ends on the
    date, a user who pays by hand before it can try again at once, up to five times. After the end
    of a trial, nothing is tried again: nothing has been paid.
    """
    change = active.change
    if isinstance(change, StartedChange) and change.payment_id == command.payment_id:
        return (events.PlanChangeFailed(payment_id=command.payment_id, at=command.at),)
    if command.payment_id != active.renewing:
        return ()
    failed = active.failed + 1
    is_last, is_before = failed > len(RETRY_DAYS), command.at < active.renews_at
    is_by_hand = active.method is None
    can_wait = is_by_hand and (is_before or not active.is_paid_by_hand_until_date)
    ends_on_date = active.on_trial or active.must_pay_by_date
    if command.no_gateway and can_wait:
        failed = active.failed
        retry_at = command.at + active.outage_pause
    elif ends_on_date and is_before and is_last:
        retry_at = active.renews_at
    elif is_before and (active.on_trial or active.is_paid_by_hand_until_date):
        retry_at = command.at
    elif is_last or (ends_on_date and not is_before):
        return (events.SubscriptionEnded(reason="payment_failed", at=command.at),)
    else:
        retry_at = command.at + timedelta(days=RETRY_DAYS[active.failed])
    if ends_on_date and is_before:
        retry_at = min(retry_at, active.renews_at)
    return (
        events.SubscriptionPastDue(
            payment_id=command.payment_id,
            failed=failed,
            retry_at=retry_at,
            at=command.at,
        ),
    )


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


def decide_method(
    command: commands.NoteMethod | commands.StoreMethod, active: Active
) -> Iterator[events.SubscriptionEvent]:
    """Store a method, but that of a payment only if the user has not stored another meanwhile."""
    if isinstance(command, commands.StoreMethod):
        yield from _store_method(command, active)
    elif active.method == command.began_with:
        store = commands.StoreMethod(
            subscription_id=command.subscription_id, method=command.method, at=command.at
        )
        yield from _store_method(store, active)


def _store_method(
    command: commands.StoreMethod, active: Active
) -> Iterator[events.SubscriptionEvent]:
    """Store another method. A renewal that has failed, or is due, is tried with it at once.

    A renewal that is not due yet and waits for the user is withdrawn, and begun at its time. After
    the date, the number of tries is limited, and a trial has none, because each may wait for the
    user for a day, with access. With `keeps_renewal`, a renewal that is under way stays.
    """
    is_outdated = command.only_new and command.method in active.methods
    if command.method == active.method or is_outdated:
        return
    yield events.MethodStored(method=command.method, at=command.at)
    if command.keeps_renewal:
        return
    if active.ends_at is not None or (active.renewing is None and active.retry_at is None):
        return
    if active.renewing is not None and command.at >= active.renews_at and active.is_last_try:
        return
    yield from withdraw_renewal(active, command.at)
    changed = replace(active, method=command.method)
    if command.at < changed.charged_at and (changed.on_trial or changed.retry_at is None):
        return
    yield _started(command.subscription_id, changed, (), command.at)
