"""Whether somebody has been forgotten is known by their key: it is remembered that it is gone."""

import time
from typing import Final

import sqlalchemy as sa

from adapters.users.database import IdentityDatabase
from adapters.users.tables import SUBJECT_KEY, owned
from application.kernel.cache import LruCache
from domain.ids import TenantId, UserId

HELD_S: Final = 10.0
"""Shorter than the lifetime of a cached key (`adapters.encryption.envelope`): when rows of a person
are removed, no process can still write new ones."""

MOST: Final = 10_000


class ErasedSubjects:
    """Tells whether a person has been forgotten; what was looked up is believed for `held_s`."""

    def __init__(self, database: IdentityDatabase, *, held_s: float = HELD_S) -> None:
        self._database = database
        self._held_s = held_s
        self._held = LruCache[tuple[TenantId, UserId], tuple[float, bool]](MOST)

    def __call__(self, tenant_id: TenantId, user_id: UserId) -> bool:
        now = time.monotonic()
        held = self._held.get((tenant_id, user_id))
        if held is not None and (held[1] or now < held[0]):  # nobody is remembered again
            return held[1]
        forgotten = self._looked_up(tenant_id, user_id)
        self._held.put((tenant_id, user_id), (now + self._held_s, forgotten))
        return forgotten

    def _looked_up(self, tenant_id: TenantId, user_id: UserId) -> bool:
        destroyed = SUBJECT_KEY.c.destroyed_at.is_not(None)
        whose = owned(SUBJECT_KEY, tenant_id, subject=user_id) & destroyed
        with self._database.reading(tenant_id) as connection:
            return (
                connection.execute(sa.select(SUBJECT_KEY.c.subject).where(whose)).first()
                is not None
            )
