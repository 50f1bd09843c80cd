"""Invoices and credit notes: their views, as JSON and as PDF."""

from collections.abc import Collection
from datetime import datetime

from pydantic import Field

from api.views.base import Body
from api.views.owned_rows import find_visible, newest_page
from application.caller import Caller, checked_id
from application.invoices.printing import page_of
from application.kernel.catalogues import DEFAULT_LANGUAGE
from application.kernel.read_models import Page, Window
from domain.ids import InvoiceId
from domain.invoices.events import InvoiceIssued, InvoiceKind
from domain.invoices.invoice import INVOICE as DECIDER
from domain.invoices.invoice import InvoiceNotFound
from domain.money import Currency, Money
from domain.personal import text_of
from projections.invoice import INVOICE
from projections.invoice import Invoice as Row


class Invoice(Body):
    """An invoice for a payment, or a credit note for a refund. It never changes."""

    invoice_id: str = Field(description="Its number: year and number, such as `2030-000001`.")
    user_id: str
    kind: InvoiceKind
    payment_id: str
    subscription_id: str
    plan_id: str
    amount_minor: int = Field(description="With tax, in minor units.")
    amount: str = Field(description="The same with its decimal point, such as 19.99.")
    currency: Currency
    tax_basis_points: int = Field(description="1900 are 19 %.")
    tax_minor: int = Field(description="The tax in the amount, in minor units.")
    tax: str
    net: str = Field(description="The amount without tax.")
    price: str = Field(description="Before the discount and the credit, with tax.")
    credit: str | None = Field(
        description="What was taken off the price for the whole days left of an earlier plan."
    )
    discount: str | None = Field(description="What the coupon took off the price.")
    coupon_id: str | None
    created_at: datetime

    @classmethod
    def of(cls, row: Row) -> "Invoice":
        """Convert a row of the read model."""
        amount, tax = Money(row.amount_minor, row.currency), Money(row.tax_minor, row.currency)
        credit = Money(row.credit_minor or 0, row.currency)
        discount = Money(row.discount_minor or 0, row.currency)
        return cls(
            invoice_id=row.id,
            user_id=row.user_id,
            kind=row.kind,
            payment_id=row.payment_id,
            subscription_id=row.subscription_id,
            plan_id=row.plan_id,
            amount_minor=row.amount_minor,
            amount=amount.decimal(),
            currency=row.currency,
            tax_basis_points=row.tax_basis_points,
            tax_minor=row.tax_minor,
            tax=tax.decimal(),
            net=amount.minus(tax).decimal(),
            price=amount.plus(credit).plus(discount).decimal(),
            credit=None if row.credit_minor is None else credit.decimal(),
            discount=None if row.discount_minor is None else discount.decimal(),
            coupon_id=row.coupon_id,
            created_at=row.created_at,
        )


class InvoiceDocument(Invoice):
    """An invoice with its texts, which are erased with the account of the person."""

    seller: str
    buyer_name: str | None
    buyer_country: str | None
    plan_title: str | None
    corrects: str | None = Field(description="The invoice that a credit note corrects.")


def invoice_page(caller: Caller, wanted: Window) -> Page[Row]:
    """Return a page of the caller's invoices, newest first."""
    return newest_page(caller, INVOICE, wanted)


def find_invoices(caller: Caller, keys: Collection[str]) -> dict[str, InvoiceDocument]:
    """Return invoices that the caller may see, by id."""
    rows = find_visible(caller, INVOICE, keys)
    documents: dict[str, InvoiceDocument] = {}
    for key, row in rows.items():
        issued = _issued(caller, InvoiceId(key))
        documents[key] = InvoiceDocument(
            **dict(Invoice.of(row)),
            seller=issued.seller,
            buyer_name=text_of(issued.buyer_name) or None,
            buyer_country=text_of(issued.buyer_country) or None,
            plan_title=text_of(issued.plan_title) or None,
            corrects=_corrected(caller, issued),
        )
    return documents


def invoice_pdf(caller: Caller, invoice_id: str) -> bytes:
    """Return an invoice as PDF, in the language of the caller. Raises InvoiceNotFound."""
    key = InvoiceId(checked_id(invoice_id))
    owner = caller.platform.owners.of_invoice(caller.tenant_id, key)
    if owner is None or not caller.sees("subscription", owner):
        raise InvoiceNotFound
    issued = _issued(caller, key)
    return caller.platform.invoice_printer.print_pdf(
        page_of(key, issued, _corrected(caller, issued), _locale(caller))
    )


def _locale(caller: Caller) -> str:
    """Return the locale of the caller's account; without accounts, English."""
    if caller.claims is None:
        return DEFAULT_LANGUAGE
    found = caller.platform.accounts().accounts.find(caller.tenant_id, caller.claims.user_id)
    return DEFAULT_LANGUAGE if found is None else found.locale


def _issued(caller: Caller, invoice_id: InvoiceId) -> InvoiceIssued:
    stream = f"{DECIDER.category}-{invoice_id}"
    history = caller.platform.log.load(caller.tenant_id, stream)
    issued = DECIDER.fold(recorded.event for recorded in history)
    if not isinstance(issued, InvoiceIssued):
        raise InvoiceNotFound
    return issued


def _corrected(caller: Caller, issued: InvoiceIssued) -> InvoiceId | None:
    """Return the invoice that a credit note corrects: that of the same payment."""
    if issued.kind == "invoice":
        return None
    payment = issued.payment_id
    rows = caller.platform.read.by(INVOICE, caller.tenant_id, "payment_id", [payment])[payment]
    return next((row.id for row in rows if row.kind == "invoice"), None)
