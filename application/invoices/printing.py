"""Port of the invoice printer, and the content of a printed invoice in a language."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from application.invoices import texts
from application.kernel.catalogues import (
    language_of,
    shown_amount,
    shown_date,
    shown_share,
    texts_of,
)
from domain.ids import InvoiceId
from domain.invoices.events import InvoiceIssued, InvoiceKind
from domain.money import Money
from domain.personal import text_of

TITLES: Final[Mapping[InvoiceKind, str]] = {"invoice": "invoice", "credit_note": "credit-note"}
"""Names of the texts for the kinds of documents."""


@dataclass(frozen=True)
class InvoicePage:
    """Texts of a printed invoice. Amounts and date are written as in its language.

    `price`, `discount` and `credit` include tax. Without discount and credit, the price is the
    total. `words` are the labels of the page.
    """

    language: str
    words: Mapping[str, str]
    id: str
    date: str
    seller: str
    buyer_name: str | None
    buyer_country: str | None
    description: str
    currency: str
    price: str
    discount: str | None
    coupon_id: str | None
    credit: str | None
    net: str
    tax_rate: str
    tax: str
    total: str
    payment_id: str
    invoice_id: str | None

    def content(self) -> dict[str, Any]:
        """Return the texts with the words of the page."""
        return asdict(self)


class InvoicePrinter(Protocol):
    """Prints invoices. The same page gives the same bytes."""

    def print_pdf(self, page: InvoicePage) -> bytes:
        """Return the page as a PDF file."""
        ...


def page_of(
    invoice_id: InvoiceId, invoice: InvoiceIssued, corrected: InvoiceId | None, locale: str
) -> InvoicePage:
    """Return the page of an invoice for a reader; a credit note names the invoice it corrects.

    The amounts of a credit note are what is given back.
    """
    returns = invoice.kind == "credit_note"
    labels = texts_of(texts.__name__, "labels", locale, {})
    title = texts_of(texts.__name__, TITLES[invoice.kind], locale, {})[""]
    shown = texts_of(
        texts.__name__,
        "values",
        locale,
        {
            "date": shown_date(invoice.at.date()),
            "plan": text_of(invoice.plan_title) or invoice.plan_id,
            "price": shown_amount(invoice.price),
            "discount": _shown_reduction(invoice.discount),
            "credit": _shown_reduction(invoice.credit),
            "net": shown_amount(invoice.amount.minus(invoice.tax), is_negative=returns),
            "rate": shown_share(invoice.tax_basis_points),
            "tax": shown_amount(invoice.tax, is_negative=returns),
            "total": shown_amount(invoice.amount, is_negative=returns),
        },
    )
    return InvoicePage(
        language=language_of(texts.__name__, locale),
        words={**labels, "title": title},
        id=invoice_id,
        date=shown["date"],
        seller=invoice.seller,
        buyer_name=text_of(invoice.buyer_name) or None,
        buyer_country=text_of(invoice.buyer_country) or None,
        description=shown["description"],
        currency=invoice.amount.currency,
        price=shown["price"],
        discount=shown["discount"] or None,
        coupon_id=invoice.coupon_id,
        credit=shown["credit"] or None,
        net=shown["net"],
        tax_rate=shown["tax_rate"],
        tax=shown["tax"],
        total=shown["total"],
        payment_id=invoice.payment_id,
        invoice_id=corrected,
    )


def _shown_reduction(amount: Money | None) -> Any:
    return "" if amount is None else shown_amount(amount, is_negative=True)
