"""Ends of a subscription: by a cancellation, a return of its money, or because it is not paid."""

from datetime import datetime

from domain.ids import PaymentId
from domain.subscriptions import commands, events
from domain.subscriptions.plan_changes import (
    drop_change,
    drop_credited,
    is_paid_with,
    withdraw_renewal,
)
from domain.subscriptions.states import Active


def cancel(
    command: commands.CancelSubscription, active: Active
) -> tuple[events.SubscriptionEvent, ...]:
    """Cancel at the end of the paid period, or at once if that is over or paused. Retries stop."""
    if command.at_once or active.is_paused or active.renews_at <= command.at:
        return end(active, "cancelled", command.at)
    if active.ends_at is not None:
        return ()
    return (
        events.CancellationScheduled(ends_at=active.renews_at, at=command.at),
        *withdraw_renewal(active, command.at),
        *drop_change(active, command.at),
    )


def returned(
    command: commands.NoteRefunded | commands.NotePartReturned, active: Active
) -> tuple[events.SubscriptionEvent, ...]:
    """End if the latest period is no longer paid; otherwise take back a change that credits it.

    If that period was paid ahead, the one before it is still paid, and is used to its end.
    """
    returned, at = command.payment_id, command.at
    if not isinstance(command, commands.NoteRefunded) or not ends_with(active, returned):
        return drop_credited(active, returned, at)
    if at < active.period_begins_at and not active.is_next_returned:
        return (
            events.CancellationScheduled(ends_at=active.period_begins_at, at=at),
            *withdraw_renewal(active, at),
            *drop_change(active, at),
        )
    return end(active, "refunded", at)


def ends_with(active: Active, payment_id: PaymentId) -> bool:
    """Return whether the subscription ends if the whole of a payment is returned."""
    if active.is_next_returned:
        return payment_id in active.payments[-2:-1]
    return is_paid_with(active, payment_id)


def end(
    active: Active, reason: events.EndReason, at: datetime
) -> tuple[events.SubscriptionEvent, ...]:
    """End now, and take back a renewal or a change that is not paid."""
    return (
        *withdraw_renewal(active, at),
        *drop_change(active, at),
        events.SubscriptionEnded(reason=reason, at=at),
    )
