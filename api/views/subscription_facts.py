"""Facts of one subscription in their order, as its stream has them."""

from datetime import datetime
from typing import Any, Final

from pydantic import Field

from api.views.base import Body
from application.caller import Caller, checked_id
from domain.ids import SubscriptionId
from domain.kernel import Recorded
from domain.money import Currency, Money
from domain.subscriptions.commands import SubscriptionNotFound
from domain.subscriptions.events import CancellationScheduled
from domain.subscriptions.states import Active, Subscription
from domain.subscriptions.subscription import SUBSCRIPTION

DATES: Final = ("renews_at", "retry_at", "resumes_at", "changes_at", "ends_at")
"""Fields of events that set the next date of the subscription."""


class SubscriptionFact(Body):
    """One event of a subscription. Its payment methods are left out."""

    event: str = Field(description="Its name, such as `subscription.renewed`.")
    at: datetime
    next_at: datetime | None = Field(
        description="The date that it sets: of the renewal, the next try, the change or the end."
    )
    reason: str | None = Field(description="Why it happened, such as `payment_failed`.")
    payment_id: str | None = Field(description="The payment that it is about.")
    amount_minor: int | None = Field(description="In minor units of the currency.")
    amount: str | None = Field(description="The same with its decimal point, such as 19.99.")
    currency: Currency | None


def subscription_facts(caller: Caller, subscription_id: str) -> list[SubscriptionFact]:
    """Return the facts of a subscription that the caller may read. Raises SubscriptionNotFound."""
    key = SubscriptionId(checked_id(subscription_id))
    owner = caller.platform.owners.of_subscription(caller.tenant_id, key)
    if owner is None or not caller.is_allowed("read", "subscription", owner):
        raise SubscriptionNotFound
    caller.sees("subscription", owner)
    history = caller.platform.log.load(caller.tenant_id, f"{SUBSCRIPTION.category}-{key}")
    facts: list[SubscriptionFact] = []
    state = SUBSCRIPTION.initial
    for recorded in history:
        state = SUBSCRIPTION.evolve(state, recorded.event)
        facts.append(_fact(recorded, state))
    return facts


def _fact(recorded: Recorded[Any], state: Subscription) -> SubscriptionFact:
    """Convert an event; `state` is that after it."""
    event = recorded.event
    is_returned = isinstance(state, Active) and state.is_next_returned
    is_by_refund = isinstance(recorded.event, CancellationScheduled) and is_returned
    amount: Money | None = getattr(event, "amount", None)
    return SubscriptionFact(
        event=event.event_name,
        at=event.at,
        next_at=next((getattr(event, name) for name in DATES if hasattr(event, name)), None),
        reason="refunded" if is_by_refund else getattr(event, "reason", None),
        payment_id=getattr(event, "payment_id", None),
        amount_minor=None if amount is None else amount.minor,
        amount=None if amount is None else amount.decimal(),
        currency=None if amount is None else amount.currency,
    )
