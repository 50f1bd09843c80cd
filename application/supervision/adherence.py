"""How far athletes have followed the plans of a trainer."""

from collections.abc import Collection
from dataclasses import dataclass

from application.enrollments.rounds import rounds_of
from application.kernel.read_models import ReadModels
from domain.ids import TenantId, UserId
from projections.enrollment import Enrollment


@dataclass(frozen=True)
class Adherence:
    """Workouts of a trainer's plans: all of them, those performed, and those missed.

    Workouts of a plan that an athlete has chosen again count for each time.
    """

    sessions: int
    performed: int
    missed: int


def adherence_of(
    read: ReadModels, tenant_id: TenantId, trainer_id: UserId, athletes: Collection[UserId]
) -> dict[UserId, Adherence]:
    """Return how far athletes have followed the plans of a trainer, and of nobody else."""
    found = rounds_of(read, tenant_id, athletes)
    own = {
        athlete: [row for row in found[athlete] if row.trainer_id == trainer_id and _has_begun(row)]
        for athlete in athletes
    }
    return {
        athlete: Adherence(
            sessions=sum(row.sessions for row in rows),
            performed=sum(row.performed for row in rows),
            missed=sum(row.missed for row in rows),
        )
        for athlete, rows in own.items()
        if rows
    }


def _has_begun(enrollment: Enrollment) -> bool:
    """Return whether the workouts could be performed: not before the plan is paid."""
    if enrollment.status == "cancelled":
        return enrollment.performed + enrollment.missed > 0
    return enrollment.status != "pending_payment"
