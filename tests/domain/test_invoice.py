"""Taxes on invoices and on the credit notes that correct them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import PaymentId, PlanId, SubscriptionId, UserId
from domain.invoices.events import InvoiceKind
from domain.invoices.invoice import InvoiceExists, IssueInvoice, NotIssued, decide
from domain.money import FULL_SHARE, Money
from domain.personal import Erased, Personal

UNKNOWN = Personal[str](UserId("ada"), Erased())


def issue(kind: InvoiceKind, amount: int, rate: int, before: int | None = None) -> IssueInvoice:
    """Return the command that issues a document."""
    return IssueInvoice(
        kind=kind, year=2030, number=1, seller="Kinelog", user_id=UserId("ada"),
        buyer_name=UNKNOWN, buyer_country=UNKNOWN, payment_id=PaymentId("p"),
        subscription_id=SubscriptionId("s"), plan_id=PlanId("squats"), plan_title=UNKNOWN,
        amount=Money(amount, "EUR"), tax_basis_points=rate,
        returned_before=None if before is None else Money(before, "EUR"),
        at=datetime(2030, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def tax(kind: InvoiceKind, amount: int, rate: int, before: int | None = None) -> int:
    """Return the tax of a document that is issued."""
    (issued,) = decide(issue(kind, amount, rate, before), NotIssued())
    return issued.tax.minor


def test_a_number_is_issued_once() -> None:
    """R-PAY-08: no second document replaces the first one."""
    (issued,) = decide(issue("invoice", 1999, 1900), NotIssued())
    with pytest.raises(InvoiceExists):
        decide(issue("invoice", 1, 1900), issued)


@given(
    parts=st.lists(st.integers(1, 100_000), min_size=1, max_size=10),
    rate=st.integers(0, FULL_SHARE),
)
def test_credit_notes_sum_to_their_invoice(parts: list[int], rate: int) -> None:
    """R-PAY-12: a payment is returned in any parts."""
    taxes = [
        tax("credit_note", part, rate, before=sum(parts[:place]))
        for place, part in enumerate(parts)
    ]
    assert sum(taxes) == tax("invoice", sum(parts), rate)
    assert all(0 <= each <= part for each, part in zip(taxes, parts, strict=True))
