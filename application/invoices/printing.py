"""Port of the invoice printer, and the content of a printed invoice."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from domain.ids import InvoiceId
from domain.invoices.events import InvoiceIssued, InvoiceKind
from domain.money import FULL_SHARE
from domain.personal import text_of

WORDS: Final[Mapping[InvoiceKind, str]] = {"invoice": "Invoice", "credit_note": "Credit note"}

LABELS: Final = {
    "number": "Number",
    "date": "Date",
    "seller": "Seller",
    "buyer": "Buyer",
    "unnamed": "Customer",
    "description": "Description",
    "amount": "Amount",
    "tax": "Tax",
    "net": "Without tax",
    "credit": "Credit for the days left of the earlier plan",
    "total": "Total",
    "payment": "Payment",
    "refers": "Corrects invoice",
}


@dataclass(frozen=True)
class InvoicePage:
    """Texts of a printed invoice. Amounts have their decimal point.

    `price` and `credit` include tax. Without a `credit`, the price is the total.
    """

    id: str
    title: str
    date: str
    seller: str
    buyer_name: str | None
    buyer_country: str | None
    description: str
    currency: str
    price: str
    credit: str | None
    net: str
    tax_rate: str
    tax: str
    total: str
    payment_id: str
    invoice_id: str | None

    def content(self) -> dict[str, Any]:
        """Return the texts with the words of the page."""
        return {**asdict(self), "words": {**LABELS, "title": self.title}}


class InvoicePrinter(Protocol):
    """Prints invoices. The same page gives the same bytes."""

    def print_pdf(self, page: InvoicePage) -> bytes:
        """Return the page as a PDF file."""
        ...


def page_of(
    invoice_id: InvoiceId, invoice: InvoiceIssued, corrected: InvoiceId | None
) -> InvoicePage:
    """Return the page of an invoice; a credit note names the invoice that it corrects.

    The amounts of a credit note are what is given back.
    """
    sign = "-" if invoice.kind == "credit_note" else ""
    title = text_of(invoice.plan_title) or invoice.plan_id
    whole, part = divmod(invoice.tax_basis_points, FULL_SHARE // 100)
    return InvoicePage(
        id=invoice_id,
        title=WORDS[invoice.kind],
        date=f"{invoice.at:%Y-%m-%d}",
        seller=invoice.seller,
        buyer_name=text_of(invoice.buyer_name) or None,
        buyer_country=text_of(invoice.buyer_country) or None,
        description=f"Subscription to the plan “{title}”",
        currency=invoice.amount.currency,
        price=invoice.price.decimal(),
        credit=None if invoice.credit is None else f"-{invoice.credit.decimal()}",
        net=sign + invoice.amount.minus(invoice.tax).decimal(),
        tax_rate=f"{whole}.{part:02d} %",
        tax=sign + invoice.tax.decimal(),
        total=sign + invoice.amount.decimal(),
        payment_id=invoice.payment_id,
        invoice_id=corrected,
    )
