"""Viewing decider: how far one person watched one video.

A view begins with the first position of the person, and again when they start anew after the end.
A player reports positions often; few of them become events.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Literal

from domain.content.commands import MAX_DURATION_MS
from domain.ids import ContentId, UserId
from domain.kernel import Decider, command, event, value
from domain.values import within

Part = Literal[25, 50, 75]
"""Percent of a video."""

PARTS: Final[tuple[Part, ...]] = (75, 50, 25)
COMPLETED: Final = 100

END_PERCENT: Final = 95
"""A video counts as watched to the end here: the rest is often closing titles."""

MOVE_MS: Final = 5_000
"""A smaller change of the position is not noted."""

PAUSE: Final = timedelta(seconds=10)
"""Least time between two positions that are noted without a new part of the video."""


@command
class NotePosition:
    """Note that a person is at a position of a video."""

    content_id: ContentId
    user_id: UserId
    position_ms: int
    duration_ms: int
    at: datetime

    def __post_init__(self) -> None:
        within("duration_ms", self.duration_ms, 1, MAX_DURATION_MS)
        within("position_ms", self.position_ms, 0, self.duration_ms)


@event("content_view.started")
class ViewStarted:
    """A person began to watch a video, for the first time or after its end."""

    content_id: ContentId
    user_id: UserId
    position_ms: int
    at: datetime


@event("content_view.moved")
class ViewMoved:
    """The person is at another position of the video."""

    content_id: ContentId
    user_id: UserId
    position_ms: int
    at: datetime


@event("content_view.part_reached")
class PartReached:
    """The person came further in this view than before: to `percent` of the video."""

    content_id: ContentId
    user_id: UserId
    percent: int
    position_ms: int
    at: datetime


@event("content_view.completed")
class ViewCompleted:
    """The person reached the end of the video."""

    content_id: ContentId
    user_id: UserId
    position_ms: int
    at: datetime


ViewEvent = ViewStarted | ViewMoved | PartReached | ViewCompleted


@value
class NotViewed:
    """The person did not begin the video."""


@value
class Viewing:
    """The current view: the position, and `furthest` in percent: 0, 25, 50, 75 or 100."""

    position_ms: int
    moved_at: datetime
    furthest: int = 0


ViewState = NotViewed | Viewing


def decide(command: NotePosition, state: ViewState) -> tuple[ViewEvent, ...]:
    """Return the events of a position; none if it says nothing new."""
    percent = command.position_ms * 100 // command.duration_ms
    furthest = _furthest(percent)
    is_new = isinstance(state, NotViewed) or (state.furthest == COMPLETED and percent < min(PARTS))
    if isinstance(state, NotViewed) or is_new:
        return (_started(command), *_reached(command, 0, furthest))
    reached = _reached(command, state.furthest, furthest)
    return reached or _moved(command, state)


def _furthest(percent: int) -> int:
    if percent >= END_PERCENT:
        return COMPLETED
    return next((part for part in PARTS if percent >= part), 0)


def _started(command: NotePosition) -> ViewStarted:
    return ViewStarted(
        content_id=command.content_id,
        user_id=command.user_id,
        position_ms=command.position_ms,
        at=command.at,
    )


def _reached(command: NotePosition, before: int, furthest: int) -> tuple[ViewEvent, ...]:
    if furthest <= before:
        return ()
    content_id, user_id = command.content_id, command.user_id
    position_ms, at = command.position_ms, command.at
    if furthest == COMPLETED:
        return (
            ViewCompleted(content_id=content_id, user_id=user_id, position_ms=position_ms, at=at),
        )
    return (
        PartReached(
            content_id=content_id,
            user_id=user_id,
            percent=furthest,
            position_ms=position_ms,
            at=at,
        ),
    )


def _moved(command: NotePosition, state: Viewing) -> tuple[ViewEvent, ...]:
    is_near = abs(command.position_ms - state.position_ms) < MOVE_MS
    if is_near or command.at - state.moved_at < PAUSE:
        return ()
    return (
        ViewMoved(
            content_id=command.content_id,
            user_id=command.user_id,
            position_ms=command.position_ms,
            at=command.at,
        ),
    )


def evolve(state: ViewState, event: ViewEvent) -> ViewState:
    """Apply one event. History is never refused."""
    moved = Viewing(event.position_ms, event.at)
    match event, state:
        case ViewStarted(), _:
            return moved
        case ViewCompleted(), _:
            return replace(moved, furthest=COMPLETED)
        case PartReached(percent=percent), _:
            return replace(moved, furthest=percent)
        case ViewMoved(), Viewing(furthest=furthest):
            return replace(moved, furthest=furthest)
        case ViewMoved(), NotViewed():
            return moved


VIEWING = Decider[NotePosition, ViewEvent, ViewState](
    "content_view", initial=NotViewed(), decide=decide, evolve=evolve
)


def view_id(content_id: ContentId, user_id: UserId) -> str:
    """Return the id of the stream of a person's views of a video."""
    return f"{content_id}.{user_id}"
