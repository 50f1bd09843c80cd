"""Events of a shop with one plan, which are delivered to the queue of e-mails."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from application.kernel.cloud_events import encoded
from application.kernel.ports import Change
from domain.catalog import events as catalog
from domain.catalog.events import PlanTerms
from domain.enrollments import events as enrollments
from domain.ids import PaymentId, PlanId, SubscriptionId, UserId, WorkoutId
from domain.money import Money, Price
from domain.payment_methods import StoredMethod
from domain.payments import events as payments
from domain.personal import Personal
from domain.subscriptions import events as subscriptions
from tests.application.users.users_fixture import AT, UsersFixture
from tests.application.users.users_fixture import users as opened

COACH, PLAN = UserId("coach"), PlanId("squats")
PRICE = Price("EU", Money(1999, "EUR"))
SUBSCRIPTION, FIRST, SECOND = SubscriptionId("s"), PaymentId("s.1"), PaymentId("s.2")
METHOD = StoredMethod("stripe", "customer", "method")
LATER = AT + timedelta(days=30)
SCHEDULE = enrollments.Schedule(
    start_on=AT.date(), weeks=1, sessions_per_week=1, workouts=(WorkoutId("legs"),),
    missed_day="shift",
)  # fmt: skip
TERMS = PlanTerms(level="beginner", weeks=1, sessions_per_week=1, workouts=(WorkoutId("legs"),))
LESS = subscriptions.PlanChoice(
    plan_id=PlanId("less"), plan_number=1, trainer_id=COACH, price=Price("EU", Money(500, "EUR")),
    billing_months=1, weeks=1, sessions_per_week=1, workouts=(WorkoutId("legs"),),
    missed_day="shift",
)  # fmt: skip
CHANGE_STARTED = subscriptions.PlanChangeStarted(
    choice=LESS, payment_id=SECOND, credit=Money(100, "EUR"), amount=Money(400, "EUR"),
    gateways=("stripe",), method=METHOD, session_key="key", at=AT,
    credited=(subscriptions.CreditedPayment(FIRST, Money(100, "EUR")),),
)  # fmt: skip
ACTIVATED = subscriptions.SubscriptionActivated(payment_id=FIRST, renews_at=LATER, at=AT)

PAUSED = (
    subscriptions.PauseScheduled(pauses_at=LATER, resumes_at=LATER, at=AT),
    subscriptions.SubscriptionPaused(resumes_at=LATER, at=LATER),
)


@contextmanager
def shop(tmp_path: Path) -> Generator[UsersFixture]:
    """Return a shop with one plan, and a user with a subscription to it."""
    with opened(tmp_path) as built:
        built.registers()
        built.mailbox.mails.clear()
        happen(
            built,
            f"plan-{PLAN}",
            catalog.PlanDrafted(
                trainer_id=COACH, title=Personal(COACH, "First <squats>"),
                description=Personal(COACH, ""), terms=TERMS, at=AT,
            ),
            catalog.PlanPublished(number=1, at=AT),
        )  # fmt: skip
        happen(
            built,
            f"subscription-{SUBSCRIPTION}",
            subscriptions.SubscriptionCreated(
                user_id=buyer(built), plan_id=PLAN, plan_number=1, price=PRICE, billing_months=1,
                at=AT,
            ),
        )  # fmt: skip
        yield built


def buyer(users: UsersFixture) -> UserId:
    streams = [each.stream for each in users.log.scan(after=0, limit=99)]
    return UserId(next(each for each in streams if each.startswith("user-"))[len("user-") :])


def happen(users: UsersFixture, stream: str, *events: Any) -> None:
    """Record events, and deliver them twice to the queue."""
    version = len(users.log.load(users.origin.tenant_id, stream))
    position = users.log.head()
    users.log.append(
        [Change(stream, version, list(events))], origin=users.origin, command_id=uuid4()
    )
    for _ in range(2):
        for recorded in users.log.scan(after=position, limit=99):
            users.delivery.send_email(encoded(recorded, users.codec.encode))


def created(users: UsersFixture, *, method: StoredMethod | None = None) -> tuple[Any, ...]:
    return (
        payments.PaymentCreated(
            user_id=buyer(users), subscription_id=SUBSCRIPTION, amount=PRICE.amount, region="EU",
            gateways=("stripe",), off_session=method is not None, at=AT,
        ),
        payments.PaymentRouted(attempt=1, gateway="stripe", reason="region", at=AT),
        payments.IntentCreated(attempt=1, reference="pi_1", at=AT),
    )  # fmt: skip


def subjects(users: UsersFixture) -> list[str]:
    return [mail.subject for mail in users.mailbox.mails]
