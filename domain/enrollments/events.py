"""Events of an enrollment: one athlete's way through one version of a plan."""

from datetime import date, datetime
from typing import Literal

from domain.ids import PlanId, SessionId, SubscriptionId, UserId, WorkoutId
from domain.kernel import event, value

MissedDay = Literal["shift", "skip", "repeat"]
"""Rule for a missed workout: all later ones move, it is left out, or it takes the next training
day."""

CancelReason = Literal[
    "athlete", "payment_failed", "refunded", "subscription_ended", "plan_changed", "trainer_erased"
]


@value
class Schedule:
    """When the workouts of a plan are due: `sessions_per_week` a week from `start_on`.

    `workouts` are performed in order, from the first again after the last.
    """

    start_on: date
    weeks: int
    sessions_per_week: int
    workouts: tuple[WorkoutId, ...]
    missed_day: MissedDay

    @property
    def sessions(self) -> int:
        """Number of workouts in all weeks."""
        return self.weeks * self.sessions_per_week

    def workout(self, number: int) -> WorkoutId:
        """Return the workout of a number from 1."""
        return self.workouts[(number - 1) % len(self.workouts)]

    def offset_days(self, number: int) -> int:
        """Return the day of a number from 1, in days after the first one, without delays."""
        return (number - 1) * 7 // self.sessions_per_week

    def number_from(self, offset_days: int) -> int:
        """Return the first number whose day is this one or later, also beyond the end."""
        return -(-offset_days * self.sessions_per_week // 7) + 1


@event("enrollment.created")
class EnrollmentCreated:
    """A user chose a plan. With a subscription, it waits for the payment."""

    user_id: UserId
    trainer_id: UserId
    plan_id: PlanId
    plan_number: int
    schedule: Schedule
    subscription_id: SubscriptionId | None
    at: datetime


@event("enrollment.workout_scheduled")
class WorkoutScheduled:
    """A workout is due on a day. Its execution will have the given session id.

    A workout that is scheduled again has another id; sessions with its earlier ids count as well.
    """

    number: int
    workout_id: WorkoutId
    session_id: SessionId
    due_on: date


@event("enrollment.activated")
class EnrollmentActivated:
    at: datetime


@event("enrollment.paused")
class EnrollmentPaused:
    """The subscription is paused: workouts are closed, and no day is missed."""

    at: datetime


@event("enrollment.continued")
class EnrollmentContinued:
    """The pause of the subscription is over. The next workout is due as many days later."""

    at: datetime


@event("enrollment.workout_performed")
class WorkoutPerformed:
    number: int
    on: date


@event("enrollment.workout_missed")
class WorkoutMissed:
    """A workout was not performed when it was due. `rule` is what the plan does about it."""

    number: int
    rule: MissedDay
    due_on: date


@event("enrollment.completed")
class EnrollmentCompleted:
    """All workouts of the plan were performed or left out."""

    on: date


@event("enrollment.cancelled")
class EnrollmentCancelled:
    reason: CancelReason
    at: datetime


EnrollmentEvent = (
    EnrollmentCreated
    | WorkoutScheduled
    | EnrollmentActivated
    | EnrollmentPaused
    | EnrollmentContinued
    | WorkoutPerformed
    | WorkoutMissed
    | EnrollmentCompleted
    | EnrollmentCancelled
)
