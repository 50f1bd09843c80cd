"""State that clients follow over server-sent events: current, and after each change or while."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

import anyio
from anyio.to_thread import run_sync
from fastapi import Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.problem_details import problem_response, title_of
from api.views.base import Body
from application.caller import Caller
from application.live.feed_access import FeedAccess, TooManyStreams
from domain.kernel import Rejected

T = TypeVar("T")
Shown = TypeVar("Shown", bound=Body)

HEARTBEAT_S: Final = 15
"""Seconds of silence after which a comment is sent, well within the idle limits of proxies."""

RECONNECT_MS: Final = 2000

GRACE_S: Final = 2.0
"""Seconds that streams have to end when the server shuts down; they need far less."""

LISTENERS: Final = 256
"""Maximum number of waiting threads; they are separate from those that answer other requests."""

POLL_S: Final = 1.0
"""Interval at which a state is read that other processes change."""

_listening: Final = anyio.CapacityLimiter(LISTENERS)


class StateAccess(Protocol[T]):
    """Access of one connection to a state; each look at it verifies the sign-in again."""

    @property
    def feed(self) -> FeedAccess: ...

    def current(self) -> T:
        """Return the state. Raises TokenRefused, SignInRequired, and that it does not exist."""
        ...

    def wait(self, seen: T) -> None:
        """Return once the state differs, or after a while."""
        ...


@dataclass(frozen=True)
class PolledAccess(Generic[T]):
    """Access of one connection to a state that other processes change."""

    feed: FeedAccess
    read: Callable[[Caller], T]

    def current(self) -> T:
        return self.read(self.feed.current_caller())

    def wait(self, seen: T) -> None:
        """Return after a while."""
        del seen
        time.sleep(POLL_S)


async def states(access: StateAccess[T], closing: anyio.Event) -> AsyncGenerator[T, None]:
    """Yield the state, now and after each change or while, until the server shuts down.

    Raises what `current` does, and TooManyStreams.
    """
    current = await run_sync(access.current)
    with access.feed.streams.acquire(access.feed.caller.cache_scope[:2]):
        while not closing.is_set():
            yield current
            await _wait(access, current, closing)
            current = await run_sync(access.current)


async def follow(
    request: Request,
    access: StateAccess[T],
    to_event: Callable[[T], ServerSentEvent | None],
    is_over: Callable[[T], bool],
) -> Response:
    """Return the response that sends a state, now and after each change.

    `to_event` returns None for a state that was sent before. The stream ends with a state that is
    over, when access is lost, or when the server shuts down. Raises what `current` does.
    """
    closing = anyio.Event()
    current = states(access, closing)
    try:
        first = await anext(current)  # checks access before the stream begins
    except TooManyStreams as refusal:
        return too_many_streams(request, refusal)
    return EventSourceResponse(
        _events(first, current, to_event, is_over),
        ping=HEARTBEAT_S,
        shutdown_event=closing,
        shutdown_grace_period=GRACE_S,
    )


async def follow_polled(
    request: Request,
    feed: FeedAccess,
    read: Callable[[Caller], Shown],
    *,
    event: str,
    is_over: Callable[[Shown], bool],
) -> Response:
    """Return the response that sends a state as JSON, now and whenever it has changed."""
    seen: Shown | None = None

    def to_event(state: Shown) -> ServerSentEvent | None:
        nonlocal seen
        if state == seen:
            return None
        seen = state
        data = state.model_dump_json(by_alias=True)
        return ServerSentEvent(data, event=event, retry=RECONNECT_MS)

    return await follow(request, PolledAccess(feed, read), to_event, is_over)


def too_many_streams(request: Request, refusal: TooManyStreams) -> Response:
    """Return a 429 for a caller with too many open streams."""
    title, detail = title_of(TooManyStreams), refusal.detail
    headers = {"Retry-After": str(RECONNECT_MS // 1000)}
    return problem_response(
        request, 429, code=refusal.code, title=title, detail=detail, headers=headers
    )


async def _events(
    first: T,
    current: AsyncGenerator[T, None],
    to_event: Callable[[T], ServerSentEvent | None],
    is_over: Callable[[T], bool],
) -> AsyncIterator[ServerSentEvent]:
    async with aclosing(current):
        state = first
        while True:
            event = to_event(state)
            if event is not None:
                yield event
            if is_over(state):
                return
            try:
                state = await anext(current)
            except (StopAsyncIteration, Rejected):
                return


async def _wait(access: StateAccess[T], seen: T, closing: anyio.Event) -> None:
    """Wait in a thread for a change or for shutdown; an abandoned thread ends soon."""
    async with anyio.create_task_group() as tasks:

        async def give_up() -> None:
            await closing.wait()
            tasks.cancel_scope.cancel()

        tasks.start_soon(give_up)
        await run_sync(access.wait, seen, abandon_on_cancel=True, limiter=_listening)
        tasks.cancel_scope.cancel()
