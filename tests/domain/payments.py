"""Events and commands of a payment."""

from datetime import UTC, datetime

from domain.ids import SubscriptionId, UserId
from domain.money import Money
from domain.payments import commands, events
from domain.payments.payment import PAYMENT
from tests.specification import specification

given = specification(PAYMENT)
AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
PRICE = Money(199_900, "RUB")
GATEWAYS: tuple[events.Gateway, ...] = ("yookassa", "sberbank", "webmoney")
CREATED = events.PaymentCreated(
    user_id=UserId("ada"), subscription_id=SubscriptionId("s"), amount=PRICE, region="Russia",
    gateways=GATEWAYS, off_session=False, at=AT,
)  # fmt: skip
ROUTED = events.PaymentRouted(attempt=1, gateway="yookassa", reason="region", at=AT)
INTENT = events.IntentCreated(attempt=1, reference="r1", at=AT)
OPEN = (CREATED, ROUTED, INTENT)
VOIDED = events.IntentVoided(attempt=1, at=AT)
COMPLETED = events.PaymentCompleted(
    attempt=1, reference="r1", amount=PRICE, source="webhook", at=AT
)
VOID = events.VoidRequested(attempt=1, reason="cancelled", at=AT)


def note(outcome: commands.Outcome, attempt: int = 1) -> commands.NoteOutcome:
    return commands.NoteOutcome(
        attempt=attempt, reference=f"r{attempt}", outcome=outcome, source="webhook", at=AT
    )


CHARGED = note(commands.Charged(PRICE))
