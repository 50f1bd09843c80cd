"""Payment process: routes a payment, follows its intents, and undoes what must not stand.

`decide` and `evolve` are pure; `states.next_steps` returns the calls to gateways that are due. Each
is idempotent under the key of its attempt, so it is repeated until its result is recorded.

Money can move only after the user has the reference of an intent, or when a stored method is
charged. Another gateway is tried only before that (C-26). An intent that has expired at its gateway
is replaced by another one when the user comes back, until the payment itself expires. Whatever a
gateway reports later, the payment keeps one charge at most: others are refunded.

| forward event | inverse |
|---|---|
| `payment.created` | `payment.failed` |
| `payment.intent_created` | `payment.void_requested`, then `payment.voided` |
| `payment.charge_submitted` | `payment.void_requested`, then `payment.voided` |
| `payment.completed` | `payment.refund_requested`, then `payment.refunded` |

A part of a completed payment can be returned as well; then it stays completed. A dispute that is
lost returns what it is about, like a refund (`disputes`). A refund can fail later; then the user is
owed it (`failed_refunds`).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Literal

from domain.kernel import Decider
from domain.payments import commands, events
from domain.payments.creation import create
from domain.payments.disputes import DisputeEvent, evolve_dispute, note_disputes
from domain.payments.refunds import (
    RefundEvent,
    decide_refund,
    evolve_refund,
    partly_returned,
    refund,
    refunded,
)
from domain.payments.states import IN_FLIGHT, PAYABLE, UNPAID, Attempt, NotCreated, Payment, Started


def decide(command: commands.PaymentCommand, payment: Payment) -> tuple[events.PaymentEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    if isinstance(payment, NotCreated):
        if not isinstance(command, commands.CreatePayment):
            raise commands.PaymentNotFound
        return create(command)
    match command:
        case commands.CreatePayment():
            wanted = (command.user_id, command.subscription_id, command.amount)
            if wanted != (payment.user_id, payment.subscription_id, payment.amount):
                raise commands.PaymentExists
            return ()
        case commands.NoteObstacle() | commands.ReplaceIntent():
            return _reroute(command, payment)
        case commands.SubmitCharge():
            return _submit(command, payment)
        case commands.NoteOutcome():
            return tuple(_note(command, payment)) or tuple(note_disputes(command, payment))
        case commands.NoteAttention():
            return tuple(_attention(command, payment))
        case commands.CancelPayment(at=at):
            return _give_up(payment, "cancelled", at)
        case commands.ExpirePayment(at=at):
            return _give_up(payment, "expired", at)
        case commands.NoteNoCharge():
            return tuple(_no_charge(command, payment))
        case commands.RefundPayment() | commands.NoteManualRefund() | commands.NoteFailedRefund():
            return tuple(decide_refund(command, payment))


def evolve(payment: Payment, event: events.PaymentEvent) -> Payment:
    """Apply one event. History is never refused."""
    match event, payment:
        case events.PaymentCreated(), _:
            return Started(
                user_id=event.user_id,
                subscription_id=event.subscription_id,
                amount=event.amount,
                gateways=event.gateways,
                off_session=event.off_session,
            )
        case _, NotCreated():
            return payment
        case events.PaymentDiscounted(coupon_id=coupon_id, price=price), Started():
            return replace(payment, coupon_id=coupon_id, price=price)
        case events.PaymentCredited(credit=credit), Started():
            return replace(payment, credit=credit)
        case events.MethodChosen(method=method), Started():
            return replace(payment, method=method)
        case events.PaymentRouted(gateway=gateway), Started(attempts=attempts):
            return replace(payment, attempts=(*attempts, Attempt(gateway)))
        case events.PaymentFailed(), Started():
            return replace(payment, status="failed")
        case _, Started():
            number = event.attempt
            attempt = payment.attempts[number - 1]
            changed = (
                evolve_dispute(attempt, event)
                if isinstance(event, DisputeEvent)
                else _evolve_attempt(attempt, event)
            )
            attempts = (*payment.attempts[: number - 1], changed, *payment.attempts[number:])
            return _evolve_status(replace(payment, attempts=attempts), event)


AttemptEvent = (
    events.ChargeSubmitted
    | events.IntentCreated
    | events.ActionRequired
    | events.PaymentDeclined
    | events.VoidRequested
    | events.IntentVoided
    | events.AttentionNeeded
    | events.PaymentCompleted
    | events.MethodStored
    | RefundEvent
)


def _evolve_attempt(attempt: Attempt, event: AttemptEvent) -> Attempt:
    match event:
        case events.ChargeSubmitted(at=at):
            return replace(attempt, state="submitted", submitted_at=at)
        case events.IntentCreated(reference=reference):
            # an attempt that is being given up stays so when its intent is found
            waits = attempt.state in {"requested", "submitted"}
            return replace(attempt, state="open" if waits else attempt.state, reference=reference)
        case events.ActionRequired():
            return replace(attempt, state="action", declined=None)
        case events.PaymentDeclined(reason=reason):
            return replace(attempt, state="open", declined=reason)
        case events.VoidRequested(at=at):
            return replace(attempt, state="voiding", given_up_at=attempt.given_up_at or at)
        case events.IntentVoided():
            return replace(attempt, state="voided", attention=None)
        case events.AttentionNeeded(reason=reason):
            return replace(attempt, attention=reason)
        case events.PaymentCompleted(amount=amount):
            return replace(attempt, state="charged", charged=amount)
        case events.MethodStored():
            return attempt
        case (
            events.RefundRequested()
            | events.PaymentRefunded()
            | events.PartialRefundRequested()
            | events.PartiallyRefunded()
            | events.RefundFailed()
            | events.FailedRefundRepaid()
        ):
            return evolve_refund(attempt, event)


def _evolve_status(payment: Started, event: AttemptEvent | DisputeEvent) -> Started:
    match event:
        case events.PaymentCompleted(attempt=number):
            return replace(payment, status="completed", completed_by=number, giving_up=None)
        case events.PaymentRefunded(completed=True) | events.DisputeLost(completed=True):
            return replace(payment, status="refunded")
        case events.VoidRequested(reason="cancelled" | "expired" as reason):
            return replace(payment, giving_up=reason)
        case _:
            return payment


PAYMENT = Decider[commands.PaymentCommand, events.PaymentEvent, Payment](
    "payment", initial=NotCreated(), decide=decide, evolve=evolve
)


def _reroute(
    command: commands.NoteObstacle | commands.ReplaceIntent, payment: Started
) -> tuple[events.PaymentEvent, ...]:
    """Begin another attempt, if this one is the latest of a pending payment."""
    attempt = payment.attempt(command.attempt)
    if payment.status != "pending" or command.attempt != payment.current:
        return ()
    match command:
        case commands.NoteObstacle():
            return _try_next(command, attempt, payment)
        case commands.ReplaceIntent(at=at):
            if attempt.state != "voided":
                return ()
            return (_routed(payment, attempt.gateway, "expired", at),)


def _routed(
    payment: Started, gateway: events.Gateway, reason: events.RouteReason, at: datetime
) -> events.PaymentRouted:
    return events.PaymentRouted(attempt=payment.current + 1, gateway=gateway, reason=reason, at=at)


def _try_next(
    command: commands.NoteObstacle, attempt: Attempt, payment: Started
) -> tuple[events.PaymentEvent, ...]:
    """Try the next gateway if no money can have moved; fail after the last one.

    A timeout or refusal of the last one changes nothing: the same call is repeated until the
    payment expires, as the cause can be removed.
    """
    if attempt.state != "requested":
        return ()
    following = payment.gateways[payment.gateways.index(attempt.gateway) + 1 :]
    if following:
        return (_routed(payment, following[0], command.obstacle, command.at),)
    if command.obstacle in {"timeout", "refused"}:
        return ()
    return (events.PaymentFailed(reason="no_gateway", at=command.at),)


def _submit(command: commands.SubmitCharge, payment: Started) -> tuple[events.PaymentEvent, ...]:
    usable = payment.status == "pending" and command.attempt == payment.current
    if not (usable and payment.off_session):
        raise commands.NotChargeable
    if payment.attempt(command.attempt).state != "requested":
        return ()
    return (events.ChargeSubmitted(attempt=command.attempt, at=command.at),)


def _give_up(
    payment: Started, reason: Literal["cancelled", "expired"], at: datetime
) -> tuple[events.PaymentEvent, ...]:
    """Fail the payment, and void an intent that can be paid.

    A cancelled payment fails at once, because some gateways void an intent only after an hour; a
    charge until then is refunded. An expired one may still be charged, so it fails once its intent
    is voided.
    """
    attempt = payment.attempt(payment.current)
    if payment.status != "pending" or payment.giving_up in {reason, "cancelled"}:
        return ()
    if attempt.state in {"requested", "voided"}:
        return (events.PaymentFailed(reason=reason, at=at),)
    void = events.VoidRequested(attempt=payment.current, reason=reason, at=at)
    return (void, events.PaymentFailed(reason=reason, at=at)) if reason == "cancelled" else (void,)


def _note(command: commands.NoteOutcome, payment: Started) -> Iterator[events.PaymentEvent]:
    """Apply what a gateway reports. Repeated and outdated reports change nothing."""
    number, at = command.attempt, command.at
    attempt = payment.attempt(number)
    if attempt.reference not in {None, command.reference}:
        raise commands.IntentUnknown
    usable = payment.status == "pending" and number == payment.current
    if attempt.reference is None:
        yield events.IntentCreated(attempt=number, reference=command.reference, at=at)
    match command.outcome:
        case commands.Charged():
            yield from _charged(command, command.outcome, payment, usable=usable)
        case commands.Refunded():
            if attempt.state in {"charged", "refunding"}:
                yield from refunded(number, attempt, payment, at)
            elif attempt.state in UNPAID:  # by hand, before the charge was reported
                yield from _voided(command, None, attempt, payment, usable=usable)
        case commands.Voided(declined=declined):
            if attempt.state in UNPAID:
                yield from _voided(command, declined, attempt, payment, usable=usable)
        case (commands.Paying() | commands.NeedsAction() | commands.Declined()) as waiting:
            if usable:
                yield from _waiting(number, waiting, attempt, payment, at)
            elif attempt.state in PAYABLE or attempt.reference is None:
                yield events.VoidRequested(attempt=number, reason="superseded", at=at)


def _can_be_replaced(payment: Started) -> bool:
    """Return whether the user may pay another intent after the present one has expired."""
    return payment.giving_up is None and not payment.off_session


def _voided(
    command: commands.NoteOutcome,
    declined: events.DeclineReason | None,
    attempt: Attempt,
    payment: Started,
    *,
    usable: bool,
) -> Iterator[events.PaymentEvent]:
    """Fail the payment if it was at this attempt: because of the refusal, if one ended it.

    It does not fail if the intent has only expired, and the user may pay another one.
    """
    number, at = command.attempt, command.at
    if usable and declined is not None and attempt.declined != declined:
        yield events.PaymentDeclined(attempt=number, reason=declined, at=at)
    yield events.IntentVoided(attempt=number, at=at)
    if usable and not (command.outcome == commands.Voided() and _can_be_replaced(payment)):
        reason = payment.giving_up or declined or attempt.declined or "expired"
        yield events.PaymentFailed(reason=reason, at=at)


def _attention(command: commands.NoteAttention, payment: Started) -> Iterator[events.PaymentEvent]:
    """Record once that a person must act, and fail a payment that would stay pending forever.

    A charge that is reported later is returned, as after any other failed payment.
    """
    number, at = command.attempt, command.at
    attempt = payment.attempt(number)
    if attempt.attention == command.reason:
        return
    if attempt.state == "voiding" or attempt.refund is not None:
        yield events.AttentionNeeded(attempt=number, reason=command.reason, at=at)
    if attempt.state == "voiding" and payment.status == "pending" and number == payment.current:
        yield events.PaymentFailed(reason=payment.giving_up or "expired", at=at)


def _waiting(
    number: int,
    outcome: commands.Paying | commands.NeedsAction | commands.Declined,
    attempt: Attempt,
    payment: Started,
    at: datetime,
) -> Iterator[events.PaymentEvent]:
    """Apply the state of an intent that the user can still pay."""
    match outcome:
        case commands.NeedsAction() if attempt.state in PAYABLE - {"action"}:
            yield events.ActionRequired(attempt=number, at=at)
        case commands.Declined(reason=reason) if attempt.state in PAYABLE:
            if attempt.declined != reason:
                yield events.PaymentDeclined(attempt=number, reason=reason, at=at)
            if payment.off_session:
                yield events.VoidRequested(attempt=number, reason="declined", at=at)
        case _:
            return


def _charged(
    command: commands.NoteOutcome, charge: commands.Charged, payment: Started, *, usable: bool
) -> Iterator[events.PaymentEvent]:
    """Complete the payment by its first charge, unless it must not stand; refund any other.

    Of a charge that was returned in part, only the rest is refunded.
    """
    amount, returned = charge.amount, charge.returned
    number, at = command.attempt, command.at
    attempt = payment.attempt(number)
    if attempt.state in {"charged", "refunding"}:
        yield from partly_returned(command, attempt, payment)
    if attempt.state not in UNPAID | {"voided"}:
        return
    left = amount if returned is None else amount.minus(returned)
    if payment.giving_up == "cancelled" and number == payment.current:
        yield refund(number, left, "cancelled", at)
        if usable:  # events of an earlier version: the payment fails once its intent is voided
            yield events.PaymentFailed(reason="cancelled", at=at)
    elif not usable:
        yield refund(number, left, "superseded", at)
    elif amount != payment.amount:
        yield refund(number, left, "wrong_amount", at)
        yield events.PaymentFailed(reason="wrong_amount", at=at)
    else:
        yield events.PaymentCompleted(
            attempt=number,
            reference=command.reference,
            amount=amount,
            source=command.source,
            at=at,
        )
        if command.method is not None and command.method != payment.method:
            yield events.MethodStored(attempt=number, method=command.method, at=at)


def _no_charge(command: commands.NoteNoCharge, payment: Started) -> Iterator[events.PaymentEvent]:
    """Fail a payment whose stored method was not charged, and will not be.

    A missing intent counts only when no charge can be in flight any more.
    """
    attempt = payment.attempt(command.attempt)
    if attempt.reference is not None or attempt.state not in {"submitted", "voiding"}:
        return
    given_up_at = attempt.given_up_at
    is_over = given_up_at is not None and command.at >= given_up_at + IN_FLIGHT
    if is_over or command.reason is not None:
        yield events.IntentVoided(attempt=command.attempt, at=command.at)
        if payment.status == "pending":
            reason = payment.giving_up or command.reason or "expired"
            yield events.PaymentFailed(reason=reason, at=command.at)
