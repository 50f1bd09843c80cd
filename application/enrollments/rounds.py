"""Rounds of enrollments: each time that a user chose a plan."""

from collections.abc import Collection

from application.kernel.read_models import ReadModels
from domain.ids import TenantId, UserId
from projections.enrollment import ENROLLMENT, Enrollment
from projections.enrollment_history import ENROLLMENT_HISTORY


def rounds_of(
    read: ReadModels, tenant_id: TenantId, users: Collection[UserId]
) -> dict[UserId, list[Enrollment]]:
    """Return the rounds of all enrollments of each user, those of a plan in order."""
    latest = read.by(ENROLLMENT, tenant_id, "user_id", users)
    ids = [row.id for user in users for row in latest[user]]
    histories = read.get_many(ENROLLMENT_HISTORY, tenant_id, ids)
    return {
        user: [
            each
            for row in latest[user]
            for each in (histories[row.id].rounds if row.id in histories else (row,))
        ]
        for user in users
    }
