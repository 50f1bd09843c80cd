"""Events and commands of a subscription."""

from datetime import UTC, datetime, timedelta

from domain.ids import PaymentId, PlanId, SubscriptionId, UserId
from domain.money import Money, Price
from domain.payment_methods import Gateway, StoredMethod
from domain.subscriptions import commands, events
from domain.subscriptions.subscription import SUBSCRIPTION
from tests.specification import specification

given = specification(SUBSCRIPTION)
AT = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
PRICE = Price("EU", Money(1999, "EUR"), 1900)
CREATE = commands.CreateSubscription(
    user_id=UserId("ada"), plan_id=PlanId("plan"), plan_number=1, price=PRICE, billing_months=1,
    at=AT,
)  # fmt: skip
CREATED = events.SubscriptionCreated(
    user_id=UserId("ada"), plan_id=PlanId("plan"), plan_number=1, price=PRICE, billing_months=1,
    at=AT,
)  # fmt: skip
FEBRUARY = datetime(2030, 2, 28, 7, 30, tzinfo=UTC)
MARCH = datetime(2030, 3, 31, 7, 30, tzinfo=UTC)
ACTIVATED = events.SubscriptionActivated(payment_id=PaymentId("1"), renews_at=FEBRUARY, at=AT)
METHOD = StoredMethod("stripe", "customer", "method")
STORED = events.MethodStored(method=METHOD, at=AT)
ACTIVE = (CREATED, ACTIVATED, STORED)
DAY = timedelta(days=1)
ENDED = events.SubscriptionEnded(reason="cancelled", at=AT)


def paid(number: int, at: datetime = AT) -> commands.NotePaid:
    return commands.NotePaid(payment_id=PaymentId(str(number)), at=at)


def renewal(number: int, at: datetime = FEBRUARY) -> events.RenewalStarted:
    return events.RenewalStarted(
        payment_id=PaymentId(f"s.{number}"), amount=PRICE.amount, region="EU", gateways=("stripe",),
        method=METHOD, at=at,
    )  # fmt: skip


def unpaid(payment_id: str, at: datetime = FEBRUARY) -> commands.NoteUnpaid:
    return commands.NoteUnpaid(payment_id=PaymentId(payment_id), at=at)


def renew(at: datetime, *gateways: Gateway) -> commands.Renew:
    return commands.Renew(subscription_id=SubscriptionId("s"), gateways=gateways, at=at)


def fail(
    history: tuple[events.SubscriptionEvent, ...], payment_id: str, at: datetime
) -> tuple[events.SubscriptionEvent, ...]:
    """Return the history with one more renewal that was started and failed."""
    return tuple(given(*history).log_after([renew(at), unpaid(payment_id, at)]))


OTHER = StoredMethod("stripe", "customer", "other")

STORE_OTHER = commands.StoreMethod(subscription_id=SubscriptionId("s"), method=OTHER, at=FEBRUARY)
