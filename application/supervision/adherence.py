"""How far athletes have followed the plans of a trainer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from application.enrollments.rounds import rounds_of
from application.kernel.ports import EventLog
from application.kernel.read_models import ReadModels
from domain.enrollments.commands import NoteDay
from domain.enrollments.enrollment import ENROLLMENT
from domain.enrollments.events import WorkoutMissed
from domain.ids import TenantId, UserId
from projections.enrollment import Enrollment
from projections.user_profile import USER_PROFILE


@dataclass(frozen=True)
class Adherence:
    """Workouts of a trainer's plans: all of them, those performed, and those missed.

    Workouts of a plan that an athlete has chosen again count for each time.
    """

    sessions: int
    performed: int
    missed: int


def adherence_of(
    read: ReadModels,
    log: EventLog,
    tenant_id: TenantId,
    trainer_id: UserId,
    athletes: Collection[UserId],
    now: datetime,
) -> dict[UserId, Adherence]:
    """Return how far athletes have followed the plans of a trainer, and of nobody else."""
    found = rounds_of(read, tenant_id, athletes)
    profiles = read.get_many(USER_PROFILE, tenant_id, athletes)
    own = {
        athlete: [row for row in found[athlete] if row.trainer_id == trainer_id and _has_begun(row)]
        for athlete in athletes
    }
    zones = {
        athlete: profiles[athlete].time_zone if athlete in profiles else "UTC" for athlete in own
    }
    return {
        athlete: Adherence(
            sessions=sum(row.sessions for row in rows),
            performed=sum(row.performed for row in rows),
            missed=sum(
                row.missed + _missed_since(log, tenant_id, row, now, zones[athlete]) for row in rows
            ),
        )
        for athlete, rows in own.items()
        if rows
    }


def _has_begun(enrollment: Enrollment) -> bool:
    """Return whether the workouts could be performed: not before the plan is paid."""
    if enrollment.status == "cancelled":
        return enrollment.performed + enrollment.missed > 0
    return enrollment.status != "pending_payment"


def _missed_since(
    log: EventLog, tenant_id: TenantId, row: Enrollment, now: datetime, time_zone: str
) -> int:
    """Return how many workouts the athlete has missed since they last opened the plan.

    These are recorded when they open it again.
    """
    today = now.astimezone(ZoneInfo(time_zone)).date()
    if row.status != "active" or row.next_due_on is None or row.next_due_on >= today:
        return 0
    history = log.load(tenant_id, f"{ENROLLMENT.category}-{row.id}")
    enrollment = ENROLLMENT.fold(recorded.event for recorded in history)
    recorded_before = {each.number for each in row.missed_workouts}
    return sum(
        isinstance(event, WorkoutMissed) and event.number not in recorded_before
        for event in ENROLLMENT.decide(NoteDay(today=today, at=now), enrollment)
    )
