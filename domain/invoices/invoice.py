"""Invoice decider: a document is issued once, and never changes."""

from dataclasses import fields
from datetime import datetime

from domain.ids import CouponId, InvoiceId, PaymentId, PlanId, SubscriptionId, UserId
from domain.invoices.events import InvoiceIssued, InvoiceKind
from domain.kernel import Decider, Rejected, command, value
from domain.money import Money
from domain.personal import Personal


class InvoiceNotFound(Rejected):
    """There is no invoice with this id."""

    code = "invoice.unknown"
    kind = "not_found"


class InvoiceExists(Rejected):
    """This invoice exists already."""

    code = "invoice.exists"


@command
class IssueInvoice:
    """Issue an invoice or a credit note. The tax is computed from the amount, which includes it.

    `returned_before` is the sum of earlier credit notes of the payment: the tax of a credit note is
    the difference that it makes to the tax returned, so that all of them sum to the invoice.
    `credit` is what is left of an earlier period, and `discount` what the coupon takes off: the
    price is the sum of the amount and both.
    """

    kind: InvoiceKind
    year: int
    number: int
    seller: str
    user_id: UserId
    buyer_name: Personal[str]
    buyer_country: Personal[str]
    payment_id: PaymentId
    subscription_id: SubscriptionId
    plan_id: PlanId
    plan_title: Personal[str]
    amount: Money
    tax_basis_points: int
    returned_before: Money | None = None
    credit: Money | None = None
    discount: Money | None = None
    coupon_id: CouponId | None = None
    at: datetime


@value
class NotIssued:
    """No invoice exists with this id."""


Invoice = NotIssued | InvoiceIssued
"""An issued invoice is what its event says."""


def invoice_id(year: int, number: int) -> InvoiceId:
    """Return the id of a document, which is its number on paper as well."""
    return InvoiceId(f"{year}-{number:06d}")


def decide(command: IssueInvoice, invoice: Invoice) -> tuple[InvoiceIssued, ...]:
    """Issue a document. Raises InvoiceExists."""
    if isinstance(invoice, InvoiceIssued):
        raise InvoiceExists
    shown = [each.name for each in fields(InvoiceIssued) if each.name != "tax"]
    content = {name: getattr(command, name) for name in shown}
    return (InvoiceIssued(**content, tax=_tax(command)),)


def _tax(command: IssueInvoice) -> Money:
    rate, before = command.tax_basis_points, command.returned_before
    if before is None:
        return command.amount.included_tax(rate)
    return before.plus(command.amount).included_tax(rate).minus(before.included_tax(rate))


def evolve(invoice: Invoice, event: InvoiceIssued) -> Invoice:
    """Apply one event."""
    del invoice
    return event


INVOICE = Decider[IssueInvoice, InvoiceIssued, Invoice](
    "invoice", initial=NotIssued(), decide=decide, evolve=evolve
)
