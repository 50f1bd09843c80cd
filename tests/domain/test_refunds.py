"""Refunds of a payment: in full, in part, late, and by hand."""

from dataclasses import replace

from application.payments.policy import when_payment_changes_then_subscription
from domain.ids import PaymentId
from domain.money import Money
from domain.payments import commands, events
from domain.payments.states import RefundCharge, Started, next_steps
from domain.subscriptions.commands import NotePartReturned
from domain.values import InvalidValue
from tests.domain.payments import (
    AT,
    CHARGED,
    COMPLETED,
    INTENT,
    OPEN,
    PRICE,
    VOID,
    VOIDED,
    given,
    note,
)
from tests.specification import is_refused


def test_a_part_of_a_payment_is_refunded() -> None:
    """R-PAY-12: the payment stays completed until all of it is returned."""
    part, rest = Money(50_000, "RUB"), Money(149_900, "RUB")
    requested = events.PartialRefundRequested(
        attempt=1, number=1, amount=part, reason="goodwill", at=AT
    )
    paid, refund = (*OPEN, COMPLETED), commands.RefundPayment(amount=part, reason="goodwill", at=AT)
    given(*paid).when(refund).then(requested)
    underway = given(*paid, requested)
    assert next_steps(underway.state) == (RefundCharge(1, "yookassa", "r1", part, 1),)
    underway.when(refund).then_rejected(commands.RefundUnderway)
    returned = events.PartiallyRefunded(attempt=1, amount=part, returned=part, at=AT)
    reported = note(commands.Charged(PRICE, returned=part))
    underway.when(reported).then_nothing()  # it may be another one, by hand
    underway.when(replace(reported, source="reply")).then(returned)
    after = given(*paid, requested, returned)
    after.when(reported).then_nothing()
    assert next_steps(after.state) == ()
    too_much = replace(refund, amount=Money(150_000, "RUB"))
    after.when(too_much).then_rejected(commands.RefundTooLarge)
    last = events.RefundRequested(attempt=1, amount=rest, reason="requested", at=AT)
    after.when(commands.RefundPayment(at=AT)).then(last)
    assert next_steps(given(*paid, requested, returned, last).state) == (
        RefundCharge(1, "yookassa", "r1", rest, 2),
    )
    given(*paid, requested, returned, last).when(note(commands.Refunded())).then(
        events.PaymentRefunded(attempt=1, amount=rest, completed=True, at=AT)
    )
    is_refused(InvalidValue, lambda: replace(refund, amount=Money(0, "RUB")))


def test_a_part_that_was_returned_by_hand_is_recorded() -> None:
    part = Money(50_000, "RUB")
    reported = note(commands.Charged(PRICE, returned=part))
    returned = events.PartiallyRefunded(attempt=1, amount=part, returned=part, at=AT)
    given(*OPEN, COMPLETED).when(reported).then(returned)
    given(*OPEN, COMPLETED, returned).when(reported).then_nothing()


def test_a_refund_in_full_goes_on_with_the_rest_after_a_part_was_returned_by_hand() -> None:
    """R-PAY-12: also if the webhook about the part was lost."""
    part, rest = Money(50_000, "RUB"), Money(149_900, "RUB")
    full = events.RefundRequested(attempt=1, amount=PRICE, reason="requested", at=AT)
    returned = events.PartiallyRefunded(attempt=1, amount=part, returned=part, at=AT)
    refunding = given(*OPEN, COMPLETED, full)
    refunding.when(note(commands.Charged(PRICE, returned=part))).then(returned)
    refunding.when(CHARGED).then_nothing()
    after = given(*OPEN, COMPLETED, full, returned)
    assert next_steps(after.state) == (RefundCharge(1, "yookassa", "r1", rest, 2),)
    after.when(note(commands.Charged(PRICE, returned=part))).then_nothing()
    after.when(note(commands.Refunded())).then(
        events.PaymentRefunded(attempt=1, amount=rest, completed=True, at=AT)
    )


