"""Token-bucket rate limiter: in Redis for all machines, or in this process.

A bucket holds `amount` tokens and refills evenly within the window. Each request takes one, so a
caller may send a burst of `amount`, and afterwards one request each time a token is back.
"""

import time
from collections.abc import Callable
from math import ceil, floor
from threading import Lock
from typing import Any, Final, cast

import redis
import structlog

from adapters.circuit_breaker import OPEN_S, CircuitOpen, circuit_breaker
from application.kernel.ports import RateLimit

logger: Any = structlog.get_logger()

PATIENCE_S: Final = 0.2
"""Longest response time of Redis, because requests wait for it."""

FEWEST_SWEPT: Final = 1024

TAKE: Final = """
local capacity, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1]) or capacity
local elapsed = math.max(0, now - (tonumber(bucket[2]) or now))
tokens = math.min(capacity, tokens + elapsed * capacity / window)
local granted = 0
if tokens >= 1 then
    granted = 1
    tokens = tokens - 1
end
local left = string.format('%.6f', tokens)
redis.call('HSET', KEYS[1], 'tokens', left, 'at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], math.ceil(window) + 1)
return {granted, left}
"""
"""Take a token with Redis' clock, so that machines need not agree on the time. A bucket that is not
used expires once it would be full."""

GIVE_BACK: Final = """
if redis.call('EXISTS', KEYS[1]) == 1 then
    redis.call('HINCRBYFLOAT', KEYS[1], 'tokens', 1)
end
"""
"""Return a token. A bucket that has expired is full; the next request limits others to full."""


class TokenBuckets:
    """A `RateLimiter` of `amount` requests in `window_s` seconds, by key. Thread-safe.

    `name` separates its buckets from others. Without `redis_url`, or while Redis is unavailable,
    the buckets are in this process. After three failures in a row, Redis is left alone for `open_s`
    seconds.
    """

    def __init__(
        self,
        name: str,
        amount: int,
        *,
        window_s: int = 60,
        redis_url: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        open_s: float = OPEN_S,
    ) -> None:
        self._guarded = circuit_breaker(open_s)
        self._name = name
        self._amount = amount
        self._window_s = window_s
        self._local = _LocalBuckets(amount, window_s, clock)
        self._client = None if redis_url is None else redis_client(redis_url)
        self._script = None if self._client is None else self._client.register_script(TAKE)
        self._refund = None if self._client is None else self._client.register_script(GIVE_BACK)

    @property
    def is_remote(self) -> bool:
        return self._client is not None

    def consume(self, whose: str) -> RateLimit:
        if self._script is not None:
            try:
                with self._guarded():
                    taken = self._taken_in_redis(self._script, whose)
                return self._state(*taken)
            except CircuitOpen:
                pass  # reported when it opened
            except redis.RedisError as error:
                logger.warning("rate_limits_out_of_reach", problem=str(error))
        return self._state(*self._local.take(whose))

    def give_back(self, whose: str) -> None:
        if self._refund is not None:
            try:
                with self._guarded():
                    self._refund([self._key(whose)])
            except CircuitOpen:
                pass  # reported when it opened
            except redis.RedisError as error:
                logger.warning("rate_limits_out_of_reach", problem=str(error))
            else:
                return
        self._local.give_back(whose)

    def _key(self, whose: str) -> str:
        return f"kinelog:rate:{self._name}:{whose}"

    def _taken_in_redis(self, script: Any, whose: str) -> tuple[bool, float]:
        arguments = [self._amount, self._window_s]
        granted, tokens = cast("tuple[int, bytes]", script([self._key(whose)], arguments))
        return bool(granted), float(tokens)

    def _state(self, granted: bool, tokens: float) -> RateLimit:  # noqa: FBT001  half of a pair
        """Return the state: once refused, it resets when the next token is there."""
        missing = (self._amount if granted else 1) - tokens
        return RateLimit(
            granted=granted,
            limit=self._amount,
            window_s=self._window_s,
            remaining=floor(tokens),
            resets_in_s=max(1, ceil(missing * self._window_s / self._amount)),
        )


class _LocalBuckets:
    """The buckets of this process. Full buckets are forgotten from time to time."""

    def __init__(self, amount: int, window_s: int, clock: Callable[[], float]) -> None:
        self._amount = amount
        self._per_s = amount / window_s
        self._clock = clock
        self._lock = Lock()
        self._buckets: dict[str, tuple[float, float]] = {}
        self._sweep_at = FEWEST_SWEPT

    def take(self, whose: str) -> tuple[bool, float]:
        """Take a token if there is one. Return whether there was, and the tokens that are left."""
        now = self._clock()
        with self._lock:
            tokens = self._refilled(self._buckets.get(whose, (self._amount, now)), now)
            granted = tokens >= 1
            tokens -= granted
            self._buckets[whose] = tokens, now
            if len(self._buckets) > self._sweep_at:
                self._sweep(now)
        return granted, tokens

    def give_back(self, whose: str) -> None:
        with self._lock:
            if (bucket := self._buckets.get(whose)) is not None:
                tokens, at = bucket
                self._buckets[whose] = tokens + 1, at  # `_refilled` limits it

    def _refilled(self, bucket: tuple[float, float], now: float) -> float:
        tokens, at = bucket
        return min(self._amount, tokens + (now - at) * self._per_s)

    def _sweep(self, now: float) -> None:
        self._buckets = {
            whose: bucket
            for whose, bucket in self._buckets.items()
            if self._refilled(bucket, now) < self._amount
        }
        self._sweep_at = max(FEWEST_SWEPT, 2 * len(self._buckets))


def redis_client(url: str) -> Any:
    """Return a client for requests that wait for Redis: it answers soon, or fails."""
    return cast("Any", redis.Redis).from_url(
        url, socket_connect_timeout=PATIENCE_S, socket_timeout=PATIENCE_S, retry=None
    )
