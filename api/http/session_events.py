"""Event stream of a session in progress: counts, cues, form, sets and its end (R-LIV-14)."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Final

import anyio
from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.caller import CurrentCaller, Id
from api.http.followed import too_many_streams
from api.middleware.authentication import bearer
from api.problem_details import problem_responses
from application.live.feed import BEGINNING, Entries, Entry, FeedPosition
from application.live.feed_access import FeedAccess, TooManyStreams
from application.live.feed_events import KINDS, NAMES, FeedEvent
from domain.kernel import Rejected

router = APIRouter(
    prefix="/v1/sessions", tags=["live"], responses=problem_responses(404, 422, 429, 503)
)

HEARTBEAT_S: Final = 15
"""Seconds of silence after which a comment is sent, well within the idle limits of proxies."""

RECONNECT_MS: Final = 2000

GRACE_S: Final = 2.0
"""Seconds that streams have to end when the server shuts down; they need half of it."""

ADAPTERS: Final[dict[type[Any], TypeAdapter[Any]]] = {kind: TypeAdapter(kind) for kind in NAMES}

STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": (
            "Events named " + ", ".join(f"`{name}`" for name in KINDS) + ". `id` is the position in"
            " the session: that of a fact is its log position. Sends those after `Last-Event-ID`"
            " as they happen; the stream ends after `session_completed` (if HealthKit is used,"
            " after the device's result), or when the client loses access."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    204: {"description": "The session is over, and all its events were sent."},
}


@router.get(
    "/{session_id}/events",
    operation_id="followSession",
    summary="Follow a session (server-sent events)",
    responses=STREAM,
    response_class=EventSourceResponse,
)
async def follow_session(
    caller: CurrentCaller,
    request: Request,
    session_id: Id,
    after: Annotated[
        str | None, Query(description="Same as `Last-Event-ID`, which takes precedence.")
    ] = None,
    last_event_id: Annotated[str | None, Header(description="Id of the last event seen.")] = None,
) -> Response:
    """Follow a session from the last event seen, or from its start."""
    seen = last_event_id or after
    place = BEGINNING if not seen else FeedPosition.parse(seen)
    following = FeedAccess(caller, bearer(request), request.app.state.streams)
    entries_stream = following.session(session_id, place)
    try:
        first = await anext(entries_stream)  # checks access before the stream begins
    except StopAsyncIteration:
        return Response(status_code=204)  # browsers reconnect after any other status
    except TooManyStreams as refusal:
        return too_many_streams(request, refusal)
    closing = anyio.Event()
    return EventSourceResponse(
        _streamed(first, entries_stream, closing),
        ping=HEARTBEAT_S,
        shutdown_event=closing,
        shutdown_grace_period=GRACE_S,
    )


async def _streamed(
    first: Entries, entries_stream: AsyncGenerator[Entries, None], closing: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    """Yield events until the session is over, the server shuts down, or access is lost."""
    retry: int | None = RECONNECT_MS
    async with aclosing(entries_stream):
        entries = first
        while not closing.is_set():
            for entry in entries:
                yield _event(entry, retry)
                retry = None
            try:
                entries = await anext(entries_stream)
            except (StopAsyncIteration, Rejected):
                return


def _event(entry: Entry, retry: int | None) -> ServerSentEvent:
    return ServerSentEvent(
        json.dumps(as_json(entry.what), ensure_ascii=False),
        event=NAMES[type(entry.what)],
        id=str(entry.id),
        retry=retry,
    )


def as_json(what: FeedEvent) -> dict[str, Any]:
    """Return an event as clients receive it: camelCase, times in ISO 8601."""
    fields: dict[str, Any] = ADAPTERS[type(what)].dump_python(what, mode="json")
    return {to_camel(name): each for name, each in fields.items()}
