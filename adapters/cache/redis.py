"""Cache in Redis, shared by the processes of a cluster."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import structlog
from purgatory import SyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from redis import Redis
from redis.exceptions import RedisError

from application.kernel.cache import DEFAULT_TTL_S

T = TypeVar("T")

PREFIX: Final = "kinelog:answer:"

REDIS_TIMEOUT_S: Final = 0.1
"""A value that takes longer to read is computed faster."""

MAX_BYTES: Final = 1024 * 1024
"""Larger values are not worth the transfer."""

FAILURES: Final = 3
OPEN_S: Final = 5.0
"""After three failures in a row the circuit breaker opens for this long, then tries one call."""

logger: Any = structlog.get_logger()


class RedisCache:
    """A `Cache` on Redis, behind a circuit breaker. Thread-safe; connects on first use.

    Redis expires a value after `ttl_s` seconds.
    """

    def __init__(self, url: str, *, ttl_s: int = DEFAULT_TTL_S, open_s: float = OPEN_S) -> None:
        client: Any = Redis  # its options are not typed
        self._redis = client.from_url(
            url, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S
        )
        self._ttl_s = ttl_s
        self._breakers = SyncCircuitBreakerFactory(FAILURES, open_s)

    def get(self, key: str) -> bytes | None:
        return self._attempt(lambda: self._redis.get(PREFIX + key))

    def put(self, key: str, value: bytes) -> None:
        if len(value) <= MAX_BYTES:
            self._attempt(lambda: self._redis.set(PREFIX + key, value, ex=self._ttl_s))

    def close(self) -> None:
        """Close all connections."""
        self._redis.close()

    def _attempt(self, call: Callable[[], T]) -> T | None:
        """Call Redis; return None if it fails, or if the circuit breaker is open."""
        try:
            with self._breakers.get_breaker("redis"):
                return call()
        except OpenedState:
            return None
        except RedisError as failed:
            logger.warning("cache.unavailable", reason=type(failed).__name__)
            return None
