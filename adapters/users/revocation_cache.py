"""Every request asks whether its sign-in goes on: the table knows, and there are copies of it.

They are in Redis and in this process. One may be made of the other at its last moment: together
they are believed for less than a second, so that whatever fails, an end shows within that time.
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

from application.kernel.cache import LruCache
from application.users.ports import Revocations, SignIns
from domain.ids import TenantId

logger: Any = structlog.get_logger()

LIVE: Final = b"live"
ENDED: Final = b"ended"

COPY_MS: Final = 500
"""How long a copy in Redis is believed."""

NEAR_S: Final = 0.4
"""How long a process believes what it was told."""

MOST_NEAR: Final = 20_000
"""Sign-ins that a process knows of; others are looked up again."""

NOTE_MS: Final = 5_000
"""An end is noted for longer than a copy that somebody may be making of what they read before."""


PATIENCE_S: Final = 0.2
"""How long Redis may take: every request waits for it."""


def impatient(url: str) -> redis.Redis:
    """Make a client that gives up at once: its own retries would take ten seconds."""
    client: redis.Redis = cast("Any", redis.Redis).from_url(
        url,
        socket_connect_timeout=PATIENCE_S,
        socket_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 0),
    )
    return client


class LocalRevocationCache:
    """`Revocations` with copies in this process, which cost nothing to look at. Any thread may ask.

    An end in this process is believed at once; `clock` tells seconds that only rise.
    """

    def __init__(self, behind: Revocations, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._behind = behind
        self._clock = clock
        self._until = LruCache[tuple[TenantId, UUID], float](MOST_NEAR)
        self._ends = 0

    def cached(self, tenant_id: TenantId, sign_in_id: UUID) -> bool:
        """Whether it is known that a sign-in goes on; False says nothing."""
        until = self._until.get((tenant_id, sign_in_id))
        return until is not None and self._clock() < until

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
        if self.cached(tenant_id, sign_in_id):
            return True
        ends, asked_at = self._ends, self._clock()
        live = self._behind.is_live(tenant_id, sign_in_id, at)
        if live and ends == self._ends:  # else it may be this one that was ended meanwhile
            self._until.put((tenant_id, sign_in_id), asked_at + NEAR_S)
        return live

    def ended(self, tenant_id: TenantId, sign_in_ids: Sequence[UUID]) -> None:
        self._ends += 1
        for sign_in_id in sign_in_ids:
            self._until.put((tenant_id, sign_in_id), 0.0)
        self._behind.ended(tenant_id, sign_in_ids)


class TableRevocations:
    """`Revocations` straight from the table: an end shows at once."""

    def __init__(self, sign_ins: SignIns) -> None:
        self._sign_ins = sign_ins

    def cached(self, tenant_id: TenantId, sign_in_id: UUID) -> bool:
        """Say nothing: the table has to be asked."""
        del tenant_id, sign_in_id
        return False

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
        return self._sign_ins.is_live(tenant_id, sign_in_id, at)

    def ended(self, tenant_id: TenantId, sign_in_ids: Sequence[UUID]) -> None:
        """Do nothing: whoever ended it wrote it into the table."""


class RedisRevocationCache:
    """`Revocations` with copies in Redis for all machines; without Redis the table is asked.

    `client` is to give up soon, as `impatient` does; a copy is believed for `copy_ms`. Nothing
    depends on what Redis keeps: an empty one is filled again.
    """

    def __init__(self, client: redis.Redis, sign_ins: SignIns, *, copy_ms: int = COPY_MS) -> None:
        self._copy_ms = copy_ms
        self._redis: Any = client  # its types are those of both its kinds of client
        self._sign_ins = sign_ins

    def cached(self, tenant_id: TenantId, sign_in_id: UUID) -> bool:
        """Say nothing: Redis has to be asked."""
        del tenant_id, sign_in_id
        return False

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
        key = _key(tenant_id, sign_in_id)
        try:
            copy = cast("bytes | None", self._redis.get(key))
        except redis.RedisError as away:
            logger.warning("sign_in_copies_out_of_reach", problem=type(away).__name__)
            return self._sign_ins.is_live(tenant_id, sign_in_id, at)
        if copy is None:
            return self._copied(key, self._sign_ins.is_live(tenant_id, sign_in_id, at))
        return copy == LIVE

    def ended(self, tenant_id: TenantId, sign_in_ids: Sequence[UUID]) -> None:
        """Note it in Redis, so that it shows at once and not when the copies have run out."""
        try:
            with self._redis.pipeline(transaction=False) as together:
                for sign_in_id in sign_in_ids:
                    note = timedelta(milliseconds=NOTE_MS)
                    together.set(_key(tenant_id, sign_in_id), ENDED, px=note)
                together.execute()
        except redis.RedisError as away:
            logger.warning("sign_in_copies_out_of_reach", problem=type(away).__name__)

    def _copied(self, key: str, live: bool) -> bool:  # noqa: FBT001  the value it stores
        """Store what the table said, unless somebody noted an end meanwhile."""
        try:
            self._redis.set(key, LIVE if live else ENDED, px=self._copy_ms, nx=True)
        except redis.RedisError as away:
            logger.warning("sign_in_copies_out_of_reach", problem=type(away).__name__)
        return live


def _key(tenant_id: TenantId, sign_in_id: UUID) -> str:
    return f"kinelog:{tenant_id}:sign-in:{sign_in_id}"
