"""Progress of trainers' videos over server-sent events."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sse_starlette import EventSourceResponse

from api.caller import CurrentCaller, Id
from api.http.followed import follow_polled
from api.middleware.authentication import bearer
from api.problem_details import problem_responses
from api.views.content import OVER, ContentItem, require_content
from application.caller import Caller
from application.live.feed_access import FeedAccess

router = APIRouter(prefix="/v1/content", tags=["content"], responses=problem_responses(404, 422))

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

    def read(current: Caller) -> ContentItem:
        return require_content(current, content_id)

    return await follow_polled(
        request, feed, read, event="content", is_over=lambda item: item.status in OVER
    )
