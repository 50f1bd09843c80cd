"""Enrollment read model: one row per user and plan, with progress and the next workout."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from domain.enrollments import events
from domain.ids import EnrollmentId, PlanId, SessionId, SubscriptionId, UserId, WorkoutId
from domain.kernel import Projection, Recorded
from projections.kernel import fast_replace, stream_id

EnrollmentStatus = Literal["pending_payment", "active", "paused", "completed", "cancelled"]


@dataclass(frozen=True)
class MissedWorkout:
    """A workout that was missed on the day on which it was first due."""

    number: int
    due_on: date


@dataclass(frozen=True)
class Enrollment:
    """A user's way through one version of a plan, in the latest round, which prescribes `workouts`.

    `sessions` is the number of workouts in all `weeks`. `missed` counts each of `missed_workouts`
    once, also if a workout was missed again after it had moved to a later day, but not if it turns
    out that it was performed on the day on which it was first due. The columns of the next workout
    are None once the plan has ended, and `began_at` while it waits for the first payment.
    `ended_on` is the athlete's day if it was completed, and the day in UTC if it was cancelled.
    """

    id: EnrollmentId
    user_id: UserId
    trainer_id: UserId
    plan_id: PlanId
    plan_number: int
    status: EnrollmentStatus
    weeks: int
    sessions: int
    created_at: datetime
    workouts: tuple[WorkoutId, ...]
    subscription_id: SubscriptionId | None = None
    performed: int = 0
    missed: int = 0
    next_number: int | None = None
    next_workout_id: WorkoutId | None = None
    next_session_id: SessionId | None = None
    next_due_on: date | None = None
    missed_workouts: tuple[MissedWorkout, ...] = ()
    began_at: datetime | None = None
    ended_on: date | None = None


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by enrollment."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.EnrollmentEvent) else ()


def evolve(row: Enrollment | None, recorded: Recorded[Any]) -> Enrollment | None:
    """Apply one event to the enrollment."""
    match recorded.event, row:
        case events.EnrollmentCreated() as created, _:
            return Enrollment(
                id=EnrollmentId(stream_id(recorded)),
                user_id=created.user_id,
                trainer_id=created.trainer_id,
                plan_id=created.plan_id,
                plan_number=created.plan_number,
                status="pending_payment",
                weeks=created.schedule.weeks,
                sessions=created.schedule.sessions,
                created_at=created.at,
                workouts=tuple(dict.fromkeys(created.schedule.workouts)),
                subscription_id=created.subscription_id,
            )
        case events.EnrollmentActivated(at=at), Enrollment():
            return fast_replace(row, status="active", began_at=at)
        case events.EnrollmentPaused(), Enrollment():
            return fast_replace(row, status="paused")
        case events.EnrollmentContinued(), Enrollment():
            return fast_replace(row, status="active")
        case events.WorkoutScheduled() as scheduled, Enrollment():
            return fast_replace(
                row,
                next_number=scheduled.number,
                next_workout_id=scheduled.workout_id,
                next_session_id=scheduled.session_id,
                next_due_on=scheduled.due_on,
            )
        case events.WorkoutPerformed() as done, Enrollment():
            return _performed(row, done)
        case events.WorkoutMissed() as missed, Enrollment():
            return _missed(row, missed)
        case events.EnrollmentCompleted(on=on), Enrollment():
            return _ended(row, "completed", on)
        case events.EnrollmentCancelled(at=at), Enrollment():
            return _ended(row, "cancelled", at.date())
        case _:
            return row


def _performed(row: Enrollment, done: events.WorkoutPerformed) -> Enrollment:
    missed = tuple(
        each for each in row.missed_workouts if each.number != done.number or each.due_on < done.on
    )
    performed = row.performed + 1
    return fast_replace(row, performed=performed, missed=len(missed), missed_workouts=missed)


def _missed(row: Enrollment, event: events.WorkoutMissed) -> Enrollment:
    if any(each.number == event.number for each in row.missed_workouts):
        return row
    missed = (*row.missed_workouts, MissedWorkout(event.number, event.due_on))
    return fast_replace(row, missed=len(missed), missed_workouts=missed)


def _ended(row: Enrollment, status: EnrollmentStatus, on: date) -> Enrollment:
    return fast_replace(
        row,
        status=status,
        ended_on=on,
        next_number=None,
        next_workout_id=None,
        next_session_id=None,
        next_due_on=None,
    )


ENROLLMENT = Projection(
    name="enrollment",
    version=8,
    row=Enrollment,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id",),),
    kind="enrollment",
)
