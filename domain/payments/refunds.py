"""Refunds of a payment, in full and in part, and those that fail later."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from domain.money import Money
from domain.payments import commands, events
from domain.payments.failed_refunds import (
    FailedRefundEvent,
    evolve_failed_refund,
    note_failed_refund,
    owing_attempt,
    repaid,
)
from domain.payments.states import Attempt, Started

RefundEvent = (
    events.RefundRequested
    | events.PaymentRefunded
    | events.PartialRefundRequested
    | events.PartiallyRefunded
    | FailedRefundEvent
)


def evolve_refund(attempt: Attempt, event: RefundEvent) -> Attempt:
    """Apply a refund to the attempt that was charged."""
    match event:
        case events.RefundRequested(amount=amount):
            return replace(
                attempt,
                state="refunding",
                charged=attempt.charged or amount,
                refund=amount,
                refunds=attempt.refunds + 1,
            )
        case events.PaymentRefunded():
            return replace(attempt, state="refunded", refund=None, attention=None)
        case events.PartialRefundRequested(amount=amount, number=number):
            return replace(attempt, refund=amount, refunds=number)
        case events.PartiallyRefunded(returned=returned):
            changed = replace(attempt, refund=None, returned=returned, attention=None)
            if attempt.state != "refunding":
                return changed
            # the rest is to be returned, by another refund: its amount is smaller
            return replace(changed, refund=changed.left, refunds=attempt.refunds + 1)
        case events.RefundFailed() | events.FailedRefundRepaid():
            return evolve_failed_refund(attempt, event)


def decide_refund(
    command: commands.RefundPayment | commands.NoteManualRefund | commands.NoteFailedRefund,
    payment: Started,
) -> Iterator[events.PaymentEvent]:
    """Return the events of a refund that is requested, was made by hand, or has failed."""
    match command:
        case commands.RefundPayment():
            return _requested(command, payment)
        case commands.NoteManualRefund():
            return _by_hand(command, payment)
        case commands.NoteFailedRefund():
            return note_failed_refund(command, payment)


def _requested(command: commands.RefundPayment, payment: Started) -> Iterator[events.PaymentEvent]:
    """Return a part of the charge, or all that is left. A refund in full is requested once."""
    number = payment.completed_by
    if number is None:
        raise commands.PaymentNotCompleted
    attempt = payment.attempt(number)
    left = attempt.left
    if attempt.is_disputed:
        raise commands.PaymentDisputed
    if attempt.state != "charged" or left is None:
        if command.amount is not None:
            raise commands.RefundTooLarge
        return
    if attempt.refund is not None:
        raise commands.RefundUnderway
    refundable = _refundable(left, command.credited)
    amount = command.amount or refundable
    if refundable.less_than(amount) or amount.minor == 0:
        raise commands.RefundTooLarge
    if amount == left:
        yield refund(number, left, command.reason, command.at)
        return
    yield events.PartialRefundRequested(
        attempt=number,
        number=attempt.refunds + 1,
        amount=amount,
        reason=command.reason,
        at=command.at,
    )


def _refundable(left: Money, credited: Money | None) -> Money:
    """Return what is left of a charge, less what changes of plan have credited of it."""
    if credited is None:
        return left
    return left.minus(credited) if credited.less_than(left) else Money(0, left.currency)


def _by_hand(command: commands.NoteManualRefund, payment: Started) -> Iterator[events.PaymentEvent]:
    """Record what a person has returned: what waits for them or is owed, else of the payment."""
    waiting = [
        number
        for number, attempt in enumerate(payment.attempts, start=1)
        if attempt.refund is not None and attempt.attention is not None
    ]
    owing = None if waiting else owing_attempt(payment)
    number = waiting[0] if waiting else owing or payment.completed_by
    if number is None:
        raise commands.PaymentNotCompleted
    attempt = payment.attempt(number)
    left = attempt.left
    if attempt.is_disputed:
        raise commands.PaymentDisputed
    if owing is not None:
        yield from repaid(number, attempt, command.amount, command.at)
        return
    if attempt.state not in {"charged", "refunding"} or left is None:
        raise commands.RefundTooLarge
    if attempt.refund is not None and not waiting:
        raise commands.RefundUnderway
    amount = command.amount or attempt.refund or left
    if left.less_than(amount):
        raise commands.RefundTooLarge
    if amount == left:
        yield from refunded(number, attempt, payment, command.at)
        return
    before = attempt.returned or Money(0, amount.currency)
    yield events.PartiallyRefunded(
        attempt=number, amount=amount, returned=before.plus(amount), at=command.at
    )


def partly_returned(
    command: commands.NoteOutcome, attempt: Attempt, payment: Started
) -> Iterator[events.PaymentEvent]:
    """Record refunds in part. While one of ours is under way, only its reply is trusted.

    A refund of all that is left is never reported as one in part: that one was made by hand. What
    disputes have returned is not in the report, and neither are refunds that have failed. A person
    may have made those again: from then on, only a reply is trusted, and for its own amount.
    """
    outcome = command.outcome
    if not isinstance(outcome, commands.Charged) or outcome.returned is None:
        return
    nothing = Money(0, outcome.amount.currency)
    gone = outcome.returned.plus(attempt.lost or nothing).plus(attempt.failed or nothing)
    left = outcome.amount.minus(gone) if gone.less_than(outcome.amount) else nothing
    is_full = attempt.state == "refunding"
    is_expected = attempt.failed is None and (attempt.refund is None or is_full)
    if command.source != "reply" and not is_expected:
        return
    if attempt.left is None or not left.less_than(attempt.left):
        return
    amount = attempt.left.minus(left)
    if attempt.failed is not None and attempt.refund is not None:
        amount = attempt.refund if attempt.refund.less_than(amount) else amount
    if amount == attempt.left:
        yield from refunded(command.attempt, attempt, payment, command.at)
        return
    before = attempt.returned or nothing
    yield events.PartiallyRefunded(
        attempt=command.attempt, amount=amount, returned=before.plus(amount), at=command.at
    )


def refunded(
    number: int, attempt: Attempt, payment: Started, at: datetime
) -> Iterator[events.PaymentEvent]:
    """Record that all that was left of a charge was returned."""
    if attempt.left is not None:
        yield events.PaymentRefunded(
            attempt=number,
            amount=attempt.left,
            completed=number == payment.completed_by,
            at=at,
        )


def refund(
    number: int, amount: Money, reason: events.RefundReason, at: datetime
) -> events.RefundRequested:
    """Return the event that requests a refund of all that is left."""
    return events.RefundRequested(attempt=number, amount=amount, reason=reason, at=at)
