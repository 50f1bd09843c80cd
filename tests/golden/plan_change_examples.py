"""Examples of the events of trials, pauses and changes of plan."""

from datetime import UTC, datetime
from typing import Any

from domain.discounts import Discount
from domain.ids import CouponId, PaymentId, PlanId, UserId, WorkoutId
from domain.money import Money, Price
from domain.payment_methods import StoredMethod
from domain.subscriptions import events as subscription

ADA = UserId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6071")
LEGS = WorkoutId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6072")
PLAN = PlanId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6075")
PAYMENT = PaymentId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6077")
METHOD = StoredMethod("stripe", "cus_3QAbcDeF", "pm_3QAbcDeF")
PRICE = Price("EU", Money(1999, "EUR"), 1900)
AT = datetime(2030, 1, 1, 7, 30, 0, 123457, tzinfo=UTC)
LATER = datetime(2030, 1, 1, 8, 15, 30, tzinfo=UTC)
CHOICE = subscription.PlanChoice(
    plan_id=PLAN, plan_number=2, trainer_id=ADA, price=PRICE, billing_months=1, weeks=8,
    sessions_per_week=3, workouts=(LEGS,), missed_day="shift",
)  # fmt: skip

EXAMPLES: list[Any] = [
    subscription.PauseScheduled(pauses_at=AT, resumes_at=LATER, at=AT),
    subscription.SubscriptionPaused(resumes_at=LATER, at=AT),
    subscription.PauseEnded(at=LATER),
    subscription.TrialStarted(ends_at=LATER, at=AT),
    subscription.PlanChangeStarted(
        choice=CHOICE, payment_id=PAYMENT, credit=Money(100, "EUR"), amount=PRICE.amount,
        gateways=("stripe",), method=METHOD, session_key="019f1a44", at=AT,
        credited=(subscription.CreditedPayment(PAYMENT, Money(100, "EUR")),),
        discount=Discount(CouponId("SUMMER-25"), PRICE.amount)),
    subscription.PlanChangeFailed(payment_id=PAYMENT, at=LATER),
    subscription.PlanChangeScheduled(
        choice=CHOICE, changes_at=LATER, session_key="019f1a44", at=AT),
    subscription.PlanChangeWithdrawn(payment_id=PAYMENT, at=LATER),
    subscription.PlanChanged(
        choice=CHOICE, left_plan_id=PLAN, payment_id=None, session_key="019f1a44", renews_at=LATER,
        at=AT),
]  # fmt: skip
