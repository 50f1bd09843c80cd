"""Access to a plan, decided from its history."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.catalog import events
from domain.enrollments import events as enrollments
from domain.entitlements.access import PlanHistory, access_to_plan
from domain.ids import DEFAULT_TENANT, PaymentId, PlanId, SubscriptionId, UserId, WorkoutId
from domain.kernel import Origin, Recorded
from domain.personal import Personal
from domain.subscriptions.events import SubscriptionRenewed
from domain.subscriptions.states import add_months
from tests.domain.plan_changes import scheduled
from tests.domain.subscriptions import ACTIVE, DAY, FEBRUARY, renewal

COACH = UserId("coach")
AT = datetime(2030, 1, 1, tzinfo=UTC)
TERMS = events.PlanTerms("beginner", weeks=1, sessions_per_week=1, workouts=(WorkoutId("legs"),))
TITLE = Personal(COACH, "Squats")
DRAFTED = events.PlanDrafted(trainer_id=COACH, title=TITLE, description=TITLE, terms=TERMS, at=AT)
REVISED = events.PlanRevised(title=TITLE, description=TITLE, terms=TERMS, at=AT)


def published(number: int) -> events.PlanPublished:
    return events.PlanPublished(number=number, at=AT)


def log(*history: Any) -> list[Recorded[Any]]:
    """Return events that were recorded one each day."""
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=COACH, correlation_id=UUID(int=0))
    return [
        Recorded(UUID(int=number), origin, "plan-p", number, number, AT + timedelta(number), event)
        for number, event in enumerate(history, start=1)
    ]


def test_a_draft_after_the_publication_leaves_its_fact() -> None:
    """R-PAY-12: the reason of access to a free plan is the version that is offered."""
    history = PlanHistory(log(DRAFTED, published(1), published(2), REVISED))
    access = access_to_plan(UserId("ada"), history)
    assert access.granted
    (fact,) = access.facts
    assert (fact.event, fact.at) == ("plan.published", AT + timedelta(days=3))


def test_access_ends_with_the_plan_although_the_next_one_is_paid() -> None:
    """R-PAY-14: the period that is paid ahead is for another plan."""
    at = FEBRUARY - DAY
    renewed = SubscriptionRenewed(
        payment_id=PaymentId("s.2"), renews_at=add_months(FEBRUARY, 1), at=at
    )
    paid_ahead = log(*ACTIVE, scheduled(), renewal(2, at), renewed)
    access = access_to_plan(
        UserId("ada"), PlanHistory((), subscriptions={SubscriptionId("s"): paid_ahead})
    )
    assert (access.granted, access.until) == (True, FEBRUARY)


def test_a_completed_plan_stays_completed_after_a_delayed_workout() -> None:
    """R-PAY-12: a session that was recorded offline is counted after the end of the plan."""
    day = AT.date()
    schedule = enrollments.Schedule(
        start_on=day, weeks=1, sessions_per_week=1, workouts=TERMS.workouts, missed_day="skip"
    )
    enrolled = enrollments.EnrollmentCreated(
        user_id=UserId("ada"), trainer_id=COACH, plan_id=PlanId("p"), plan_number=1,
        schedule=schedule, subscription_id=None, at=AT,
    )  # fmt: skip
    completed = enrollments.EnrollmentCompleted(on=day + DAY)
    delayed = enrollments.WorkoutPerformed(number=1, on=day)
    enrollment = log(enrolled, enrollments.EnrollmentActivated(at=AT), completed, delayed)
    access = access_to_plan(UserId("ada"), PlanHistory((), enrollment))
    assert (access.granted, access.reason) == (False, "completed")
