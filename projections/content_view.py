"""Content view read model: one row per person and video that they began to watch."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.content.viewing import (
    COMPLETED,
    PartReached,
    ViewCompleted,
    ViewEvent,
    ViewStarted,
)
from domain.ids import ContentId, UserId
from domain.kernel import Projection, Recorded
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class ContentView:
    """Views of a video by a person; a view begins again after the end of the video.

    `furthest` is the part that they reached in any view, in percent: 0, 25, 50, 75 or 100.
    """

    content_id: ContentId
    user_id: UserId
    started_at: datetime
    moved_at: datetime
    position_ms: int
    views: int = 1
    furthest: int = 0
    completions: int = 0


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by video and person."""
    return (stream_id(recorded),) if isinstance(recorded.event, ViewEvent) else ()


def evolve(row: ContentView | None, recorded: Recorded[Any]) -> ContentView | None:
    """Apply one event to the views."""
    event = recorded.event
    match event, row:
        case ViewStarted(), None:
            return ContentView(
                content_id=event.content_id,
                user_id=event.user_id,
                started_at=event.at,
                moved_at=event.at,
                position_ms=event.position_ms,
            )
        case _, ContentView():
            moved = fast_replace(row, moved_at=event.at, position_ms=event.position_ms)
            return _counted(moved, event)
        case _:
            return row


def _counted(row: ContentView, event: Any) -> ContentView:
    match event:
        case ViewStarted():
            return fast_replace(row, views=row.views + 1)
        case PartReached(percent=percent):
            return fast_replace(row, furthest=max(row.furthest, percent))
        case ViewCompleted():
            return fast_replace(row, furthest=COMPLETED, completions=row.completions + 1)
        case _:
            return row


CONTENT_VIEW = Projection(
    name="content_view",
    version=1,
    row=ContentView,
    keys=keys,
    evolve=evolve,
    indexes=(("content_id", "furthest"),),
)
