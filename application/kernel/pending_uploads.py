"""Pending uploads: files that were sent for a job that is not stored yet."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from domain.ids import TenantId, UserId


class PendingUploads(Protocol):
    """Notes where the files of people are whose jobs are not stored yet.

    After an outage or a crash, no job names such a file: retention and erasure find it here.
    """

    def noted(
        self, tenant_id: TenantId, user_id: UserId, prefix: str, at: datetime
    ) -> AbstractContextManager[None]:
        """Note an upload while the block stores its file under the media prefix, then its job.

        The note stays if the block fails. Raises StorageUnavailable.
        """
        ...
