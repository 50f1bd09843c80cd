"""What begins syncs of health clouds: the table of links that are due, and the queue.

With Kafka, the processes share the queue `health-integration`: a cloud is synced as soon as the
event of its link arrives (R-EVT-06). The table has what is due in any case, so syncs need no Kafka,
and a repeated event finds nothing to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any, Final

import structlog

from application.health.sync import HealthSync
from application.kernel.bus import Delivery
from application.kernel.cloud_events import from_message
from application.kernel.topics import QUEUES, Group
from domain.health.events import IntegrationLinked
from domain.kernel import Rejected

GROUP: Final[Group] = next(queue for queue in QUEUES if queue.name == "health-integration")

POLL_S: Final = 5.0
"""Pause between two searches for links that are due, in seconds."""

_EVENT: Final[Any] = IntegrationLinked
LINKED: Final = str(_EVENT.event_name)

logger: Any = structlog.get_logger()


def follow_health_links(sync: Callable[[], HealthSync], stop: Event) -> None:
    """Sync the links that are due, until stopped. Errors are tried again."""
    while not stop.wait(POLL_S):
        try:
            sync().run_due(stop)
        except Rejected as unavailable:
            logger.warning("health.interrupted", code=unavailable.code, reason=unavailable.detail)
        except Exception:
            logger.exception("health.interrupted")


@dataclass(frozen=True)
class LinkedClouds:
    """Handles the queue `health-integration`, until `stop`."""

    sync: Callable[[], HealthSync]
    stop: Event

    def handle(self, delivery: Delivery) -> None:
        """Sync the links that are due, if a cloud was linked. Raises StorageUnavailable."""
        if from_message(delivery.message).name == LINKED:
            self.sync().run_due(self.stop)
