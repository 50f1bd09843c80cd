"""Disputes of a payment: their course, refunds meanwhile, and what is lost."""

from dataclasses import replace
from datetime import timedelta

from application.invoices.issuing import BilledAmount, billed_amount
from domain.money import Money
from domain.payments import commands, events
from domain.payments.states import RefundCharge, Started, next_steps
from tests.domain.disputes import DISPUTE, DUE, OPENED, reported
from tests.domain.payments import AT, COMPLETED, OPEN, PRICE, given, note

PAID = (*OPEN, COMPLETED)
PART = Money(50_000, "RUB")
REST = PRICE.minus(PART)
WITHDRAWN = events.DisputeFundsWithdrawn(attempt=1, dispute="du_1", at=AT)
WON = events.DisputeWon(attempt=1, dispute="du_1", at=AT)
LOST = events.DisputeLost(
    attempt=1, dispute="du_1", amount=PRICE, returned=PRICE, settled=True, completed=True, at=AT
)
REFUND = commands.RefundPayment(at=AT)


def test_a_dispute_is_opened_once_with_its_reason_and_the_date_for_evidence() -> None:
    """R-PAY-12"""
    given(*PAID).when(reported()).then(OPENED)
    given(*PAID, OPENED).when(reported()).then_nothing()
    taken = replace(DISPUTE, funds="withdrawn")
    given(*PAID, OPENED).when(reported(taken)).then(WITHDRAWN)
    given(*PAID, OPENED, WITHDRAWN).when(reported()).then_nothing()


def test_a_dispute_only_goes_on() -> None:
    """R-PAY-07: reports come late, twice and in any order."""
    reviewed = replace(DISPUTE, stage="under_review", evidence_due_at=None)
    changed = events.DisputeChanged(
        attempt=1, dispute="du_1", stage="under_review", evidence_due_at=None, at=AT
    )
    given(*PAID, OPENED).when(reported(reviewed)).then(changed)
    given(*PAID, OPENED, changed).when(reported()).then_nothing()
    later = replace(DISPUTE, evidence_due_at=DUE + timedelta(days=1))
    given(*PAID, OPENED).when(reported(later)).then(
        replace(changed, stage="needs_response", evidence_due_at=later.evidence_due_at)
    )
    for decision in (WON, LOST):
        given(*PAID, OPENED, decision).when(reported(reviewed)).then_nothing()
        for stage in ("won", "lost"):
            decided = replace(DISPUTE, stage=stage)
            given(*PAID, OPENED, decision).when(reported(decided)).then_nothing()
    given(*PAID, OPENED, WITHDRAWN, WON).when(
        reported(replace(DISPUTE, stage="won", funds="reinstated"))
    ).then(events.DisputeFundsReinstated(attempt=1, dispute="du_1", at=AT))


def test_a_dispute_may_be_lost_with_more_than_it_was_opened_with() -> None:
    """R-PAY-12: an inquiry about a part becomes a dispute of the whole charge."""
    inquiry = replace(OPENED, amount=PART, stage="inquiry")
    given(*PAID, inquiry).when(reported(replace(DISPUTE, stage="lost"))).then(LOST)
    after = given(*PAID, inquiry, LOST).state
    assert isinstance(after, Started)
    assert after.status == "refunded"
    assert after.attempt(1).taken_beyond == Money(0, "RUB")


def test_a_charge_is_recorded_before_its_dispute() -> None:
    """R-PAY-07: the report of the charge was lost, or comes after that of the dispute."""
    given(*OPEN).when(reported()).then(COMPLETED)


def test_nothing_is_refunded_while_a_payment_is_disputed() -> None:
    """R-PAY-12: the bank may return the same money."""
    disputed = given(*PAID, OPENED)
    disputed.when(REFUND).then_rejected(commands.PaymentDisputed)
    disputed.when(replace(REFUND, amount=PART)).then_rejected(commands.PaymentDisputed)
    by_hand = commands.NoteManualRefund(at=AT)
    disputed.when(by_hand).then_rejected(commands.PaymentDisputed)
    requested = events.RefundRequested(attempt=1, amount=PRICE, reason="requested", at=AT)
    given(*PAID, OPENED, WON).when(REFUND).then(requested)
    inquiry = replace(OPENED, stage="inquiry")
    given(*PAID, inquiry).when(REFUND).then(requested)


