"""Grace after the date of a renewal: withheld in another one, and a year after an unpaid end."""

from datetime import datetime

from application.kernel.read_models import ReadModels
from domain.ids import TenantId, UserId
from domain.subscriptions.grace import WITHHELD
from projections.subscription import SUBSCRIPTION, in_grace


def has_grace(read: ReadModels, tenant_id: TenantId, user_id: UserId, at: datetime) -> bool:
    """Return whether a new subscription of a user has grace, by their other subscriptions."""
    rows = read.by(SUBSCRIPTION, tenant_id, "user_id", [user_id])[user_id]
    return not any(
        in_grace(row, at)
        or (row.has_ended_in_grace and row.ends_at is not None and at - row.ends_at < WITHHELD)
        for row in rows
    )
