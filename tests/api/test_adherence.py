"""How far athletes have followed the plans of a trainer."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from application.enrollments.service import enrollment_id_of
from application.kernel.command_handler import Request
from application.supervision.adherence import adherence_of
from domain.enrollments import commands
from domain.enrollments.enrollment import ENROLLMENT
from domain.enrollments.events import Schedule
from domain.ids import DEFAULT_TENANT, PlanId, SessionId, SubscriptionId, UserId, WorkoutId
from tests.api.driver import ApiDriver

ADA, COACH, PLAN = UserId("ada"), UserId("coach"), PlanId("squats")
SUBSCRIPTION: Final = SubscriptionId("s1")


def enroll(now: datetime, **terms: Any) -> commands.Enroll:
    """Return the choice of the plan, which begins tomorrow."""
    schedule = Schedule(
        start_on=now.date() + timedelta(days=1), workouts=(WorkoutId("legs"),), missed_day="shift",
        **terms,
    )  # fmt: skip
    return commands.Enroll(
        enrollment_id=enrollment_id_of(ADA, PLAN), session_key="k", user_id=ADA, trainer_id=COACH,
        plan_id=PLAN, plan_number=1, schedule=schedule, subscription_id=SUBSCRIPTION, at=now,
    )  # fmt: skip


def adherence(
    driver: ApiDriver, *changes: commands.EnrollmentCommand
) -> list[tuple[int, int, int]]:
    """Return the adherence after changes of the enrollment: all workouts, performed, missed."""
    driver.write(Request(ENROLLMENT, enrollment_id_of(ADA, PLAN), changes))
    found = adherence_of(driver.platform.read, DEFAULT_TENANT, COACH, [ADA])
    return [(each.sessions, each.performed, each.missed) for each in found.values()]


def test_a_plan_that_was_never_paid_does_not_count(driver: ApiDriver) -> None:
    """R-CAT-05: its workouts could not be performed; once it is paid, it counts."""
    now = driver.platform.clock()
    chosen = enroll(now, weeks=8, sessions_per_week=3)
    ended = commands.EndSubscription(subscription_id=SUBSCRIPTION, reason="payment_failed", at=now)
    activated = commands.Activate(subscription_id=SUBSCRIPTION, at=now)
    assert adherence(driver, chosen) == []
    assert adherence(driver, ended) == []
    assert adherence(driver, chosen, activated) == [(24, 0, 0)]


def test_a_plan_that_is_chosen_again_counts_for_each_time(driver: ApiDriver) -> None:
    """R-CAT-05: what was performed stays so, also while the second payment is open."""
    now = driver.platform.clock()
    chosen = enroll(now, weeks=1, sessions_per_week=1)
    again = replace(chosen, session_key="k2")
    activated = commands.Activate(subscription_id=SUBSCRIPTION, at=now)
    performed = commands.NotePerformed(
        user_id=ADA, workout_id=WorkoutId("legs"), on=chosen.schedule.start_on,
        session_id=SessionId(f"{chosen.enrollment_id}.k.1"),
    )  # fmt: skip
    assert adherence(driver, chosen, activated, performed) == [(1, 1, 0)]
    assert adherence(driver, again) == [(1, 1, 0)]
    assert adherence(driver, activated) == [(2, 1, 0)]
