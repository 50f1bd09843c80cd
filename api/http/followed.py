"""State that clients follow over server-sent events: current, and after each change or while."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final, Protocol, TypeVar

import anyio
from anyio.to_thread import run_sync
from sse_starlette import EventSourceResponse, ServerSentEvent

from application.live.feed_access import FeedAccess

T = TypeVar("T")

HEARTBEAT_S: Final = 15
"""Seconds of silence after which a comment is sent, well within the idle limits of proxies."""

RECONNECT_MS: Final = 2000

GRACE_S: Final = 2.0
"""Seconds that streams have to end when the server shuts down; they need far less."""

LISTENERS: Final = 256
"""Maximum number of waiting threads; they are separate from those that answer other requests."""

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


def event_stream(
    events: AsyncIterator[ServerSentEvent], closing: anyio.Event
) -> EventSourceResponse:
    """Return the response that sends events, until they end or the server shuts down."""
    return EventSourceResponse(
        events, ping=HEARTBEAT_S, shutdown_event=closing, shutdown_grace_period=GRACE_S
    )


async def _wait(access: StateAccess[T], seen: T, closing: anyio.Event) -> None:
    """Wait in a thread for a change or for shutdown; an abandoned thread ends soon."""
    async with anyio.create_task_group() as tasks:

        async def give_up() -> None:
            await closing.wait()
            tasks.cancel_scope.cancel()

        tasks.start_soon(give_up)
        await run_sync(access.wait, seen, abandon_on_cancel=True, limiter=_listening)
        tasks.cancel_scope.cancel()
