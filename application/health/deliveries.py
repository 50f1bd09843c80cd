"""Deliveries of clouds that list no records, and send them or their addresses by webhook."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol, runtime_checkable

from application.health.providers import FetchedPage, Grant
from domain.health.events import CloudSource
from domain.ids import TenantId, UserId

MOST_WAITING: Final = 500
"""Deliveries of a link that wait at once. A cloud sends about twenty a day."""

KEPT: Final = timedelta(days=30)
"""Time for which a delivery waits while its link cannot be synced."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery that waits to be read. `content` is as its cloud's adapter made it."""

    number: int
    content: bytes = field(repr=False)
    received_at: datetime


class HealthDeliveries(Protocol):
    """Store of deliveries. Their content is encrypted with the person's key.

    Every method raises StorageUnavailable and KmsUnavailable.
    """

    def put(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        source: CloudSource,
        content: bytes,
        now: datetime,
    ) -> bool:
        """Keep a delivery until it is read, unless `MOST_WAITING` wait; return whether it is kept.

        Deletes those of the link that are older than `KEPT`. Raises SubjectErased.
        """
        ...

    def oldest(
        self, tenant_id: TenantId, user_id: UserId, source: CloudSource, limit: int
    ) -> Sequence[Delivery]:
        """Return the oldest deliveries of a link."""
        ...

    def delete(self, tenant_id: TenantId, number: int) -> None:
        """Delete a delivery that was read. Idempotent."""
        ...

    def delete_all(self, tenant_id: TenantId, user_id: UserId, source: CloudSource) -> None:
        """Delete the deliveries of a link that ended. Idempotent."""
        ...


@runtime_checkable
class DeliveringCloud(Protocol):
    """A health cloud that lists no records.

    Its `fetch` requests the delivery of a period, and returns pages without records. An empty
    period requests none, and only checks the grant.
    """

    def read_delivery(self, grant: Grant, content: bytes) -> Iterable[FetchedPage]:
        """Return the records of a delivery.

        What cannot be read any more is counted. Raises CloudUnavailable.
        """
        ...
