"""Progressive delays between failed attempts: in Redis for all machines, or in this process."""

import time
from collections.abc import Callable
from math import ceil
from threading import Lock
from typing import Any, Final, cast

import redis
import structlog

from adapters.circuit_breaker import OPEN_S, CircuitOpen, circuit_breaker
from adapters.rate_limit.token_bucket import FEWEST_SWEPT, redis_client

logger: Any = structlog.get_logger()

FREE: Final = 5
"""Attempts without a delay: people mistype."""
LONGEST_S: Final = 300
"""The delay doubles from one second up to this."""
FORGOTTEN_S: Final = 3600
"""Without an attempt for this long, counting starts again."""

BEGIN: Final = """
local free, longest, forgotten = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local stored = redis.call('HMGET', KEYS[1], 'attempts', 'free_at')
local attempts, free_at = tonumber(stored[1]) or 0, tonumber(stored[2]) or 0
if now < free_at then
    return string.format('%.6f', free_at - now)
end
attempts = attempts + 1
local delay = 0
if attempts >= free then
    delay = math.min(longest, 2 ^ math.min(attempts - free, 30))
end
redis.call('HSET', KEYS[1], 'attempts', attempts, 'free_at', string.format('%.6f', now + delay))
redis.call('EXPIRE', KEYS[1], forgotten)
return '0'
"""


class AttemptDelays:
    """Implements `Attempts`. Thread-safe.

    An attempt counts when it begins, so concurrent ones wait as well. Without `redis_url`, or while
    Redis is unavailable, this process counts alone.
    """

    def __init__(
        self,
        *,
        redis_url: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        open_s: float = OPEN_S,
    ) -> None:
        self._guarded = circuit_breaker(open_s)
        self._local = _LocalDelays(clock)
        self._client = None if redis_url is None else redis_client(redis_url)
        self._script = None if self._client is None else self._client.register_script(BEGIN)

    def begin(self, key: str) -> int:
        if self._script is not None:
            arguments = [FREE, LONGEST_S, FORGOTTEN_S]
            try:
                with self._guarded():
                    wait_s = cast("bytes", self._script([_stored(key)], arguments))
                return ceil(float(wait_s))
            except CircuitOpen:
                pass  # reported when it opened
            except redis.RedisError as error:
                logger.warning("attempts_out_of_reach", problem=str(error))
        return self._local.begin(key)

    def succeeded(self, key: str) -> None:
        self._local.forget(key)
        if self._client is not None:
            try:
                with self._guarded():
                    self._client.delete(_stored(key))
            except CircuitOpen:
                pass  # reported when it opened
            except redis.RedisError as error:
                logger.warning("attempts_out_of_reach", problem=str(error))


class _LocalDelays:
    """The attempts of this process. Old ones are forgotten from time to time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._attempts: dict[str, tuple[int, float, float]] = {}
        self._sweep_at = FEWEST_SWEPT

    def begin(self, key: str) -> int:
        now = self._clock()
        with self._lock:
            attempts, free_at, at = self._attempts.get(key, (0, now, now))
            if at + FORGOTTEN_S <= now:
                attempts, free_at = 0, now
            if now < free_at:
                return ceil(free_at - now)
            attempts += 1
            self._attempts[key] = attempts, now + _delay_s(attempts), now
            if len(self._attempts) > self._sweep_at:
                self._sweep(now)
        return 0

    def forget(self, key: str) -> None:
        with self._lock:
            self._attempts.pop(key, None)

    def _sweep(self, now: float) -> None:
        recent = {key: each for key, each in self._attempts.items() if each[2] + FORGOTTEN_S > now}
        self._attempts = recent
        self._sweep_at = max(FEWEST_SWEPT, 2 * len(recent))


def _delay_s(attempts: int) -> int:
    return 0 if attempts < FREE else int(min(LONGEST_S, 2 ** min(attempts - FREE, 30)))


def _stored(key: str) -> str:
    return f"kinelog:attempts:{key}"
