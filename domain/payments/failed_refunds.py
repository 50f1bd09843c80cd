"""Refunds that a gateway has made, and that fail at the bank of the user days later.

The payment, its credit note and access stay as the refund left them. The user is owed the
amount until a person has returned it in another way. What the bank takes by a dispute, before or
after the failure, is not owed.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from domain.money import Money
from domain.payments import commands, events
from domain.payments.states import Attempt, Started

FailedRefundEvent = events.RefundFailed | events.FailedRefundRepaid


def note_failed_refund(
    command: commands.NoteFailedRefund, payment: Started
) -> Iterator[FailedRefundEvent]:
    """Record once that a refund has failed, if it counts as returned.

    One that does not count is not missing at the gateway: the payment process makes it again. The
    refund that is under way does not count yet, although the gateway may have made it. What lost
    disputes took beyond the rest of the charge repays the failed refund.
    """
    attempt, failed = payment.attempt(command.attempt), command.refund
    if attempt.reference != command.reference:
        raise commands.IntentUnknown
    if failed.reference in attempt.failed_refunds:
        return
    nothing = Money(0, failed.amount.currency)
    needed = failed.amount.plus(attempt.owed or nothing)
    for other in failed.others:
        if attempt.refund is None or other.number != attempt.refunds:
            needed = needed.plus(other.amount)
    if (attempt.all_refunded or nothing).less_than(needed):
        return
    yield events.RefundFailed(
        attempt=command.attempt, refund=failed.reference, amount=failed.amount, at=command.at
    )
    taken = attempt.taken_beyond or nothing
    amount = taken if taken.less_than(failed.amount) else failed.amount
    if amount.minor > 0:
        yield events.FailedRefundRepaid(attempt=command.attempt, amount=amount, at=command.at)


def owing_attempt(payment: Started) -> int | None:
    """Return the first attempt of which the user is owed a failed refund."""
    numbers = range(1, len(payment.attempts) + 1)
    return next((each for each in numbers if payment.attempt(each).owed is not None), None)


def repaid(
    number: int, attempt: Attempt, amount: Money | None, at: datetime
) -> Iterator[events.FailedRefundRepaid]:
    """Record that a person has returned an amount of what is owed; without one, all of it."""
    owed = attempt.owed
    if owed is None or (amount is not None and owed.less_than(amount)):
        raise commands.RefundTooLarge
    yield events.FailedRefundRepaid(attempt=number, amount=amount or owed, at=at)


def repaid_by_dispute(
    number: int, attempt: Attempt, disputed: Money, lost: events.DisputeLost
) -> Iterator[events.FailedRefundRepaid]:
    """Record the part of failed refunds that a lost dispute repays."""
    owed = attempt.owed
    if owed is None:
        return
    taken = taken_beyond_rest(attempt, disputed, lost)
    amount = taken if taken.less_than(owed) else owed
    if amount.minor > 0:
        yield events.FailedRefundRepaid(attempt=number, amount=amount, at=lost.at)


def taken_beyond_rest(attempt: Attempt, disputed: Money, lost: events.DisputeLost) -> Money:
    """Return how much a lost dispute took beyond the rest of the charge.

    A dispute in another currency took all of the charge. It may be lost with more than it was
    opened with: an inquiry about a part becomes a dispute of the whole charge.
    """
    if disputed.currency != lost.amount.currency:
        disputed = attempt.charged or lost.amount
    if disputed.less_than(lost.amount):
        return Money(0, lost.amount.currency)
    return disputed.minus(lost.amount)


def evolve_failed_refund(attempt: Attempt, event: FailedRefundEvent) -> Attempt:
    """Apply a failed refund, or its repayment, to the attempt that was charged."""
    nothing = Money(0, event.amount.currency)
    match event:
        case events.RefundFailed(refund=refund, amount=amount):
            failed = (attempt.failed or nothing).plus(amount)
            return replace(attempt, failed_refunds=(*attempt.failed_refunds, refund), failed=failed)
        case events.FailedRefundRepaid(amount=amount):
            taken = attempt.taken_beyond or nothing
            return replace(
                attempt,
                repaid=(attempt.repaid or nothing).plus(amount),
                taken_beyond=nothing if taken.less_than(amount) else taken.minus(amount),
            )
