"""Examples of events that return a part of a payment, of failed refunds, and of disputes."""

from datetime import UTC, datetime
from typing import Any

from domain.money import Money
from domain.payments import events as payment

AMOUNT = Money(1999, "EUR")
AT = datetime(2030, 1, 1, 7, 30, 0, 123457, tzinfo=UTC)
LATER = datetime(2030, 1, 1, 8, 15, 30, tzinfo=UTC)

EXAMPLES: list[Any] = [
    payment.PartiallyRefunded(attempt=1, amount=AMOUNT, returned=AMOUNT, at=LATER),
    payment.RefundFailed(attempt=1, refund="re_1Nispe2eZvKYlo2Cd31jOCgZ", amount=AMOUNT, at=AT),
    payment.FailedRefundRepaid(attempt=1, amount=AMOUNT, at=LATER),
    payment.DisputeOpened(
        attempt=1,
        dispute="du_1MtJUT2eZvKYlo2C",
        stage="needs_response",
        reason="fraudulent",
        amount=AMOUNT,
        evidence_due_at=LATER,
        at=AT,
    ),
    payment.DisputeChanged(
        attempt=1, dispute="du_1MtJUT2eZvKYlo2C", stage="under_review", evidence_due_at=None, at=AT
    ),
    payment.DisputeFundsWithdrawn(attempt=1, dispute="du_1MtJUT2eZvKYlo2C", at=AT),
    payment.DisputeFundsReinstated(attempt=1, dispute="du_1MtJUT2eZvKYlo2C", at=LATER),
    payment.DisputeWon(attempt=1, dispute="du_1MtJUT2eZvKYlo2C", at=LATER),
    payment.DisputeLost(
        attempt=1,
        dispute="du_1MtJUT2eZvKYlo2C",
        amount=AMOUNT,
        returned=AMOUNT,
        settled=True,
        completed=True,
        at=LATER,
    ),
]
