"""Subscription decider: from pending payment through renewals, retries and pauses to its end."""

from dataclasses import replace

from domain.ids import CouponId
from domain.kernel import Decider
from domain.subscriptions import commands, events
from domain.subscriptions.creation import create
from domain.subscriptions.discounts import CouponDiscount, applied
from domain.subscriptions.ends import cancel, end, returned
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
    earlier_payments,
    evolve_change,
)
from domain.subscriptions.renewals import decide_method, note_unpaid, renew
from domain.subscriptions.states import (
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
    | commands.NotePartReturned
    | commands.CancelSubscription
    | commands.ResumeSubscription
    | commands.PauseSubscription
    | commands.NoteMethod
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
            | commands.NotePartReturned()
            | commands.EndPeriod()
            | commands.NoteMethod()
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
            return note_unpaid(command, active)
        case commands.NoteRefunded() | commands.NotePartReturned():
            return returned(command, active)
        case commands.CancelSubscription():
            return cancel(command, active)
        case commands.ResumeSubscription():
            return tuple(resume(command, active))
        case commands.PauseSubscription():
            return tuple(schedule_pause(command, active))
        case commands.NoteMethod() | commands.StoreMethod():
            return tuple(decide_method(command, active))
        case commands.Renew():
            return renew(command, active)
        case commands.ChangePlan() | commands.WithdrawPlanChange():
            return tuple(decide_change(command, active))
        case commands.EndPeriod():
            return _end_period(command, active)


def _end_period(
    command: commands.EndPeriod, active: Active
) -> tuple[events.SubscriptionEvent, ...]:
    """Carry out what was scheduled for the end of the paid period."""
    if active.ends_at is not None and command.at >= active.ends_at:
        return end(active, "cancelled", command.at)
    return (*change_due(active, command.at), *begin_pause(command, active))


def evolve(subscription: Subscription, event: events.SubscriptionEvent) -> Subscription:
    """Apply one event. History is never refused."""
    match event, subscription:
        case events.SubscriptionCreated(), _:
            return Pending(event.user_id, event.plan_id, event.price, event.billing_months)
        case events.SubscriptionDiscounted(), Pending():
            return replace(subscription, discount=CouponDiscount.of(event))
        case events.GraceWithheld(), Pending():
            return replace(subscription, has_grace=False)
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
                has_grace=subscription.has_grace,
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
                discount=subscription.discount,
                has_grace=subscription.has_grace,
            )
        case events.DiscountApplied(), Active(discount=CouponDiscount() as discount):
            discount = replace(discount, periods_left=event.periods_left)
            return replace(subscription, discount=discount)
        case _, Active():
            return _evolve_active(subscription, event)
        case events.SubscriptionEnded(reason=reason), Pending():
            return Ended(
                subscription.user_id,
                subscription.plan_id,
                subscription.price,
                reason,
                unused=_coupon(subscription),
            )
        case _:
            return subscription


def _evolve_active(active: Active, event: events.SubscriptionEvent) -> Active | Ended:
    match event:
        case events.SubscriptionRenewed():
            return _evolve_renewed(active, event)
        case events.SubscriptionPastDue(failed=failed, retry_at=retry_at):
            return replace(
                active,
                unpaid=(*active.unpaid, event.payment_id),
                failed=failed,
                outages=active.outages + (failed == active.failed),
                retry_at=retry_at,
                renewing=None,
            )
        case events.MethodStored(method=method):
            return replace(active, method=method, methods=active.methods | {method})
        case events.RenewalAnnounced():
            return replace(active, announced=True)
        case events.RenewalStarted(payment_id=started):
            return replace(active, renewing=started, tries=active.tries + 1)
        case events.RenewalWithdrawn():
            return replace(active, renewing=None, withdrawn_renewal=event.payment_id)
        case events.SubscriptionEnded(reason=reason):
            return Ended(
                active.user_id,
                active.plan_id,
                active.price,
                reason,
                earlier=earlier_payments(active),
                credited=active.credited,
                unused=_coupon(active) if active.on_trial else None,
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
            | events.GraceWithheld()
        ):
            return active
        case _:
            return evolve_stop(active, event)


def _coupon(subscription: Pending | Active) -> CouponId | None:
    return None if subscription.discount is None else subscription.discount.coupon_id


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
        withdrawn_renewal=None,
        tries=0,
        unpaid=(),
        failed=0,
        outages=0,
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


SUBSCRIPTION = Decider[commands.SubscriptionCommand, events.SubscriptionEvent, Subscription](
    "subscription", initial=NotCreated(), decide=decide, evolve=evolve
)
