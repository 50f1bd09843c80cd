"""Sliding-window rate limiter: in Redis for all machines, or in this process.

A sliding window counter weighs the last window by its remaining share, so that no caller gets twice
the allowance around the turn of a minute, and each caller costs two numbers.
"""

import time
from math import ceil
from typing import Any, Final

import structlog
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from application.kernel.ports import RateLimit

logger: Any = structlog.get_logger()

WINDOW_S: Final = 60

PATIENCE_S: Final = 0.2
"""Longest response time of Redis, because requests wait for it."""


class SlidingWindows:
    """A `RateLimiter` of `per_minute` requests each. `name` separates its counts from others.

    Without `redis_url`, or while Redis is unavailable, it counts in this process. Thread-safe.
    """

    def __init__(self, name: str, per_minute: int, *, redis_url: str | None = None) -> None:
        self._item = RateLimitItemPerMinute(per_minute, namespace=f"kinelog:{name}")
        self._here = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = None if redis_url is None else _in_redis(redis_url)

    def consume(self, whose: str) -> RateLimit:
        if self._shared is not None:
            try:
                return self._taken(self._shared, whose)
            except StorageError as error:
                logger.warning("rate_limits_out_of_reach", problem=str(error))
        return self._taken(self._here, whose)

    def _taken(self, windows: SlidingWindowCounterRateLimiter, whose: str) -> RateLimit:
        granted = windows.hit(self._item, whose)
        stats = windows.get_window_stats(self._item, whose)
        return RateLimit(
            granted=granted,
            limit=self._item.amount,
            window_s=WINDOW_S,
            remaining=max(0, stats.remaining),
            resets_in_s=max(1, ceil(stats.reset_time - time.time())),
        )


def _in_redis(url: str) -> SlidingWindowCounterRateLimiter:
    storage = RedisStorage(
        url,
        wrap_exceptions=True,
        socket_connect_timeout=PATIENCE_S,
        socket_timeout=PATIENCE_S,
    )
    return SlidingWindowCounterRateLimiter(storage)
