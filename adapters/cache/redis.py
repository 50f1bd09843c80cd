"""Cache in Redis, shared by the processes of a cluster."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import structlog
from redis import Redis
from redis.exceptions import RedisError

from adapters.circuit_breaker import OPEN_S, CircuitOpen, circuit_breaker
from application.kernel.cache import DEFAULT_TTL_S
from application.kernel.ports import StorageUnavailable

T = TypeVar("T")

PREFIX: Final = "kinelog:answer:"

REDIS_TIMEOUT_S: Final = 0.1
"""A value that takes longer to read is computed faster."""

MAX_BYTES: Final = 1024 * 1024
"""Larger values are not worth the transfer."""

logger: Any = structlog.get_logger()

SCANNED: Final = 1000
"""Keys that one call looks at, when values are deleted."""


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
        self._guarded = circuit_breaker(open_s)

    def get(self, key: str) -> bytes | None:
        return self._attempt(lambda: self._redis.get(PREFIX + key))

    def put(self, key: str, value: bytes) -> None:
        if len(value) <= MAX_BYTES:
            self._attempt(lambda: self._redis.set(PREFIX + key, value, ex=self._ttl_s))

    def delete(self, prefix: str) -> int:
        try:
            with self._guarded():
                keys = list(self._redis.scan_iter(f"{PREFIX}{prefix}*", count=SCANNED))
                return int(self._redis.unlink(*keys)) if keys else 0
        except (CircuitOpen, RedisError) as failed:
            raise StorageUnavailable("The cache does not answer.") from failed

    def close(self) -> None:
        """Close all connections."""
        self._redis.close()

    def _attempt(self, call: Callable[[], T]) -> T | None:
        """Call Redis; return None if it fails, or if the circuit breaker is open."""
        try:
            with self._guarded():
                return call()
        except CircuitOpen:
            return None
        except RedisError as failed:
            logger.warning("cache.unavailable", reason=type(failed).__name__)
            return None
