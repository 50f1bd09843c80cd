"""Events of invoices: billing details of users, the numbers of a series, and issued documents."""

from datetime import datetime
from functools import reduce
from typing import Literal

from domain.ids import CouponId, PaymentId, PlanId, SubscriptionId, UserId
from domain.kernel import event
from domain.money import Money
from domain.personal import Personal

InvoiceKind = Literal["invoice", "credit_note"]
"""An invoice for a completed payment, or a credit note for money that was returned."""


@event("billing.details_changed")
class BillingDetailsChanged:
    """The name and country that new invoices of a user show. The country is a code of ISO 3166."""

    name: Personal[str]
    country: Personal[str]
    at: datetime


@event("invoice_series.number_assigned")
class NumberAssigned:
    """A document about a payment has the next number of the seller's year."""

    number: int
    payment_id: PaymentId
    at: datetime


@event("invoice.issued", version=3)
class InvoiceIssued:
    """A document, with everything that it shows. The amount includes the tax.

    `seller` is the name of the tenant. Texts about the buyer are erased if they were not given.
    `credit` was taken off the price, for the rest of a period of another plan, and `discount` by a
    coupon.
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
    tax: Money
    at: datetime
    credit: Money | None = None
    discount: Money | None = None
    coupon_id: CouponId | None = None

    @property
    def price(self) -> Money:
        """The amount before the credit and the discount."""
        off = (each for each in (self.credit, self.discount) if each is not None)
        return reduce(Money.plus, off, self.amount)


InvoicingEvent = BillingDetailsChanged | NumberAssigned | InvoiceIssued
