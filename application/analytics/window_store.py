"""Event counts by day, tenant and event name, over all contexts (R-EVT-04)."""

from datetime import date
from typing import Final, Protocol

from application.kernel.bus import Delivery
from application.kernel.cloud_events import from_message
from application.kernel.topics import QUEUES, Group

GROUP: Final[Group] = next(queue for queue in QUEUES if queue.name == "analytics-events")


class EventCounts(Protocol):
    """Counts events, each once. Raises StorageUnavailable."""

    def count(self, tenant_id: str, stream: str, version: int, *, day: date, name: str) -> None:
        """Add an event to its day (UTC) unless this version of its stream has been counted."""
        ...


def aggregate_events(delivered: Delivery, counts: EventCounts) -> None:
    """Handle a message of the queue `analytics-events`; events may come in any order.

    Raises MessageUnreadable if the message is not an event, and StorageUnavailable.
    """
    event = from_message(delivered.message)
    counts.count(
        event.tenant_id,
        event.stream,
        event.version,
        day=event.recorded_at.date(),
        name=event.name,
    )
