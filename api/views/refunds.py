"""Refunds of payments by administrators, with inputs and writes."""

from uuid import UUID

from pydantic import Field

from api.views.base import StrictBody, write
from api.views.payments import PaymentWritten
from application.caller import ANONYMOUS, Caller, checked_id
from application.users.authorization import Forbidden
from domain.ids import PaymentId
from domain.money import Currency, Money
from domain.payments.commands import NoteManualRefund as ManualRefund
from domain.payments.commands import PaymentNotFound
from domain.payments.commands import RefundPayment as Refund
from domain.payments.events import RequestedReason
from domain.payments.states import Started


class RefundPayment(StrictBody):
    """How much to return, and why. Without an amount, all that is left of the payment."""

    amount_minor: int | None = Field(
        default=None, description="With tax, in minor units of the payment's currency."
    )
    reason: RequestedReason = "requested"


@write
def refund_payment(
    caller: Caller, payment_id: str, body: RefundPayment, command_id: UUID
) -> PaymentWritten:
    """Return a payment in full or in part, as an administrator.

    A refund in full of the latest payment ends the subscription.
    """
    key, currency = _refundable(caller, payment_id)
    command = Refund(
        amount=None if body.amount_minor is None else Money(body.amount_minor, currency),
        reason=body.reason,
        at=caller.platform.clock(),
    )
    appended = caller.platform.billing.refund(
        key, command, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return PaymentWritten(key, appended.position, appended.repeated)


class NoteManualRefund(StrictBody):
    """How much was returned. Without an amount, what waits for you or is owed, or else the rest."""

    amount_minor: int | None = Field(
        default=None, description="With tax, in minor units of the payment's currency."
    )


@write
def note_manual_refund(
    caller: Caller, payment_id: str, body: NoteManualRefund, command_id: UUID
) -> PaymentWritten:
    """Record, as an administrator, money that you have returned by hand."""
    key, currency = _refundable(caller, payment_id)
    command = ManualRefund(
        amount=None if body.amount_minor is None else Money(body.amount_minor, currency),
        at=caller.platform.clock(),
    )
    appended = caller.platform.billing.note_manual_refund(
        key, command, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return PaymentWritten(key, appended.position, appended.repeated)


def _refundable(caller: Caller, payment_id: str) -> tuple[PaymentId, Currency]:
    """Return a payment that the caller may refund, with its currency."""
    key = PaymentId(checked_id(payment_id))
    owner = caller.platform.owners.of_payment(caller.tenant_id, key)
    if owner is None:
        raise PaymentNotFound
    if not caller.is_allowed("write", "refund", owner):
        raise Forbidden if caller.is_allowed("read", "payment", owner) else PaymentNotFound
    payment = caller.platform.payments.state(caller.tenant_id, key)
    if not isinstance(payment, Started):
        raise PaymentNotFound
    return key, payment.amount.currency
