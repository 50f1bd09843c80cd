"""Sessions of the pose coach over server-sent events."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sse_starlette import EventSourceResponse

from api.caller import CurrentCaller
from api.http.followed import follow_polled
from api.http.pose_coach import PATH
from api.middleware.authentication import bearer
from api.problem_details import problem_responses
from api.views.pose_coach import latest_sessions
from application.live.feed_access import FeedAccess

router = APIRouter(prefix=PATH, tags=["pose coach"], responses=problem_responses(403, 422, 503))

STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": (
            "Events named `sessions` with your newest sessions, their states in both stores, and"
            " your figures as JSON: now, and after each change. The stream ends when the client"
            " loses access."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/events",
    operation_id="followWorkoutSessions",
    summary="Follow your pose sessions (server-sent events)",
    responses=STREAM | problem_responses(429),
    response_class=EventSourceResponse,
)
async def events(caller: CurrentCaller, request: Request) -> Response:
    """Follow your sessions with the pose coach on all devices. Each event has the whole state."""
    feed = FeedAccess(caller, bearer(request), request.app.state.streams)
    return await follow_polled(
        request, feed, latest_sessions, event="sessions", is_over=lambda _: False
    )
