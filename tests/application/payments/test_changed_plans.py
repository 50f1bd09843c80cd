"""Enrollments that begin with a change of plan."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from application.payments.policy import enrollment_requests
from domain.enrollments import commands as enrollments
from domain.enrollments.enrollment import ENROLLMENT
from domain.ids import PaymentId, PlanId, SubscriptionId, UserId
from domain.subscriptions.events import PlanChanged
from domain.subscriptions.states import Active
from tests.application.payments.email_events import LESS


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Tokyo", "UTC", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("hour", range(0, 24, 6))
def test_a_change_of_plan_misses_no_workout(zone: str, hour: int) -> None:
    """R-PAY-14, C-27: also where the athlete's day is another one than in UTC."""
    local = datetime(2030, 1, 15, hour, 30, tzinfo=ZoneInfo(zone))
    at = local.astimezone(UTC)
    changed = PlanChanged(
        choice=LESS, left_plan_id=PlanId("squats"), payment_id=PaymentId("s.plan.1"),
        session_key="k", renews_at=at + timedelta(days=31), at=at,
    )  # fmt: skip
    subscription = Active(
        user_id=UserId("ada"), plan_id=LESS.plan_id, price=LESS.price, billing_months=1,
        anchored_at=at, renews_at=changed.renews_at, payments=(),
    )  # fmt: skip
    requests = enrollment_requests(SubscriptionId("s"), subscription, [changed])
    (enroll,) = (
        command
        for request in requests
        for command in request.commands
        if isinstance(command, enrollments.Enroll)
    )
    begun = ENROLLMENT.fold(ENROLLMENT.decide(enroll, ENROLLMENT.initial))
    today = enrollments.NoteDay(today=local.date(), at=at)
    assert ENROLLMENT.decide(today, begun) == ()
