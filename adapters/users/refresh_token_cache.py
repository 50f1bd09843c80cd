"""Reuse detection of refresh tokens in Redis, in front of the table.

The table decides, and its rows are durable. Redis remembers the used tokens as well: a table that
was restored from a backup, or that lost its last commits in a failover, accepts them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import redis
import structlog

from adapters.circuit_breaker import OPEN_S, CircuitBreaker, CircuitOpen, circuit_breaker
from application.users.ports import ActiveSignIn, Reused, Rotated, Rotation, SignIn, SignIns
from domain.ids import TenantId, UserId

logger: Any = structlog.get_logger()


@dataclass(frozen=True)
class RefreshTokenCache:
    """Implements `SignIns`: the table, and the digests of used tokens in Redis. Thread-safe.

    `client` must fail fast, as that of `fail_fast_client` does. While Redis is unavailable, the
    table decides alone. Digests are kept until their sign-in expires.
    """

    sign_ins: SignIns
    client: redis.Redis
    guarded: CircuitBreaker = field(default_factory=lambda: circuit_breaker(OPEN_S))

    def begin(self, sign_in: SignIn, digest: bytes) -> None:
        self.sign_ins.begin(sign_in, digest)

    def rotate(
        self,
        tenant_id: TenantId,
        digest: bytes,
        *,
        successor: bytes,
        at: datetime,
        leeway: timedelta = timedelta(0),
    ) -> Rotation:
        rotation = self.sign_ins.rotate(
            tenant_id, digest, successor=successor, at=at, leeway=leeway
        )
        if not isinstance(rotation, Rotated):
            return rotation
        used_at = self._mark_used(tenant_id, digest, at, rotation.sign_in.expires_at)
        if used_at is None or used_at > at - leeway:
            return rotation
        self.sign_ins.end(tenant_id, rotation.sign_in.id, at)
        return Reused(rotation.sign_in)

    def find(
        self, tenant_id: TenantId, digest: bytes, at: datetime, *, leeway: timedelta
    ) -> SignIn | None:
        return self.sign_ins.find(tenant_id, digest, at, leeway=leeway)

    def end(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> None:
        self.sign_ins.end(tenant_id, sign_in_id, at)

    def end_all(self, tenant_id: TenantId, user_id: UserId, at: datetime) -> Sequence[UUID]:
        return self.sign_ins.end_all(tenant_id, user_id, at)

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
        return self.sign_ins.is_live(tenant_id, sign_in_id, at)

    def list_active(
        self, tenant_id: TenantId, user_id: UserId, at: datetime
    ) -> Sequence[ActiveSignIn]:
        return self.sign_ins.list_active(tenant_id, user_id, at)

    def _mark_used(
        self, tenant_id: TenantId, digest: bytes, at: datetime, until: datetime
    ) -> datetime | None:
        """Store the first use of a token; return when that was, if it was before."""
        key = f"kinelog:{tenant_id}:refresh-token:{digest.hex()}"
        client: Any = self.client  # its types cover both the sync and the async client
        try:
            with self.guarded(), client.pipeline(transaction=True) as pipeline:
                pipeline.get(key)
                pipeline.set(key, at.isoformat(), px=max(until - at, timedelta(seconds=1)), nx=True)
                used_at = cast("bytes | None", pipeline.execute()[0])
        except (CircuitOpen, redis.RedisError) as error:
            if not isinstance(error, CircuitOpen):
                logger.warning("refresh_token_cache_unavailable", problem=type(error).__name__)
            return None
        return None if used_at is None else datetime.fromisoformat(used_at.decode())
