"""Rows of payments: which are still to be followed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.ids import SubscriptionId
from domain.money import Money
from domain.payments import events
from domain.payments.payment import PAYMENT as DECIDER
from domain.payments.states import is_open
from projections.payment import PAYMENT
from tests.projections.histories import ADA, AT, row_after

PRICE, PART = Money(1999, "EUR"), Money(500, "EUR")
PAID = (
    events.PaymentCreated(
        user_id=ADA,
        subscription_id=SubscriptionId("s"),
        amount=PRICE,
        region="EU",
        gateways=("stripe",),
        off_session=False,
        at=AT,
    ),
    events.PaymentRouted(attempt=1, gateway="stripe", reason="region", at=AT),
    events.IntentCreated(attempt=1, reference="pi_1", at=AT),
    events.PaymentCompleted(attempt=1, reference="pi_1", amount=PRICE, source="webhook", at=AT),
)
REQUESTED = events.PartialRefundRequested(
    attempt=1, number=1, amount=PART, reason="requested", at=AT
)
RETURNED = events.PartiallyRefunded(attempt=1, amount=PART, returned=PART, at=AT)


def openness(*history: Any) -> tuple[bool, bool]:
    """Return whether a payment is open by its row, and by its own rule."""
    return row_after(PAYMENT, "payment-p", *history).is_open, is_open(DECIDER.fold(history))


def status(*history: Any) -> str:
    return row_after(PAYMENT, "payment-p", *history).status


def test_the_status_of_a_payment_is_one_of_a_closed_set() -> None:
    """C-45"""
    unpaid = PAID[:3]
    assert status(*unpaid) == "pending"
    action = events.ActionRequired(attempt=1, at=AT)
    assert status(*unpaid, action) == "requires_action"
    declined = events.PaymentDeclined(attempt=1, reason="declined", at=AT)
    assert status(*unpaid, action, declined) == "pending"
    assert status(*PAID) == "succeeded"
    failed = events.PaymentFailed(reason="expired", at=AT)
    assert status(*unpaid, action, failed) == "failed"
    assert status(*unpaid, replace(failed, reason="cancelled")) == "canceled"


def test_a_payment_is_followed_until_its_refund_in_part_is_made() -> None:
    """R-PAY-12: a refund whose call timed out is tried again."""
    assert openness(*PAID) == (False, False)
    assert openness(*PAID, REQUESTED) == (True, True)
    assert openness(*PAID, REQUESTED, RETURNED) == (False, False)


def test_a_payment_needs_attention_until_its_failed_refunds_are_repaid() -> None:
    """R-PAY-12: what a person must do before, such as to give evidence, is shown first."""
    failed = events.RefundFailed(attempt=1, refund="re_1", amount=PART, at=AT)
    repaid = events.FailedRefundRepaid(attempt=1, amount=Money(200, "EUR"), at=AT)
    opened = events.DisputeOpened(
        attempt=1, dispute="du_1", stage="needs_response", reason="general", amount=PRICE,
        evidence_due_at=None, at=AT,
    )  # fmt: skip
    won = events.DisputeWon(attempt=1, dispute="du_1", at=AT)
    refunded = events.PaymentRefunded(attempt=1, amount=PRICE.minus(PART), completed=True, at=AT)
    history: list[Any] = [*PAID, REQUESTED, RETURNED]
    for event, attention, owed in (
        (failed, "refund_failed", 500),
        (repaid, "refund_failed", 300),
        (opened, "dispute", 300),
        (won, "refund_failed", 300),
        (refunded, "refund_failed", 300),
        (replace(repaid, amount=Money(300, "EUR")), None, 0),
    ):
        history.append(event)
        row = row_after(PAYMENT, "payment-p", *history)
        assert (row.attention, row.owed_minor) == (attention, owed), event
    assert openness(*history) == (False, False)
    assert (row.status, row.returned_minor) == ("refunded", 1999)


def test_a_charge_that_a_dispute_has_returned_is_not_followed_any_more() -> None:
    """R-PAY-12: a second charge was to be refunded, and its bank returned it before."""
    second = (
        events.PaymentRouted(attempt=2, gateway="stripe", reason="expired", at=AT),
        events.IntentCreated(attempt=2, reference="pi_2", at=AT),
        events.RefundRequested(attempt=2, amount=PRICE, reason="superseded", at=AT),
        events.DisputeOpened(
            attempt=2,
            dispute="du_1",
            stage="under_review",
            reason="duplicate",
            amount=PRICE,
            evidence_due_at=None,
            at=AT,
        ),
    )
    lost = events.DisputeLost(
        attempt=2, dispute="du_1", amount=PART, returned=PART, settled=False, completed=False, at=AT
    )
    assert openness(*PAID, *second, lost) == (True, True)
    settled = replace(lost, amount=PRICE, returned=PRICE, settled=True)
    assert openness(*PAID, *second, settled) == (False, False)
    row = row_after(PAYMENT, "payment-p", *PAID, *second, settled)
    assert (row.status, row.returned_minor) == ("succeeded", 0), "the payment itself is untouched"


def test_a_dispute_that_is_decided_does_not_hide_another_one() -> None:
    """R-PAY-12: a bank can dispute a charge in parts; the evidence for each is due."""
    first = events.DisputeOpened(
        attempt=1,
        dispute="du_1",
        stage="needs_response",
        reason="fraudulent",
        amount=PART,
        evidence_due_at=AT + timedelta(days=7),
        at=AT,
    )
    second = replace(first, dispute="du_2", stage="under_review", evidence_due_at=None)
    won = events.DisputeWon(attempt=1, dispute="du_2", at=AT)
    for history in ((first, second), (first, second, won)):
        row = row_after(PAYMENT, "payment-p", *PAID, *history)
        assert (row.is_open, row.attention, row.dispute) == (True, "dispute", "needs_response")
        assert row.dispute_due_at == first.evidence_due_at
    row = row_after(PAYMENT, "payment-p", *PAID, first, RETURNED)
    assert row.attention == "dispute", "a refund in part does not answer the bank"
    both = (first, second, won, replace(won, dispute="du_1"))
    row = row_after(PAYMENT, "payment-p", *PAID, *both)
    assert (row.is_open, row.attention, row.dispute) == (False, None, "won")
    assert row.dispute_due_at is None
