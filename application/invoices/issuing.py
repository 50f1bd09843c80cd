"""Issue invoices and credit notes: in the append that completes or refunds a payment.

The numbers of a tenant's year have no gaps: the number is assigned in the append that stores the
document, also under concurrency and crashes (ADR 40).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from application.kernel.command_handler import Request
from application.kernel.ports import EventLog
from domain.catalog.plan import PLAN, Drafted, Plan
from domain.ids import CouponId, PaymentId, PlanId, SubscriptionId, TenantId, UserId
from domain.invoices.billing_details import BILLING_DETAILS, BillingDetails
from domain.invoices.events import InvoiceIssued, InvoiceKind, NumberAssigned
from domain.invoices.invoice import INVOICE, IssueInvoice, invoice_id
from domain.invoices.series import INVOICE_SERIES, AssignNumber
from domain.kernel import Decider, value
from domain.money import Money
from domain.payments.events import (
    DisputeLost,
    PartiallyRefunded,
    PaymentCompleted,
    PaymentRefunded,
)
from domain.payments.payment import PAYMENT
from domain.payments.states import Started
from domain.personal import Erased, Personal
from domain.tenants.tenant import TENANT, TENANT_STREAM_ID, Tenant
from domain.tenants.tenant import Active as ActiveTenant

OWN_SELLER: Final = "Kinelog"
"""Seller of the tenant `default`, which has no name of its own."""


@value
class Billed:
    """Money that was taken or returned, and what it was for. The amount includes the tax.

    `returned_before` is what earlier credit notes of the payment have returned. `credit`, and
    the `discount` of a coupon, have reduced the price to the amount. A credit note shows what the
    invoice that is `corrected` showed; None if the payment has no invoice.
    """

    kind: InvoiceKind
    payment_id: PaymentId
    subscription_id: SubscriptionId
    user_id: UserId
    plan_id: PlanId
    amount: Money
    tax_basis_points: int
    at: datetime
    returned_before: Money | None = None
    credit: Money | None = None
    discount: Money | None = None
    coupon_id: CouponId | None = None
    corrected: InvoiceIssued | None = None


@value
class Parties:
    """Seller, buyer and title of a document."""

    seller: str
    buyer_name: Personal[str]
    buyer_country: Personal[str]
    plan_title: Personal[str]


@value
class BilledAmount:
    """Money that was taken or returned. `before` is what was returned earlier."""

    kind: InvoiceKind
    amount: Money
    at: datetime
    before: Money | None = None


def billed_amount(payment: Started, event: Any) -> BilledAmount | None:
    """Return what an event of a payment has taken or returned, or None.

    A charge that never completed its payment has no invoice, so its return has no credit note.
    """
    match event:
        case PaymentCompleted(amount=amount, at=at):
            return BilledAmount("invoice", amount, at)
        case PaymentRefunded(amount=amount, completed=True, at=at):
            return BilledAmount("credit_note", amount, at, payment.amount.minus(amount))
        case (
            PartiallyRefunded(amount=amount, returned=returned, at=at)
            | DisputeLost(amount=amount, returned=returned, at=at)
        ) if event.attempt == payment.completed_by and amount.minor > 0:
            return BilledAmount("credit_note", amount, at, returned.minus(amount))
        case _:
            return None


def issue_request(billed: Billed) -> Request:
    """Return the request that numbers and issues a document."""
    corrected = billed.corrected
    if corrected is not None:
        return _numbered(
            billed,
            Parties(
                corrected.seller,
                corrected.buyer_name,
                corrected.buyer_country,
                corrected.plan_title,
            ),
        )

    def issued(tenant: Tenant, plan: Plan, buyer: BillingDetails) -> Request:
        published = plan.published if isinstance(plan, Drafted) else None
        title = None if published is None else published.title
        unknown = Personal[str](billed.user_id, Erased())  # needs no key: it may be destroyed
        return _numbered(
            billed,
            Parties(
                tenant.name if isinstance(tenant, ActiveTenant) else OWN_SELLER,
                buyer.name or unknown,
                buyer.country or unknown,
                title or unknown,
            ),
        )

    return after_states(
        [
            (TENANT, TENANT_STREAM_ID),
            (PLAN, billed.plan_id),
            (BILLING_DETAILS, billed.user_id),
        ],
        issued,
    )


def _numbered(billed: Billed, parties: Parties) -> Request:
    year = billed.at.astimezone(UTC).year

    def numbered(new: Sequence[NumberAssigned], _: object) -> Sequence[Request]:
        number = new[-1].number
        issue = IssueInvoice(
            kind=billed.kind,
            year=year,
            number=number,
            seller=parties.seller,
            user_id=billed.user_id,
            buyer_name=parties.buyer_name,
            buyer_country=parties.buyer_country,
            payment_id=billed.payment_id,
            subscription_id=billed.subscription_id,
            plan_id=billed.plan_id,
            plan_title=parties.plan_title,
            amount=billed.amount,
            tax_basis_points=billed.tax_basis_points,
            returned_before=billed.returned_before,
            credit=billed.credit,
            discount=billed.discount,
            coupon_id=billed.coupon_id,
            at=billed.at,
        )
        return [Request(INVOICE, invoice_id(year, number), [issue])]

    assign = AssignNumber(payment_id=billed.payment_id, at=billed.at)
    return Request(INVOICE_SERIES, str(year), [assign], followed_by=numbered, contended=True)


def find_invoice(log: EventLog, tenant_id: TenantId, payment_id: PaymentId) -> InvoiceIssued | None:
    """Return the invoice of a completed payment, or None.

    It is the first document about the payment in the series of the year of completion.
    """
    payment = log.load(tenant_id, f"{PAYMENT.category}-{payment_id}")
    completed = [each.event.at for each in payment if isinstance(each.event, PaymentCompleted)]
    if not completed:
        return None
    year = completed[0].astimezone(UTC).year
    numbers = log.load(tenant_id, f"{INVOICE_SERIES.category}-{year}")
    of_payment = (each.event.number for each in numbers if each.event.payment_id == payment_id)
    number = next(of_payment, None)
    if number is None:
        return None
    history = log.load(tenant_id, f"{INVOICE.category}-{invoice_id(year, number)}")
    issued = INVOICE.fold(recorded.event for recorded in history)
    return issued if isinstance(issued, InvoiceIssued) else None


def after_states(
    streams: Sequence[tuple[Decider[Any, Any, Any], str]],
    request: Callable[..., Request],
    *states: Any,
) -> Request:
    """Return a request that reads the states of streams, and is followed by one about them.

    Nothing is appended to those streams.
    """
    (decider, stream_id), *rest = streams

    def following(_: object, state: Any) -> Sequence[Request]:
        if rest:
            return [after_states(rest, request, *states, state)]
        return [request(*states, state)]

    return Request(decider, stream_id, (), followed_by=following)
