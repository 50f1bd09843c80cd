"""Quotas of uploaded videos, per user and per tenant."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from domain.kernel import Rejected

DAY: Final = timedelta(days=1)

WAIT_S: Final = 60
"""Pause to suggest while too many videos wait: one is analyzed within minutes."""


class UploadQuotaExceeded(Rejected):
    """Too many videos were uploaded. Wait, then upload again."""

    code = "analysis.quota_exceeded"
    kind = "unavailable"

    def __init__(self, detail: str | None = None, retry_after_s: int = WAIT_S) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Usage:
    """Uploads of a user or a tenant: unfinished jobs, and the bytes of the last day.

    `oldest_at` is the time of the first upload of that day, None without any.
    """

    waiting: int = 0
    day_bytes: int = 0
    oldest_at: datetime | None = None


@dataclass(frozen=True)
class UploadQuota:
    """Unfinished jobs, and bytes within 24 hours, of one user and of one tenant."""

    user_waiting: int
    tenant_waiting: int
    user_day_bytes: int
    tenant_day_bytes: int

    def require(self, user: Usage, tenant: Usage, at: datetime) -> None:
        """Check a usage, the new upload included. Raises UploadQuotaExceeded."""
        if user.waiting > self.user_waiting:
            raise UploadQuotaExceeded(
                f"{self.user_waiting} of your videos are waiting for their analysis. Upload the"
                " next one when one of them is done."
            )
        if tenant.waiting > self.tenant_waiting:
            raise UploadQuotaExceeded(
                "Many videos of your organization are waiting for their analysis. Upload yours"
                " later."
            )
        for usage, limit, whose in (
            (user, self.user_day_bytes, "You have"),
            (tenant, self.tenant_day_bytes, "Your organization has"),
        ):
            if usage.day_bytes > limit:
                raise UploadQuotaExceeded(
                    f"{whose} uploaded the {limit // 2**20} MiB that are accepted in 24 hours."
                    " Upload the video later.",
                    _seconds_left(usage.oldest_at, at),
                )


UNLIMITED: Final = UploadQuota(2**63, 2**63, 2**63, 2**63)
"""For work without clients, such as tests of other rules."""


def _seconds_left(oldest_at: datetime | None, at: datetime) -> int:
    """Return the seconds until the first upload of the last day is a day old."""
    left = DAY if oldest_at is None else oldest_at + DAY - at
    return max(1, ceil(left.total_seconds()))
