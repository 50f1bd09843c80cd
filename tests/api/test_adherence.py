"""How far athletes have followed the plans of a trainer."""

from dataclasses import replace

import pytest

from application.enrollments.service import enrollment_id_of
from application.kernel.command_handler import Request
from application.supervision.adherence import adherence_of
from domain.enrollments import commands
from domain.enrollments.enrollment import ENROLLMENT
from domain.enrollments.events import MissedDay
from domain.ids import DEFAULT_TENANT, SessionId, WorkoutId
from tests.api.driver import ApiDriver
from tests.api.followed_plans import ADA, COACH, DAY, PLAN, SUBSCRIPTION, enroll


def adherence(
    driver: ApiDriver, *changes: commands.EnrollmentCommand
) -> list[tuple[int, int, int]]:
    """Return the adherence after changes of the enrollment: all workouts, performed, missed."""
    driver.write(Request(ENROLLMENT, enrollment_id_of(ADA, PLAN), changes))
    platform = driver.platform
    found = adherence_of(
        platform.read, platform.log, DEFAULT_TENANT, COACH, [ADA], platform.clock()
    )
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
        session_id=SessionId(f"{chosen.enrollment_id}.k.1"), began_at=now,
    )  # fmt: skip
    assert adherence(driver, chosen, activated, performed) == [(1, 1, 0)]
    assert adherence(driver, again) == [(1, 1, 0)]
    assert adherence(driver, activated) == [(2, 1, 0)]


@pytest.mark.parametrize(("rule", "missed"), [("shift", 1), ("repeat", 1), ("skip", 5)])
def test_workouts_count_as_missed_although_the_athlete_never_opens_the_plan(
    driver: ApiDriver, rule: MissedDay, missed: int
) -> None:
    """R-CAT-05: once each, also if it was opened before, or is opened today."""
    now = driver.platform.clock()
    chosen = enroll(now, weeks=8, sessions_per_week=3)
    begun = replace(chosen.schedule, start_on=now.date() - 10 * DAY, missed_day=rule)
    activated = commands.Activate(subscription_id=SUBSCRIPTION, at=now)
    away = adherence(driver, replace(chosen, schedule=begun), activated)
    assert away == [(24, 0, missed)]
    for days in (3, 0):
        visit = commands.NoteDay(today=now.date() - days * DAY, at=now)
        assert adherence(driver, visit) == [(24, 0, missed)]


def test_workouts_missed_since_the_last_visit_count_once_in_a_later_round(
    driver: ApiDriver,
) -> None:
    """R-CAT-05: they are missed in the round under way, not in the ones before it."""
    now = driver.platform.clock()
    chosen = enroll(now, weeks=1, sessions_per_week=3)
    activated = commands.Activate(subscription_id=SUBSCRIPTION, at=now)
    performed = commands.NotePerformed(
        user_id=ADA, workout_id=WorkoutId("legs"), on=chosen.schedule.start_on,
        session_id=SessionId(f"{chosen.enrollment_id}.k.1"), began_at=now,
    )  # fmt: skip
    ended = commands.Cancel(reason="athlete", at=now)
    begun = replace(chosen.schedule, start_on=now.date() - 10 * DAY, missed_day="skip")
    again = replace(chosen, session_key="k2", schedule=begun)
    assert adherence(driver, chosen, activated, performed, ended) == [(3, 1, 0)]
    assert adherence(driver, again, activated) == [(6, 1, 3)]
