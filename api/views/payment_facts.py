"""Facts of one payment in their order, as its stream has them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from pydantic import Field

from api.views.base import Body
from application.caller import Caller, checked_id
from domain.ids import PaymentId
from domain.kernel import Recorded
from domain.money import Currency, Money
from domain.payments.commands import PaymentNotFound
from domain.payments.events import Gateway, PaymentRouted, Source
from domain.payments.payment import PAYMENT


class PaymentFact(Body):
    """One event of a payment. Its references and payment methods are left out."""

    event: str = Field(description="Its name, such as `payment.completed`.")
    at: datetime
    attempt: int | None = Field(description="Number of the attempt, from 1.")
    gateway: Gateway | None = Field(description="The gateway of the attempt.")
    reason: str | None = Field(description="Why it happened, such as `insufficient_funds`.")
    source: Source | None = Field(description="How the gateway reported it.")
    amount_minor: int | None = Field(description="In minor units of the currency.")
    amount: str | None = Field(description="The same with its decimal point, such as 19.99.")
    currency: Currency | None


def payment_facts(caller: Caller, payment_id: str) -> list[PaymentFact]:
    """Return the facts of a payment that the caller may read. Raises PaymentNotFound."""
    key = PaymentId(checked_id(payment_id))
    owner = caller.platform.owners.of_payment(caller.tenant_id, key)
    if owner is None or not caller.is_allowed("read", "payment", owner):
        raise PaymentNotFound
    caller.sees("payment", owner)
    history = caller.platform.log.load(caller.tenant_id, f"{PAYMENT.category}-{key}")
    return list(_facts(history))


def _facts(history: Iterable[Recorded[Any]]) -> Iterator[PaymentFact]:
    gateways: dict[int, Gateway] = {}
    for recorded in history:
        event = recorded.event
        if isinstance(event, PaymentRouted):
            gateways[event.attempt] = event.gateway
        attempt: int | None = getattr(event, "attempt", None)
        amount: Money | None = getattr(event, "amount", None)
        yield PaymentFact(
            event=recorded.event.event_name,
            at=event.at,
            attempt=attempt,
            gateway=None if attempt is None else gateways.get(attempt),
            reason=getattr(event, "reason", None),
            source=getattr(event, "source", None),
            amount_minor=None if amount is None else amount.minor,
            amount=None if amount is None else amount.decimal(),
            currency=None if amount is None else amount.currency,
        )
