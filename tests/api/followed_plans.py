"""A plan of a trainer that an athlete enrolls in."""

from datetime import datetime, timedelta
from typing import Any, Final

from application.enrollments.service import enrollment_id_of
from domain.enrollments import commands
from domain.enrollments.events import Schedule
from domain.ids import PlanId, SubscriptionId, UserId, WorkoutId

ADA, COACH, PLAN = UserId("ada"), UserId("coach"), PlanId("squats")
SUBSCRIPTION: Final = SubscriptionId("s1")
DAY: Final = timedelta(days=1)


def enroll(now: datetime, **terms: Any) -> commands.Enroll:
    """Return the choice of the plan, which begins tomorrow."""
    schedule = Schedule(
        start_on=now.date() + DAY, workouts=(WorkoutId("legs"),), missed_day="shift",
        **terms,
    )  # fmt: skip
    return commands.Enroll(
        enrollment_id=enrollment_id_of(ADA, PLAN), session_key="k", user_id=ADA, trainer_id=COACH,
        plan_id=PLAN, plan_number=1, schedule=schedule, subscription_id=SUBSCRIPTION, at=now,
    )  # fmt: skip