def test_a_refund_waits_for_the_decision_of_a_dispute() -> None:
    """R-PAY-12: it is made if the charge stands, and not if the bank has returned the money."""
    requested = events.RefundRequested(attempt=1, amount=PRICE, reason="requested", at=AT)
    step = RefundCharge(1, "yookassa", "r1", PRICE, 1)
    assert next_steps(given(*PAID, requested).state) == (step,)
    assert next_steps(given(*PAID, requested, OPENED).state) == ()
    assert next_steps(given(*PAID, requested, OPENED, WON).state) == (step,)
    assert next_steps(given(*PAID, requested, OPENED, LOST).state) == ()


def test_a_refused_refund_needs_a_person_until_the_dispute_goes_on() -> None:
    """R-PAY-12: it is tried again at each stage, and the refusal is recorded again."""
    requested = events.RefundRequested(attempt=1, amount=PRICE, reason="requested", at=AT)
    refused = commands.NoteAttention(attempt=1, reason="refused", at=AT)
    needed = events.AttentionNeeded(attempt=1, reason="refused", at=AT)
    inquiry = replace(OPENED, stage="inquiry")
    given(*PAID, inquiry, requested).when(refused).then(needed)
    given(*PAID, inquiry, requested, needed).when(refused).then_nothing()
    given(*PAID, inquiry, requested, needed, WON).when(refused).then(needed)


def test_a_lost_dispute_returns_the_payment_once() -> None:
    """R-PAY-12: with a credit note for what was left, and without another refund."""
    decided = reported(replace(DISPUTE, stage="lost"))
    given(*PAID, OPENED).when(decided).then(LOST)
    lost = given(*PAID, OPENED, LOST)
    assert isinstance(lost.state, Started)
    assert lost.state.status == "refunded"
    assert billed_amount(lost.state, LOST) == BilledAmount(
        "credit_note", PRICE, AT, Money(0, "RUB")
    )
    lost.when(decided).then_nothing()
    lost.when(REFUND).then_nothing()
    lost.when(replace(REFUND, amount=PART)).then_rejected(commands.RefundTooLarge)
    lost.when(note(commands.Refunded())).then_nothing()
    unheard = replace(OPENED, stage="under_review")
    given(*PAID).when(decided).then(unheard, LOST)


def test_only_what_is_left_of_a_payment_is_lost() -> None:
    """R-PAY-12: a part was refunded before."""
    returned = events.PartiallyRefunded(attempt=1, amount=PART, returned=PART, at=AT)
    lost = replace(LOST, amount=REST)
    given(*PAID, returned, OPENED).when(
        reported(replace(DISPUTE, stage="lost"), commands.Charged(PRICE, returned=PART))
    ).then(lost)
    state = given(*PAID, returned, OPENED, lost).state
    assert isinstance(state, Started)
    assert billed_amount(state, lost) == BilledAmount("credit_note", REST, AT, PART)


def test_a_lost_part_leaves_the_rest_to_be_refunded() -> None:
    """R-PAY-12: what the bank has returned is not in the refunds that the gateway reports."""
    lost = replace(LOST, amount=PART, returned=PART, settled=False, completed=False)
    decided = replace(DISPUTE, amount=PART, stage="lost")
    partly = given(*PAID, replace(OPENED, amount=PART), lost)
    given(*PAID, replace(OPENED, amount=PART)).when(reported(decided)).then(lost)
    partly.when(replace(REFUND, amount=PRICE)).then_rejected(commands.RefundTooLarge)
    requested = events.RefundRequested(attempt=1, amount=REST, reason="requested", at=AT)
    partly.when(REFUND).then(requested)
    one = Money(100, "RUB")
    partly.when(note(commands.Charged(PRICE, returned=one))).then(
        events.PartiallyRefunded(attempt=1, amount=one, returned=PART.plus(one), at=AT)
    )
    given(*PAID, replace(OPENED, amount=PART), lost, requested).when(
        replace(note(commands.Charged(PRICE, returned=REST)), source="reply")
    ).then(events.PaymentRefunded(attempt=1, amount=REST, completed=True, at=AT))
