"""Policy: what a payment means for its subscription, and a subscription for its enrollment."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from application.enrollments.service import enrollment_id_of
from application.invoices.issuing import Billed, BilledAmount, billed_amount, issue_request
from application.kernel.command_handler import Request
from application.payments.limits import ENROLLMENTS, enrollment_of_change
from domain.capacities.capacity import CAPACITY
from domain.capacities.commands import TakePlace
from domain.coupons.commands import ReleaseCoupon
from domain.coupons.coupon import COUPON
from domain.enrollments import commands as enrollments
from domain.enrollments.enrollment import ENROLLMENT
from domain.enrollments.events import CancelReason, Schedule
from domain.ids import EnrollmentId, PaymentId, SubscriptionId, UserId
from domain.invoices.events import InvoiceIssued
from domain.payments import commands as payments
from domain.payments import events
from domain.payments.payment import PAYMENT
from domain.payments.states import Payment, Started
from domain.subscriptions import commands
from domain.subscriptions.events import (
    EndReason,
    PauseEnded,
    PlanChanged,
    PlanChangeStarted,
    PlanChangeWithdrawn,
    RenewalStarted,
    RenewalWithdrawn,
    SubscriptionActivated,
    SubscriptionEnded,
    SubscriptionPaused,
)
from domain.subscriptions.states import (
    Active,
    Ended,
    NotCreated,
    Pending,
    Subscription,
    plan_paid_by,
)
from domain.subscriptions.subscription import SUBSCRIPTION

CANCEL_REASONS: Final[Mapping[EndReason, CancelReason]] = {
    "payment_failed": "payment_failed",
    "refunded": "refunded",
    "cancelled": "subscription_ended",
    "expired": "subscription_ended",
}


def first_payment_of(subscription_id: SubscriptionId) -> PaymentId:
    """Return the id of the payment that activates a subscription."""
    return PaymentId(f"{subscription_id}.1")


def when_payment_changes_then_subscription(
    payment_id: PaymentId, payment: Started, event: Any
) -> commands.SubscriptionCommand | None:
    """Return the command for the subscription that a payment pays, or None.

    `payment` is its state after the event. `payment.completed` grants access; `payment.failed` and
    the return of that charge, by a refund or a dispute that was lost, withdraw it. The return of a
    part of it takes back a change of plan that credits the payment. Returned charges that never
    completed a payment change nothing. A method that the gateway keeps is for renewals.
    """
    match event:
        case events.PaymentCompleted(at=at):
            return commands.NotePaid(payment_id=payment_id, at=at)
        case events.PaymentFailed(reason=reason, at=at):
            return commands.NoteUnpaid(
                payment_id=payment_id,
                cancelled=reason == "cancelled",
                no_gateway=reason == "no_gateway",
                at=at,
            )
        case (
            events.PaymentRefunded(completed=True, at=at)
            | events.DisputeLost(completed=True, at=at)
        ):
            return commands.NoteRefunded(payment_id=payment_id, at=at)
        case (
            events.PartiallyRefunded(attempt=attempt, amount=amount, at=at)
            | events.DisputeLost(attempt=attempt, amount=amount, at=at)
        ) if attempt == payment.completed_by and amount.minor > 0:
            return commands.NotePartReturned(payment_id=payment_id, at=at)
        case events.MethodStored(method=method, at=at):
            return commands.NoteMethod(
                subscription_id=payment.subscription_id,
                method=method,
                began_with=payment.method,
                at=at,
            )
        case _:
            return None


def when_subscription_changes_then_update_enrollment(
    subscription_id: SubscriptionId, event: Any
) -> enrollments.EnrollmentCommand | None:
    """Return the command for the enrollment that a subscription pays, or None.

    It begins with `subscription.activated`, and ends with `subscription.ended` or a change of plan.
    A pause of the subscription is one of the enrollment.
    """
    match event:
        case SubscriptionActivated(at=at):
            return enrollments.Activate(subscription_id=subscription_id, at=at)
        case SubscriptionPaused(at=at):
            return enrollments.Pause(subscription_id=subscription_id, at=at)
        case PauseEnded(at=at):
            return enrollments.Continue(subscription_id=subscription_id, at=at)
        case PlanChanged(at=at):
            return enrollments.EndSubscription(
                subscription_id=subscription_id, reason="plan_changed", at=at
            )
        case SubscriptionEnded(reason=reason, at=at):
            return enrollments.EndSubscription(
                subscription_id=subscription_id, reason=CANCEL_REASONS[reason], at=at
            )
        case _:
            return None


def when_renewal_changes_then_payment(
    subscription_id: SubscriptionId, user_id: UserId, event: Any
) -> Request | None:
    """Return the request for the payment of a renewal or of a change of plan, or None.

    It is created with `subscription.renewal_started` or `subscription.plan_change_started`, and
    cancelled with its inverse. Its outcome changes the subscription in a later append.
    """
    match event:
        case RenewalStarted(payment_id=payment_id, at=at):
            create = payments.CreatePayment(
                user_id=user_id,
                subscription_id=subscription_id,
                amount=event.amount,
                region=event.region,
                gateways=event.gateways,
                method=event.method,
                discount=event.discount,
                at=at,
            )
            return Request(PAYMENT, payment_id, [create])
        case PlanChangeStarted(payment_id=payment_id, at=at):
            create = payments.CreatePayment(
                user_id=user_id,
                subscription_id=subscription_id,
                amount=event.amount,
                region=event.choice.price.region,
                gateways=event.gateways,
                method=event.method,
                discount=event.discount,
                credit=event.credit,
                at=at,
            )
            return Request(PAYMENT, payment_id, [create])
        case (
            RenewalWithdrawn(payment_id=payment_id, at=at)
            | PlanChangeWithdrawn(payment_id=str(payment_id), at=at)
        ):
            return Request(PAYMENT, payment_id, [payments.CancelPayment(at=at)])
        case _:
            return None


def payment_request(
    payment_id: PaymentId,
    command: payments.PaymentCommand,
    find_invoice: Callable[[PaymentId], InvoiceIssued | None],
) -> Request:
    """Return a command for a payment, with what follows for its subscription and enrollment.

    `find_invoice` returns the invoice of a payment for its credit note, None if there is none.
    """

    def following(new: Sequence[Any], payment: Payment) -> Sequence[Request]:
        if not isinstance(payment, Started):
            return ()
        updates = [
            update
            for event in new
            if (update := when_payment_changes_then_subscription(payment_id, payment, event))
        ]
        billed = [amount for event in new if (amount := billed_amount(payment, event))]
        if not updates and not billed:
            return ()

        def documents(subscription: Subscription) -> Iterator[Request]:
            return _documents(payment_id, payment, subscription, billed, find_invoice)

        return [subscription_request(payment.subscription_id, updates, documents)]

    return Request(PAYMENT, payment_id, [command], followed_by=following)


def _documents(
    payment_id: PaymentId,
    payment: Started,
    subscription: Subscription,
    billed: Sequence[BilledAmount],
    find_invoice: Callable[[PaymentId], InvoiceIssued | None],
) -> Iterator[Request]:
    """Yield the invoice or credit note about a payment. One command has at most one of them."""
    if isinstance(subscription, NotCreated):
        return
    plan_id, tax_basis_points = plan_paid_by(subscription, payment_id)
    for each in billed:
        is_invoice = each.kind == "invoice"
        yield issue_request(
            Billed(
                kind=each.kind,
                payment_id=payment_id,
                subscription_id=payment.subscription_id,
                user_id=payment.user_id,
                plan_id=plan_id,
                amount=each.amount,
                tax_basis_points=tax_basis_points,
                credit=payment.credit if is_invoice else None,
                discount=payment.discount if is_invoice else None,
                coupon_id=payment.coupon_id if is_invoice else None,
                at=each.at,
                returned_before=each.before,
                corrected=None if is_invoice else find_invoice(payment_id),
            )
        )


def subscription_request(
    subscription_id: SubscriptionId,
    wanted: Sequence[commands.SubscriptionCommand],
    more: Callable[[Subscription], Iterable[Request]] | None = None,
) -> Request:
    """Return commands for a subscription, with what follows for enrollment, payments and coupon.

    `more` returns further requests, from the state after the commands.
    """

    def following(new: Sequence[Any], subscription: Subscription) -> Sequence[Request]:
        if isinstance(subscription, NotCreated):
            return ()
        renewals = [
            request
            for event in new
            if (
                request := when_renewal_changes_then_payment(
                    subscription_id, subscription.user_id, event
                )
            )
        ]
        return [
            *renewals,
            *enrollment_requests(subscription_id, subscription, new),
            *_released(subscription_id, subscription, new),
            *(more(subscription) if more else ()),
        ]

    return Request(SUBSCRIPTION, subscription_id, wanted, followed_by=following)


def _released(
    subscription_id: SubscriptionId, subscription: Subscription, new: Sequence[Any]
) -> list[Request]:
    """Return the request that gives a use of a coupon back, if it has reduced no payment."""
    ends = [event for event in new if isinstance(event, SubscriptionEnded)]
    if not ends or not isinstance(subscription, Ended) or subscription.unused is None:
        return []
    release = ReleaseCoupon(payment_id=first_payment_of(subscription_id), at=ends[-1].at)
    return [Request(COUPON, subscription.unused, [release], contended=True)]


def enrollment_requests(
    subscription_id: SubscriptionId,
    subscription: Pending | Active | Ended,
    new: Sequence[Any],
) -> list[Request]:
    """Return what follows for enrollments. A change of plan ends one, and another one begins."""
    places: list[TakePlace] = []
    updates: dict[EnrollmentId, list[enrollments.EnrollmentCommand]] = {}
    changes = [event for event in new if isinstance(event, PlanChanged)]
    plan_id = changes[0].left_plan_id if changes else subscription.plan_id
    for event in new:
        enrollment = enrollment_id_of(subscription.user_id, plan_id)
        update = when_subscription_changes_then_update_enrollment(subscription_id, event)
        if isinstance(event, PlanChanged):
            plan_id = event.choice.plan_id
            following = enrollment_id_of(subscription.user_id, plan_id)
            enroll = _enroll(following, subscription_id, subscription.user_id, event)
            updates.setdefault(following, []).append(enroll)
            places.append(enrollment_of_change(subscription.user_id, following, event.at))
        if update is not None:
            updates.setdefault(enrollment, []).append(update)
    capacity_id = ENROLLMENTS.stream_id(subscription.user_id)
    return [
        *(Request(ENROLLMENT, key, wanted) for key, wanted in updates.items()),
        *([Request(CAPACITY, capacity_id, places)] if places else ()),
    ]


def _enroll(
    enrollment_id: EnrollmentId,
    subscription_id: SubscriptionId,
    user_id: UserId,
    event: PlanChanged,
) -> enrollments.Enroll:
    """Return the command that begins the enrollment in the plan that a subscription changes to."""
    choice = event.choice
    return enrollments.Enroll(
        enrollment_id=enrollment_id,
        session_key=event.session_key,
        user_id=user_id,
        trainer_id=choice.trainer_id,
        plan_id=choice.plan_id,
        plan_number=choice.plan_number,
        schedule=Schedule(
            # The next day in UTC, because the athlete's day may begin before that of UTC.
            start_on=event.at.date() + timedelta(days=1),
            weeks=choice.weeks,
            sessions_per_week=choice.sessions_per_week,
            workouts=choice.workouts,
            missed_day=choice.missed_day,
        ),
        subscription_id=subscription_id,
        is_paid=True,
        replaces=True,
        at=event.at,
    )
