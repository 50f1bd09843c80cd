"""Events and commands of a change to another plan."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.ids import PaymentId, PlanId, UserId, WorkoutId
from domain.money import Money, Price
from domain.subscriptions import events
from domain.subscriptions.states import add_months
from tests.domain.subscriptions import (
    AT,
    DAY,
    FEBRUARY,
    METHOD,
)

CHOICE = events.PlanChoice(
    plan_id=PlanId("more"), plan_number=3, trainer_id=UserId("coach"),
    price=Price("EU", Money(5000, "EUR"), 1900), billing_months=1, weeks=4, sessions_per_week=2,
    workouts=(WorkoutId("squat"),), missed_day="shift",
)  # fmt: skip
CHEAP = replace(CHOICE, plan_id=PlanId("less"), price=Price("EU", Money(500, "EUR"), 700))
HALF = AT + 14 * DAY
CHANGE = PaymentId("s.plan.1")


def credited(credit: int) -> tuple[events.CreditedPayment, ...]:
    parts = (events.CreditedPayment(PaymentId("1"), Money(credit, "EUR")),)
    return parts if credit else ()


def started(at: datetime, credit: int) -> events.PlanChangeStarted:
    return events.PlanChangeStarted(
        choice=CHOICE, payment_id=CHANGE, credit=Money(credit, "EUR"),
        amount=Money(5000 - credit, "EUR"), gateways=("stripe",), method=METHOD, session_key="key",
        at=at, credited=credited(credit),
    )  # fmt: skip


def scheduled(at: datetime = HALF) -> events.PlanChangeScheduled:
    return events.PlanChangeScheduled(
        choice=CHEAP, changes_at=FEBRUARY, session_key="key", at=at
    )  # fmt: skip


def changed(choice: events.PlanChoice, at: datetime, **more: Any) -> events.PlanChanged:
    event = events.PlanChanged(
        choice=choice, left_plan_id=PlanId("plan"), payment_id=CHANGE, session_key="key",
        renews_at=add_months(at, 1), at=at,
    )  # fmt: skip
    return replace(event, **more)
