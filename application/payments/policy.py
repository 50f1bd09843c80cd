"""Policy: what a payment means for its subscription, and a subscription for its enrollment."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from application.enrollments.service import enrollment_id_of
from application.invoices.issuing import Billed, BilledAmount, billed_amount, issue_request
from application.kernel.command_handler import Request
from domain.coupons.commands import ReleaseCoupon
from domain.coupons.coupon import COUPON
from domain.enrollments import commands as enrollments
from domain.enrollments.enrollment import ENROLLMENT
from domain.enrollments.events import CancelReason
from domain.ids import PaymentId, SubscriptionId, UserId
from domain.payments import commands as payments
from domain.payments import events
from domain.payments.payment import PAYMENT
from domain.payments.states import Payment, Started
from domain.subscriptions import commands
from domain.subscriptions.events import (
    EndReason,
    PauseEnded,
    RenewalStarted,
    RenewalWithdrawn,
    SubscriptionActivated,
    SubscriptionEnded,
    SubscriptionPaused,
)
from domain.subscriptions.states import NotCreated, Subscription
from domain.subscriptions.subscription import SUBSCRIPTION

CANCEL_REASONS: Final[Mapping[EndReason, CancelReason]] = {
    "payment_failed": "payment_failed",
    "refunded": "refunded",
    "cancelled": "subscription_ended",
    "expired": "subscription_ended",
}


def when_payment_changes_then_subscription(
    payment_id: PaymentId, subscription_id: SubscriptionId, event: Any
) -> commands.SubscriptionCommand | None:
    """Return the command for the subscription that a payment pays, or None.

    `payment.completed` grants access, `payment.failed` and the refund of that charge withdraw it.
    Returned charges that never completed a payment change nothing. A method that the gateway keeps
    is for renewals.
    """
    match event:
        case events.PaymentCompleted(at=at):
            return commands.NotePaid(payment_id=payment_id, at=at)
        case events.PaymentFailed(reason=reason, at=at):
            cancelled = reason == "cancelled"
            return commands.NoteUnpaid(payment_id=payment_id, cancelled=cancelled, at=at)
        case events.PaymentRefunded(completed=True, at=at):
            return commands.NoteRefunded(payment_id=payment_id, at=at)
        case events.MethodStored(method=method, at=at):
            return commands.StoreMethod(subscription_id=subscription_id, method=method, at=at)
        case _:
            return None


def when_subscription_changes_then_update_enrollment(
    subscription_id: SubscriptionId, event: Any
) -> enrollments.EnrollmentCommand | None:
    """Return the command for the enrollment that a subscription pays, or None.

    It begins with `subscription.activated`, and ends with `subscription.ended`. A pause of the
    subscription is one of the enrollment.
    """
    match event:
        case SubscriptionActivated(at=at):
            return enrollments.Activate(subscription_id=subscription_id, at=at)
        case SubscriptionPaused(at=at):
            return enrollments.Pause(subscription_id=subscription_id, at=at)
        case PauseEnded(at=at):
            return enrollments.Continue(subscription_id=subscription_id, at=at)
        case SubscriptionEnded(reason=reason, at=at):
            return enrollments.EndSubscription(
                subscription_id=subscription_id, reason=CANCEL_REASONS[reason], at=at
            )
        case _:
            return None


def when_renewal_changes_then_payment(
    subscription_id: SubscriptionId, user_id: UserId, event: Any
) -> Request | None:
    """Return the request for the payment of a renewal, or None.

    It is created with `subscription.renewal_started`, and cancelled with its inverse. Its outcome
    changes the subscription in a later append.
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
                at=at,
            )
            return Request(PAYMENT, payment_id, [create])
        case RenewalWithdrawn(payment_id=payment_id, at=at):
            return Request(PAYMENT, payment_id, [payments.CancelPayment(at=at)])
        case _:
            return None


def payment_request(payment_id: PaymentId, command: payments.PaymentCommand) -> Request:
    """Return a command for a payment, with what follows for its subscription and enrollment."""

    def following(new: Sequence[Any], payment: Payment) -> Sequence[Request]:
        if not isinstance(payment, Started):
            return ()
        paid_for = payment.subscription_id
        updates = [
            update
            for event in new
            if (update := when_payment_changes_then_subscription(payment_id, paid_for, event))
        ]
        billed = [amount for event in new if (amount := billed_amount(payment, event))]
        released = _released(payment_id, payment, new)
        if not updates and not billed:
            return released

        def documents(subscription: Subscription) -> Sequence[Request]:
            return _documents(payment_id, payment, subscription, billed)

        return [subscription_request(paid_for, updates, documents), *released]

    return Request(PAYMENT, payment_id, [command], followed_by=following)


def _released(payment_id: PaymentId, payment: Started, new: Sequence[Any]) -> list[Request]:
    """Return the use of a coupon, if the payment has failed."""
    failed = [event for event in new if isinstance(event, events.PaymentFailed)]
    if payment.coupon_id is None or not failed:
        return []
    release = ReleaseCoupon(payment_id=payment_id, at=failed[-1].at)
    return [Request(COUPON, payment.coupon_id, [release], contended=True)]


def _documents(
    payment_id: PaymentId,
    payment: Started,
    subscription: Subscription,
    billed: Sequence[BilledAmount],
) -> Sequence[Request]:
    """Return the invoice or credit note about a payment. One command has at most one of them."""
    if isinstance(subscription, NotCreated):
        return ()
    return [
        issue_request(
            Billed(
                kind=each.kind,
                payment_id=payment_id,
                subscription_id=payment.subscription_id,
                user_id=payment.user_id,
                plan_id=subscription.plan_id,
                amount=each.amount,
                tax_basis_points=subscription.price.tax_basis_points,
                at=each.at,
                returned_before=each.before,
            )
        )
        for each in billed
    ]


def subscription_request(
    subscription_id: SubscriptionId,
    wanted: Sequence[commands.SubscriptionCommand],
    more: Callable[[Subscription], Sequence[Request]] | None = None,
) -> Request:
    """Return commands for a subscription, with what follows for its enrollment and payments.

    `more` returns further requests, from the state after the commands.
    """

    def following(new: Sequence[Any], subscription: Subscription) -> Sequence[Request]:
        if isinstance(subscription, NotCreated):
            return ()
        updates = [
            update
            for event in new
            if (update := when_subscription_changes_then_update_enrollment(subscription_id, event))
        ]
        renewals = [
            request
            for event in new
            if (
                request := when_renewal_changes_then_payment(
                    subscription_id, subscription.user_id, event
                )
            )
        ]
        enrollment = enrollment_id_of(subscription.user_id, subscription.plan_id)
        return [
            *renewals,
            *([Request(ENROLLMENT, enrollment, updates)] if updates else ()),
            *(more(subscription) if more else ()),
        ]

    return Request(SUBSCRIPTION, subscription_id, wanted, followed_by=following)
