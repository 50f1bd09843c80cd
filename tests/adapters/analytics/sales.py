"""Events of a plan that one of two users pays for."""

from datetime import date
from typing import Final

from application.kernel.ports import Change
from domain.enrollments.events import EnrollmentActivated, EnrollmentCreated, Schedule
from domain.ids import PlanId, SubscriptionId, UserId, WorkoutId
from domain.money import Money
from domain.payments.events import PaymentCompleted, PaymentCreated, PaymentFailed, PaymentRouted
from tests.projections.histories import AT

PRICE: Final = Money(1999, "EUR")
SCHEDULE: Final = Schedule(
    start_on=date(2030, 1, 7),
    weeks=8,
    sessions_per_week=3,
    workouts=(WorkoutId("legs"),),
    missed_day="skip",
)


def enrolled(user: str) -> EnrollmentCreated:
    return EnrollmentCreated(
        user_id=UserId(user),
        trainer_id=UserId("coach"),
        plan_id=PlanId("strong"),
        plan_number=1,
        schedule=SCHEDULE,
        subscription_id=SubscriptionId(f"of-{user}"),
        at=AT,
    )


def _begun(user: str) -> list[PaymentCreated | PaymentRouted]:
    created = PaymentCreated(
        user_id=UserId(user),
        subscription_id=SubscriptionId(f"of-{user}"),
        amount=PRICE,
        region="EU",
        gateways=("stripe",),
        off_session=False,
        at=AT,
    )
    return [created, PaymentRouted(attempt=1, gateway="stripe", reason="region", at=AT)]


PAID: Final = PaymentCompleted(attempt=1, reference="pi_1", amount=PRICE, source="webhook", at=AT)

CHANGES: Final = [
    Change("enrollment-of-ada", 0, [enrolled("ada"), EnrollmentActivated(at=AT)]),
    Change("payment-by-ada", 0, [*_begun("ada"), PAID]),
    Change("enrollment-of-eve", 0, [enrolled("eve")]),
    Change("payment-by-eve", 0, [*_begun("eve"), PaymentFailed(reason="declined", at=AT)]),
]
