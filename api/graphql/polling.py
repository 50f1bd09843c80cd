"""State that a subscription reads again and again, because other processes change it."""

from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

import anyio
from anyio.to_thread import run_sync

from application.caller import Caller
from application.live.feed_access import FeedAccess

T = TypeVar("T")

POLL_S = 1.0
"""Interval between two looks at a state."""


async def follow_state(
    access: FeedAccess, read: Callable[[Caller], T], is_over: Callable[[T], bool]
) -> AsyncGenerator[T, None]:
    """Yield a state now and after each change, until it is over.

    Raises what `read` raises, TooManyStreams, and TokenRefused as soon as the sign-in has ended.
    """
    seen: T | None = None
    with access.streams.acquire(access.caller.cache_scope[:2]):
        while True:
            caller = await run_sync(access.current_caller)
            current = await run_sync(read, caller)
            if current != seen:
                seen = current
                yield current
            if is_over(current):
                return
            await anyio.sleep(POLL_S)
