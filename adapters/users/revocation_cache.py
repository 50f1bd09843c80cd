"""Revocation check for every request: the sign-in table, cached in Redis and in this process.

A local entry may be filled from a Redis entry that is about to expire. Their lifetimes add up to
less than a second, so an ended sign-in is rejected within that time whatever fails.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from adapters.circuit_breaker import OPEN_S, CircuitOpen, circuit_breaker
from application.kernel.cache import LruCache
from application.users.ports import Revocations, SignIns
from domain.ids import TenantId

logger: Any = structlog.get_logger()

LIVE: Final = b"live"
ENDED: Final = b"ended"

REDIS_TTL_MS: Final = 500
"""Lifetime of an entry in Redis."""

LOCAL_TTL_S: Final = 0.4
"""Lifetime of an entry in this process."""

MAX_LOCAL_ENTRIES: Final = 20_000

REVOCATION_TTL_MS: Final = 5_000
"""Keep revocations longer than any in-flight cache fill."""

REDIS_TIMEOUT_S: Final = 0.2
"""Short, because every request waits for it."""


def fail_fast_client(url: str) -> redis.Redis:
    """Build a Redis client without retries; the default ones would take ten seconds."""
    client: redis.Redis = cast("Any", redis.Redis).from_url(
        url,
        socket_connect_timeout=REDIS_TIMEOUT_S,
        socket_timeout=REDIS_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )
    return client


class LocalRevocationCache:
    """Implements `Revocations` with a cache in this process. Thread-safe.

    A sign-in that ends in this process is rejected at once. `clock` is monotonic, in seconds.
    """

    def __init__(self, source: Revocations, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._until = LruCache[tuple[TenantId, UUID], float](MAX_LOCAL_ENTRIES)
        self._ends = 0

    def is_cached(self, tenant_id: TenantId, sign_in_id: UUID) -> bool:
        """Return whether the sign-in is cached as live; False means that a lookup is needed."""
        until = self._until.get((tenant_id, sign_in_id))
        return until is not None and self._clock() < until

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
        if self.is_cached(tenant_id, sign_in_id):
            return True
        ends, started_at = self._ends, self._clock()
        live = self._source.is_live(tenant_id, sign_in_id, at)
        if live and ends == self._ends:  # otherwise this sign-in may have ended meanwhile
            self._until.put((tenant_id, sign_in_id), started_at + LOCAL_TTL_S)
        return live

    def mark_begun(self, tenant_id: TenantId, sign_in_id: UUID) -> None:
        self._source.mark_begun(tenant_id, sign_in_id)

    def mark_ended(self, tenant_id: TenantId, sign_in_ids: Sequence[UUID]) -> None:
        self._ends += 1
        for sign_in_id in sign_in_ids:
            self._until.put((tenant_id, sign_in_id), 0.0)
        self._source.mark_ended(tenant_id, sign_in_ids)


class TableRevocations:
    """Implements `Revocations` on the table, without a cache."""

    def __init__(self, sign_ins: SignIns) -> None:
        self._sign_ins = sign_ins

    def is_cached(self, tenant_id: TenantId, sign_in_id: UUID) -> bool:
        """Return False: there is no cache."""
        del tenant_id, sign_in_id
        return False

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
        return self._sign_ins.is_live(tenant_id, sign_in_id, at)

    def mark_begun(self, tenant_id: TenantId, sign_in_id: UUID) -> None:
        """Do nothing: the table has it already."""

    def mark_ended(self, tenant_id: TenantId, sign_in_ids: Sequence[UUID]) -> None:
        """Do nothing: the table has it already."""


class RedisRevocationCache:
    """Implements `Revocations` with a shared cache in Redis; without Redis it reads the table.

    `client` must fail fast, as that of `fail_fast_client` does. Entries live for `redis_ttl_ms`.
    Redis may lose them at any time: they are filled again. After three failures in a row, it is
    left alone for `open_s` seconds.
    """

    def __init__(
        self,
        client: redis.Redis,
        sign_ins: SignIns,
        *,
        redis_ttl_ms: int = REDIS_TTL_MS,
        open_s: float = OPEN_S,
    ) -> None:
        self._guarded = circuit_breaker(open_s)
        self._redis_ttl_ms = redis_ttl_ms
        self._redis: Any = client  # its types cover both the sync and the async client
        self._sign_ins = sign_ins

    def is_cached(self, tenant_id: TenantId, sign_in_id: UUID) -> bool:
        """Return False: a lookup in Redis is needed."""
        del tenant_id, sign_in_id
        return False

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
        key = _key(tenant_id, sign_in_id)
        try:
            with self._guarded():
                cached = cast("bytes | None", self._redis.get(key))
        except (CircuitOpen, redis.RedisError) as error:
            _report(error)
            return self._sign_ins.is_live(tenant_id, sign_in_id, at)
        if cached is None:
            return self._cache(key, self._sign_ins.is_live(tenant_id, sign_in_id, at))
        return cached == LIVE

    def mark_begun(self, tenant_id: TenantId, sign_in_id: UUID) -> None:
        """Store the new sign-in in Redis, so that the first request needs no table."""
        self._cache(_key(tenant_id, sign_in_id), live=True)

    def mark_ended(self, tenant_id: TenantId, sign_in_ids: Sequence[UUID]) -> None:
        """Store the ends in Redis, so that they take effect before the entries expire."""
        try:
            with self._guarded(), self._redis.pipeline(transaction=False) as pipeline:
                for sign_in_id in sign_in_ids:
                    ttl = timedelta(milliseconds=REVOCATION_TTL_MS)
                    pipeline.set(_key(tenant_id, sign_in_id), ENDED, px=ttl)
                pipeline.execute()
        except (CircuitOpen, redis.RedisError) as error:
            _report(error)

    def _cache(self, key: str, live: bool) -> bool:  # noqa: FBT001  the value it stores
        """Cache the result of the table unless the sign-in was marked as ended meanwhile."""
        try:
            with self._guarded():
                self._redis.set(key, LIVE if live else ENDED, px=self._redis_ttl_ms, nx=True)
        except (CircuitOpen, redis.RedisError) as error:
            _report(error)
        return live


def _report(error: Exception) -> None:
    """Log a failure of Redis; those while it is left alone are the same one."""
    if not isinstance(error, CircuitOpen):
        logger.warning("revocation_cache_unavailable", problem=type(error).__name__)


def _key(tenant_id: TenantId, sign_in_id: UUID) -> str:
    return f"kinelog:{tenant_id}:sign-in:{sign_in_id}"
