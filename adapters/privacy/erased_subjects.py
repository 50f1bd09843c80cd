"""Erased people, recognized by the record of their destroyed key."""

import time
from typing import Final

import sqlalchemy as sa

from adapters.users.database import IdentityDatabase
from adapters.users.tables import SUBJECT_KEY, owned
from application.kernel.cache import LruCache
from domain.ids import TenantId, UserId

CACHE_TTL_S: Final = 10.0
"""Shorter than the lifetime of a cached key (`adapters.encryption.envelope`): when a person's rows
are deleted, no process can still write new ones."""

MAX_CACHED: Final = 10_000


class ErasedSubjects:
    """Returns whether a person is erased; caches the result for `cache_ttl_s` seconds."""

    def __init__(self, database: IdentityDatabase, *, cache_ttl_s: float = CACHE_TTL_S) -> None:
        self._database = database
        self._cache_ttl_s = cache_ttl_s
        self._cache = LruCache[tuple[TenantId, UserId], tuple[float, bool]](MAX_CACHED)

    def __call__(self, tenant_id: TenantId, user_id: UserId) -> bool:
        now = time.monotonic()
        cached = self._cache.get((tenant_id, user_id))
        if cached is not None and (cached[1] or now < cached[0]):  # an erasure is final
            return cached[1]
        is_erased = self._load(tenant_id, user_id)
        self._cache.put((tenant_id, user_id), (now + self._cache_ttl_s, is_erased))
        return is_erased

    def _load(self, tenant_id: TenantId, user_id: UserId) -> bool:
        destroyed = SUBJECT_KEY.c.destroyed_at.is_not(None)
        subject = owned(SUBJECT_KEY, tenant_id, subject=user_id) & destroyed
        with self._database.reading(tenant_id) as connection:
            return (
                connection.execute(sa.select(SUBJECT_KEY.c.subject).where(subject)).first()
                is not None
            )
