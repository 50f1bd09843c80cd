"""Invalidation of copies in a CDN, when a video is published, changed or withdrawn (R-CON-07).

A subscription of its own follows the log: while the CDN is away, no other work waits for it.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, Protocol

import structlog

from application.kernel.cloud_events import EncodedEvent
from application.kernel.log_queue import RETRY, FailedEvents, LogQueueProcessor, Positions
from application.kernel.ports import Clock, LogTail
from application.kernel.relay import EncodedLog
from application.kernel.subscription import (
    POLL_S,
    Draw,
    LeaderLock,
    LogSource,
    Policy,
    Subscription,
)
from domain.content import events
from domain.content.item import CONTENT
from domain.kernel import Rejected

QUEUE: Final = "content-cdn"

_CAUSES: Final[tuple[Any, ...]] = (
    events.ContentReady,
    events.ContentUnpublished,
    events.ContentRepublished,
    events.ContentTakenDown,
    events.ContentDeleted,
    events.CaptionsAdded,
    events.CaptionsRemoved,
)
CAUSES: Final = frozenset(str(each.event_name) for each in _CAUSES)
"""Events after which copies are out of date."""

LISTS: Final = "/v1/published-content*"
"""Lists of videos, and each video's entry."""

COPIES_LAST: Final = timedelta(days=1)
"""CloudFront keeps copies for at most a day by default. Older events make none out of date."""

BATCH: Final = 5000

logger: Any = structlog.get_logger()


class CdnUnavailable(Rejected):
    """The CDN takes no invalidation now, or refuses it. It is tried again until it is taken."""

    code = "content.cdn_unavailable"
    kind = "unavailable"


class Cdn(Protocol):
    """A content delivery network in front of the platform."""

    def invalidate(self, paths: Sequence[str], reference: str) -> None:
        """Drop the copies of paths; a final `*` stands for any ending.

        Requests with the same reference count once. Raises CdnUnavailable.
        """
        ...


def cdn_subscription(
    *,
    log: EncodedLog,
    tail: LogTail,
    positions: Positions,
    failed: FailedEvents,
    cdn: Cdn,
    lock: LeaderLock,
    clock: Clock,
    draw: Draw,
) -> Subscription[EncodedEvent]:
    """Return the subscription that drops copies which events make out of date."""

    def handle(event: EncodedEvent) -> None:
        if event.recorded_at > clock() - COPIES_LAST:
            drop_copies(event, cdn)

    processor = LogQueueProcessor(QUEUE, positions, handle, failed=failed, log=log, clock=clock)
    policy = Policy(batch_size=BATCH, poll_s=POLL_S, retry=RETRY)
    return Subscription(LogSource(log, tail), processor, lock, policy, draw=draw)


def drop_copies(event: EncodedEvent, cdn: Cdn) -> None:
    """Drop the copies that an event makes out of date; ignore other events.

    Files of videos are not shared: their links are signed for one viewer, and `private`. Raises
    CdnUnavailable.
    """
    if event.name not in CAUSES:
        return
    content_id = event.stream.removeprefix(f"{CONTENT.category}-")
    cdn.invalidate((LISTS, f"/v1/content/{content_id}*"), str(event.event_id))
    logger.info("content.cdn_invalidated", content=content_id, cause=event.name)
