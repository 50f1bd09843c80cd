"""Commands of an enrollment, and their refusals."""

from datetime import date, datetime, timedelta
from typing import Final

from domain.enrollments.events import CancelReason, Schedule
from domain.ids import EnrollmentId, PlanId, SessionId, SubscriptionId, UserId, WorkoutId
from domain.kernel import Rejected, command
from domain.values import InvalidValue, within_calendar

MAX_DAYS: Final = 366
"""Largest number of days between the day of an enrollment and its first workout."""


@command
class Enroll:
    """Choose a plan. It begins at once if it is free, or its subscription is paid already.

    `session_key` is part of the ids of its sessions. Others cannot guess it, so they cannot start a
    session under such an id before the athlete does. `replaces`: another enrollment in the same
    plan ends; a subscription has changed to this plan.
    """

    enrollment_id: EnrollmentId
    session_key: str
    user_id: UserId
    trainer_id: UserId
    plan_id: PlanId
    plan_number: int
    schedule: Schedule
    subscription_id: SubscriptionId | None
    is_paid: bool = False
    replaces: bool = False
    at: datetime

    def __post_init__(self) -> None:
        within_calendar(self.schedule.start_on)
        days = (self.schedule.start_on - self.at.date()).days
        if abs(days) > MAX_DAYS:
            raise InvalidValue(f"Begin within {MAX_DAYS} days before or after today.")


@command
class Activate:
    """Begin, because the payment of this subscription has succeeded."""

    subscription_id: SubscriptionId
    at: datetime


@command
class NotePerformed:
    """Record that a session was performed: `on` is the athlete's day, on which it began.

    It counts if it is this user's next workout, and the plan was under way then, or one that was
    left out although it was performed when it was due. Else the next workout gets another session
    id if this was its id.
    """

    user_id: UserId
    session_id: SessionId
    workout_id: WorkoutId | None
    on: date
    began_at: datetime


@command
class NoteDeleted:
    """Record that a session was deleted. If the next workout has its id, it gets another one."""

    user_id: UserId
    session_id: SessionId


@command
class NoteDay:
    """Apply the plan's rule to workouts that were due before the athlete's day.

    The day can be one ahead of that of `at`, which is the server's time in UTC.
    """

    today: date
    at: datetime

    def __post_init__(self) -> None:
        if self.today > self.at.date() + timedelta(days=1):
            raise InvalidValue(f"{self.today} is in the future. Send the current day.")


@command
class Cancel:
    reason: CancelReason
    at: datetime


@command
class Pause:
    """Pause with this subscription."""

    subscription_id: SubscriptionId
    at: datetime


@command
class Continue:
    """Continue, because the pause of this subscription is over."""

    subscription_id: SubscriptionId
    at: datetime


@command
class EndSubscription:
    """Cancel, because this subscription has ended. One with another subscription goes on."""

    subscription_id: SubscriptionId
    reason: CancelReason
    at: datetime


EnrollmentCommand = (
    Enroll
    | Activate
    | NotePerformed
    | NoteDeleted
    | NoteDay
    | Cancel
    | Pause
    | Continue
    | EndSubscription
)


class EnrollmentNotFound(Rejected):
    """There is no enrollment with this id."""

    code = "enrollment.unknown"
    kind = "not_found"


class AlreadyEnrolled(Rejected):
    """You are already enrolled in this plan."""

    code = "enrollment.exists"
