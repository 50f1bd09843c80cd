"""How far athletes have followed the plans of a trainer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from application.enrollments.rounds import rounds_of
from application.kernel.ports import EventLog
from application.kernel.read_models import ReadModels
from domain.enrollments.commands import NoteDay
from domain.enrollments.enrollment import ENROLLMENT
from domain.enrollments.events import WorkoutMissed
from domain.ids import EnrollmentId, TenantId, UserId
from domain.kernel import Recorded
from projections.enrollment import Enrollment
from projections.user_profile import USER_PROFILE, zone_of


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
    own = {
        athlete: [row for row in found[athlete] if row.trainer_id == trainer_id and _has_begun(row)]
        for athlete in athletes
    }
    active = [row for rows in own.values() for row in rows if row.status == "active"]
    unrecorded = _unrecorded(read, log, tenant_id, active, now)
    return {
        athlete: Adherence(
            sessions=sum(row.sessions for row in rows),
            performed=sum(row.performed for row in rows),
            missed=sum(row.missed for row in rows)
            + sum(unrecorded.get(enrollment, 0) for enrollment in {row.id for row in rows}),
        )
        for athlete, rows in own.items()
        if rows
    }


def _has_begun(enrollment: Enrollment) -> bool:
    """Return whether the workouts could be performed: not before the plan is paid."""
    if enrollment.status == "cancelled":
        return enrollment.performed + enrollment.missed > 0
    return enrollment.status != "pending_payment"


def _unrecorded(
    read: ReadModels,
    log: EventLog,
    tenant_id: TenantId,
    enrollments: Collection[Enrollment],
    now: datetime,
) -> dict[EnrollmentId, int]:
    """Return how many workouts were missed since the athletes last opened the plans.

    They are recorded when a plan is opened again.
    """
    profiles = read.get_many(USER_PROFILE, tenant_id, {row.user_id for row in enrollments})
    overdue: dict[str, tuple[Enrollment, date]] = {}
    for row in enrollments:
        profile = profiles.get(row.user_id)
        today = now.astimezone(zone_of(profile)).date()
        if row.next_due_on is not None and row.next_due_on < today:
            overdue[f"{ENROLLMENT.category}-{row.id}"] = (row, today)
    if not overdue:
        return {}
    histories = log.load_many(tenant_id, overdue)
    return {
        row.id: _missed(row, histories[stream], NoteDay(today=today, at=now))
        for stream, (row, today) in overdue.items()
    }


def _missed(row: Enrollment, history: Sequence[Recorded[Any]], day: NoteDay) -> int:
    """Return how many workouts a day adds to the missed ones of an enrollment."""
    enrollment = ENROLLMENT.fold(recorded.event for recorded in history)
    recorded_before = {each.number for each in row.missed_workouts}
    return sum(
        isinstance(event, WorkoutMissed) and event.number not in recorded_before
        for event in ENROLLMENT.decide(day, enrollment)
    )
