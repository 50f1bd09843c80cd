"""Progress of trainers' videos over server-sent events."""

import time
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.caller import CurrentCaller, Id
from api.http.followed import RECONNECT_MS, follow
from api.middleware.authentication import bearer
from api.problem_details import problem_responses
from api.views.content import OVER, ContentItem, require_content
from application.live.feed_access import FeedAccess

router = APIRouter(prefix="/v1/content", tags=["content"], responses=problem_responses(404, 422))

POLL_S: Final = 1.0
"""Interval at which a followed video is read."""

STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": (
            "Events named `content` with the video as JSON: now, and after each change. The stream"
            " ends after the video is published or rejected, or when the client loses access."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/{content_id}/events",
    operation_id="followContent",
    summary="Follow a video (server-sent events)",
    responses=STREAM | problem_responses(429),
    response_class=EventSourceResponse,
)
async def events(content_id: Id, caller: CurrentCaller, request: Request) -> Response:
    """Follow the check and the encoding of a video. Each event has the whole state."""
    feed = FeedAccess(caller, bearer(request), request.app.state.streams)
    seen: ContentItem | None = None

    def to_event(item: ContentItem) -> ServerSentEvent | None:
        nonlocal seen
        if item == seen:
            return None
        seen = item
        data = item.model_dump_json(by_alias=True)
        return ServerSentEvent(data, event="content", retry=RECONNECT_MS)

    access = ContentAccess(feed, content_id)
    return await follow(request, access, to_event, lambda item: item.status in OVER)


@dataclass(frozen=True)
class ContentAccess:
    """Access of one connection to a video."""

    feed: FeedAccess
    content_id: str

    def current(self) -> ContentItem:
        return require_content(self.feed.current_caller(), self.content_id)

    def wait(self, seen: ContentItem) -> None:
        """Return after a while: other processes change the video."""
        del seen
        time.sleep(POLL_S)
