"""Consent enforcement, cached because cameras send frames many times a second.

A consent is cached for less than a second, so a withdrawal takes effect within that time. A missing
consent is looked up each time, so a new one takes effect at once.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import structlog

from application.kernel.cache import LruCache
from application.kernel.ports import EventLog, StorageUnavailable
from application.privacy.consents import ConsentMissing
from domain.ids import TenantId, UserId
from domain.kernel import value
from domain.users import events
from domain.users.identities import ConsentPurpose
from domain.users.user import USER

CACHE_TTL_S: Final = 0.8

MAX_CACHED_USERS: Final = 10_000

log = structlog.get_logger()


@value
class _Entry:
    """Consents of a person after `version` events of their stream.

    `has_account` is also true after erasure: an erased person has no consents. Nothing else is
    cached here, because it would have to be erased as well.
    """

    version: int = 0
    has_account: bool = False
    agreed: frozenset[ConsentPurpose] = frozenset()
    loaded_at: float = float("-inf")


class ConsentCache:
    """Requires consents. Thread-safe. `timer` is monotonic, in seconds.

    While the log is unavailable, cached consents remain valid.
    """

    def __init__(self, event_log: EventLog, timer: Callable[[], float]) -> None:
        self._log = event_log
        self._timer = timer
        self._entries = LruCache[tuple[TenantId, UserId], _Entry](MAX_CACHED_USERS)

    def require(self, tenant_id: TenantId, user_id: UserId, purpose: ConsentPurpose) -> None:
        """Raise ConsentMissing for a user with an account who has not consented.

        Athletes without an account, such as on their own machine, need no consent. Raises
        StorageUnavailable for a user who is not cached.
        """
        if not self.permits(tenant_id, user_id, purpose):
            raise ConsentMissing(purpose)

    def permits(self, tenant_id: TenantId, user_id: UserId, purpose: ConsentPurpose) -> bool:
        """Return whether `require` would return. Raises StorageUnavailable as it does."""
        entry = self._entries.get((tenant_id, user_id)) or _Entry()
        is_outdated = self._timer() - entry.loaded_at >= CACHE_TTL_S
        if is_outdated or not _permits(entry, purpose):
            entry = self._load(tenant_id, user_id, entry)
        return _permits(entry, purpose)

    def invalidate(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Drop the entry of a user whose consents have just changed."""
        self._entries.put((tenant_id, user_id), _Entry())

    def _load(self, tenant_id: TenantId, user_id: UserId, entry: _Entry) -> _Entry:
        now = self._timer()
        try:
            stream = f"{USER.category}-{user_id}"
            new_events = self._log.load(tenant_id, stream, after_version=entry.version)
        except StorageUnavailable as unavailable:
            if entry == _Entry():
                raise
            log.warning("consent.log_unavailable", detail=unavailable.detail)
            return entry
        for recorded in new_events:
            entry = replace(_evolve(entry, recorded.event), version=recorded.version)
        entry = replace(entry, loaded_at=now)
        self._entries.put((tenant_id, user_id), entry)
        return entry


def _permits(entry: _Entry, purpose: ConsentPurpose) -> bool:
    return not entry.has_account or purpose in entry.agreed


def _evolve(entry: _Entry, event: Any) -> _Entry:
    match event:
        case events.UserCreated():
            return replace(entry, has_account=True)
        case events.ConsentGiven(purpose=purpose):
            return replace(entry, agreed=entry.agreed | {purpose})
        case events.ConsentWithdrawn(purpose=purpose):
            return replace(entry, agreed=entry.agreed - {purpose})
        case events.UserErased():
            return _Entry(has_account=True)
        case _:
            return entry