def test_a_charge_after_a_cancellation_is_refunded_without_the_returned_part() -> None:
    """R-PAY-12"""
    part, rest = Money(50_000, "RUB"), Money(149_900, "RUB")
    refund = events.RefundRequested(attempt=1, amount=rest, reason="cancelled", at=AT)
    failed = events.PaymentFailed(reason="cancelled", at=AT)
    charged = note(commands.Charged(PRICE, returned=part))
    given(*OPEN, VOID).when(charged).then(refund, failed)
    given(*OPEN, VOID, refund, failed).when(charged).then_nothing()
    assert next_steps(given(*OPEN, VOID, refund, failed).state) == (
        RefundCharge(1, "yookassa", "r1", rest, 1),
    )


def test_a_charge_that_was_returned_before_it_was_reported_fails_the_payment() -> None:
    """R-PAY-12"""
    voided = events.IntentVoided(attempt=1, at=AT)
    refunded = note(commands.Refunded())
    given(*OPEN).when(refunded).then(voided, events.PaymentFailed(reason="expired", at=AT))
    given(*OPEN, VOID).when(refunded).then(voided, events.PaymentFailed(reason="cancelled", at=AT))


def test_a_refund_by_hand_is_noted_where_a_person_must_act() -> None:
    """R-PAY-12: of a charge after a cancellation, and of a completed payment."""
    refund = events.RefundRequested(attempt=1, amount=PRICE, reason="cancelled", at=AT)
    failed = events.PaymentFailed(reason="cancelled", at=AT)
    needed = events.AttentionNeeded(attempt=1, reason="no_such_call", at=AT)
    noted = commands.NoteManualRefund(at=AT)
    refunded = events.PaymentRefunded(attempt=1, amount=PRICE, completed=False, at=AT)
    waiting = (*OPEN, VOID, refund, failed, needed)
    given(*waiting).when(noted).then(refunded)
    given(*waiting, refunded).when(noted).then_rejected(commands.PaymentNotCompleted)
    given(*OPEN).when(noted).then_rejected(commands.PaymentNotCompleted)
    paid, part = given(*OPEN, COMPLETED), Money(50_000, "RUB")
    paid.when(noted).then(replace(refunded, completed=True))
    paid.when(replace(noted, amount=part)).then(
        events.PartiallyRefunded(attempt=1, amount=part, returned=part, at=AT)
    )
    too_much = replace(noted, amount=Money(200_000, "RUB"))
    paid.when(too_much).then_rejected(commands.RefundTooLarge)
    underway = replace(refund, reason="requested")
    given(*OPEN, COMPLETED, underway).when(noted).then_rejected(commands.RefundUnderway)


def test_a_part_counts_only_if_it_is_of_the_charge_that_completed_the_payment() -> None:
    """R-PAY-12: a returned second charge takes back no change of plan, and neither does nothing."""
    replaced = events.PaymentRouted(attempt=2, gateway="yookassa", reason="expired", at=AT)
    completed = replace(COMPLETED, attempt=2, reference="r2")
    returning = events.RefundRequested(attempt=1, amount=PRICE, reason="superseded", at=AT)
    payment = given(
        *OPEN, VOIDED, replaced, replace(INTENT, attempt=2, reference="r2"), completed, returning
    ).state
    assert isinstance(payment, Started)
    part, nothing = Money(50_000, "RUB"), Money(0, "RUB")
    refunded = events.PartiallyRefunded(attempt=2, amount=part, returned=part, at=AT)
    lost = events.DisputeLost(
        attempt=2, dispute="du_1", amount=part, returned=part, settled=False, completed=False, at=AT
    )
    note_part = NotePartReturned(payment_id=PaymentId("s.1"), at=AT)
    for event, expected in (
        (refunded, note_part),
        (lost, note_part),
        (replace(lost, amount=nothing), None),
        (replace(refunded, attempt=1), None),
        (replace(lost, attempt=1, amount=PRICE, returned=PRICE, settled=True), None),
    ):
        found = when_payment_changes_then_subscription(PaymentId("s.1"), payment, event)
        assert found == expected, event
