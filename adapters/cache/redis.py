"""Cache in Redis, shared by the processes of a cluster."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import structlog
from purgatory import SyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from redis import Redis
from redis.exceptions import RedisError

from application.kernel.cache import KEPT_S

T = TypeVar("T")

PREFIX: Final = "kinelog:answer:"

PATIENCE_S: Final = 0.1
"""An answer that takes longer to be found is quicker made anew."""

MOST_BYTES: Final = 1024 * 1024
"""A larger answer is not worth its way."""

FAILURES: Final = 3
LEFT_ALONE_S: Final = 5.0
"""After three failures in a row Redis is left alone for so long, and then tried once."""

logger: Any = structlog.get_logger()


class RedisCache:
    """Cache on Redis. Thread-safe; connects on first use.

    Redis itself ends what it keeps, after `kept_s` seconds.
    """

    def __init__(
        self, url: str, *, kept_s: int = KEPT_S, left_alone_s: float = LEFT_ALONE_S
    ) -> None:
        client: Any = Redis  # its options are not typed
        self._redis = client.from_url(
            url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S
        )
        self._kept_s = kept_s
        self._breakers = SyncCircuitBreakerFactory(FAILURES, left_alone_s)

    def get(self, name: str) -> bytes | None:
        return self._attempt(lambda: self._redis.get(PREFIX + name))

    def put(self, name: str, answer: bytes) -> None:
        if len(answer) <= MOST_BYTES:
            self._attempt(lambda: self._redis.set(PREFIX + name, answer, ex=self._kept_s))

    def close(self) -> None:
        """Close all connections."""
        self._redis.close()

    def _attempt(self, ask: Callable[[], T]) -> T | None:
        """Ask Redis; None where it does not answer, or has not lately."""
        try:
            with self._breakers.get_breaker("redis"):
                return ask()
        except OpenedState:
            return None
        except RedisError as away:
            logger.warning("answers.unavailable", reason=type(away).__name__)
            return None
