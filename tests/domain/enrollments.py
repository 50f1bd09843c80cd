"""Events of an enrollment in a plan of two weeks."""

from datetime import UTC, date, datetime, timedelta

from domain.enrollments import events
from domain.ids import PlanId, SessionId, UserId, WorkoutId

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
ADA = UserId("ada")
MONDAY = date(2030, 1, 7)
LEGS, ARMS = WorkoutId("legs"), WorkoutId("arms")
SCHEDULE = events.Schedule(
    start_on=MONDAY, weeks=2, sessions_per_week=2, workouts=(LEGS, ARMS), missed_day="shift"
)
CREATED = events.EnrollmentCreated(
    user_id=ADA,
    trainer_id=UserId("coach"),
    plan_id=PlanId("plan"),
    plan_number=3,
    schedule=SCHEDULE,
    subscription_id=None,
    at=AT,
)
ACTIVATED = events.EnrollmentActivated(at=AT)
CANCELLED = events.EnrollmentCancelled(reason="athlete", at=AT)


def scheduled(
    number: int, due_on: date, key: str = "k1", again: str = ""
) -> events.WorkoutScheduled:
    return events.WorkoutScheduled(
        number=number,
        workout_id=(LEGS, ARMS)[(number - 1) % 2],
        session_id=SessionId(f"e.{key}.{number}{again}"),
        due_on=due_on,
    )


def performed(number: int, on: date) -> events.WorkoutPerformed:
    return events.WorkoutPerformed(number=number, on=on)


def day(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


FIRST = scheduled(1, MONDAY)


def missed(number: int, rule: events.MissedDay, due_on: date) -> events.WorkoutMissed:
    return events.WorkoutMissed(number=number, rule=rule, due_on=due_on)
