"""How far athletes have followed the plans of a trainer."""

from datetime import timedelta
from typing import Final

from application.enrollments.service import enrollment_id_of
from application.kernel.command_handler import Request
from application.supervision.adherence import adherence_of
from domain.enrollments import commands
from domain.enrollments.enrollment import ENROLLMENT
from domain.enrollments.events import Schedule
from domain.ids import DEFAULT_TENANT, PlanId, SubscriptionId, UserId, WorkoutId
from tests.api.driver import ApiDriver

ADA, COACH, PLAN = UserId("ada"), UserId("coach"), PlanId("squats")
SUBSCRIPTION: Final = SubscriptionId("s1")


def test_a_plan_that_was_never_paid_does_not_count(driver: ApiDriver) -> None:
    """R-CAT-05: its workouts could not be performed; once it is paid, it counts."""
    now = driver.platform.clock()
    schedule = Schedule(
        start_on=now.date() + timedelta(days=1), weeks=8, sessions_per_week=3,
        workouts=(WorkoutId("legs"),), missed_day="shift",
    )  # fmt: skip
    enroll = commands.Enroll(
        enrollment_id=enrollment_id_of(ADA, PLAN), session_key="k", user_id=ADA, trainer_id=COACH,
        plan_id=PLAN, plan_number=1, schedule=schedule, subscription_id=SUBSCRIPTION, at=now,
    )  # fmt: skip
    ended = commands.EndSubscription(subscription_id=SUBSCRIPTION, reason="payment_failed", at=now)

    def sessions(*changes: commands.EnrollmentCommand) -> list[int]:
        driver.write(Request(ENROLLMENT, enroll.enrollment_id, changes))
        found = adherence_of(driver.platform.read, DEFAULT_TENANT, COACH, [ADA])
        return [each.sessions for each in found.values()]

    assert sessions(enroll) == []
    assert sessions(ended) == []
    assert sessions(enroll, commands.Activate(subscription_id=SUBSCRIPTION, at=now)) == [24]
