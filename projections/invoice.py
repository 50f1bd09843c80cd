"""Invoice read model: one row per invoice or credit note, without texts about people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.ids import CouponId, InvoiceId, PaymentId, PlanId, SubscriptionId, UserId
from domain.invoices.events import InvoiceIssued, InvoiceKind
from domain.kernel import Projection, Recorded
from domain.money import Currency
from projections.kernel import stream_id


@dataclass(frozen=True)
class Invoice:
    """An issued document. Its amount includes the tax, after credit and discount."""

    id: InvoiceId
    user_id: UserId
    kind: InvoiceKind
    payment_id: PaymentId
    subscription_id: SubscriptionId
    plan_id: PlanId
    amount_minor: int
    tax_minor: int
    tax_basis_points: int
    currency: Currency
    created_at: datetime
    credit_minor: int | None = None
    discount_minor: int | None = None
    coupon_id: CouponId | None = None


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by invoice."""
    return (stream_id(recorded),) if isinstance(recorded.event, InvoiceIssued) else ()


def evolve(row: Invoice | None, recorded: Recorded[Any]) -> Invoice | None:
    """Apply one event. An invoice never changes."""
    event = recorded.event
    if row is not None or not isinstance(event, InvoiceIssued):
        return row
    return Invoice(
        id=InvoiceId(stream_id(recorded)),
        user_id=event.user_id,
        kind=event.kind,
        payment_id=event.payment_id,
        subscription_id=event.subscription_id,
        plan_id=event.plan_id,
        amount_minor=event.amount.minor,
        tax_minor=event.tax.minor,
        tax_basis_points=event.tax_basis_points,
        currency=event.amount.currency,
        created_at=event.at,
        credit_minor=None if event.credit is None else event.credit.minor,
        discount_minor=None if event.discount is None else event.discount.minor,
        coupon_id=event.coupon_id,
    )


INVOICE = Projection(
    name="invoice",
    version=3,
    row=Invoice,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id",), ("payment_id",)),
    kind="subscription",
)
