"""Grace after the date of a renewal: withheld in another one, and a year after an unpaid end."""

from datetime import datetime

from application.kernel.read_models import ReadModels
from domain.ids import TenantId, UserId
from domain.subscriptions.grace import WITHHELD
from projections.subscription import SUBSCRIPTION, Subscription, in_grace


def withheld_until(row: Subscription) -> datetime | None:
    """Return until when a subscription that has ended unpaid withholds grace and trials, or None.

    Before its end, it withholds them in its grace.
    """
    if not row.has_ended_in_grace or row.ends_at is None:
        return None
    return row.ends_at + WITHHELD


def has_grace(read: ReadModels, tenant_id: TenantId, user_id: UserId, at: datetime) -> bool:
    """Return whether a new subscription of a user has grace, by their other subscriptions."""
    rows = read.by(SUBSCRIPTION, tenant_id, "user_id", [user_id])[user_id]
    ends = [until for row in rows if (until := withheld_until(row)) is not None]
    return not any(in_grace(row, at) for row in rows) and all(until <= at for until in ends)
