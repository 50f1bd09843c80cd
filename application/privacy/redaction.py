"""Redaction of erased people: read models ignore their events.

The log keeps the events of erased people, and its readers count positions. So each such event is
replaced by `Redacted`, which concerns no row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from application.kernel.cache import LruCache
from application.kernel.ports import DamagedEvent, EventLog
from application.privacy.subject_data import OWNED
from application.users.authorization import PERSONAL_CATEGORIES, find_stream_owner
from domain.ids import TenantId, UserId
from domain.kernel import Recorded
from domain.users.user import USER

OWNED_PREFIXES: Final = tuple(
    f"{category}-" for category in (*OWNED, *(PERSONAL_CATEGORIES - {USER.category}))
)
"""Streams of a person, except the account, whose own events record the erasure."""

MAX_CACHED_OWNERS: Final = 10_000

IsErased = Callable[[TenantId, UserId], bool]


@dataclass(frozen=True)
class Redacted:
    """Placeholder for an event of an erased person."""


REDACTED: Final = Redacted()


class RedactingLogReader:
    """The log as projections read it: a `LogReader` and a `History`. Thread-safe."""

    def __init__(self, log: EventLog, is_erased: IsErased) -> None:
        self._log = log
        self._is_erased = is_erased
        self._owners = LruCache[tuple[TenantId, str], UserId](MAX_CACHED_OWNERS)

    def head(self) -> int:
        """Return the position of the newest event."""
        return self._log.head()

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]:
        """Return events in order, with those of erased people redacted; keep damaged ones."""
        return self._redact(self._log.scan(after=after, limit=limit, keep_damaged=True))

    def load(
        self, tenant_id: TenantId, stream: str, *, after_version: int = 0
    ) -> Sequence[Recorded[Any]]:
        """Return the events of a stream, redacted if its owner is erased; keep damaged ones."""
        history = self._log.load(tenant_id, stream, after_version=after_version, keep_damaged=True)
        return self._redact(history)

    def _redact(self, history: Sequence[Recorded[Any]]) -> Sequence[Recorded[Any]]:
        return [
            self._shown(recorded) if recorded.stream.startswith(OWNED_PREFIXES) else recorded
            for recorded in history
        ]

    def _shown(self, recorded: Recorded[Any]) -> Recorded[Any]:
        """Return an event as read models get it.

        If damage hides whose stream it is, the event counts as damaged, too: it may be redacted.
        """
        tenant_id = recorded.origin.tenant_id
        owner = (
            find_stream_owner(recorded)
            or self._owners.get((tenant_id, recorded.stream))
            or self._load_owner(tenant_id, recorded.stream)
        )
        if isinstance(owner, DamagedEvent):
            return replace(recorded, event=owner)
        if owner is None:
            return recorded
        if recorded.version == 1:
            self._owners.put((tenant_id, recorded.stream), owner)
        return replace(recorded, event=REDACTED) if self._is_erased(tenant_id, owner) else recorded

    def _load_owner(self, tenant_id: TenantId, stream: str) -> UserId | DamagedEvent | None:
        """Find the owner of a stream that began before this read, or the damage that hides it."""
        damage: DamagedEvent | None = None
        for recorded in self._log.load(tenant_id, stream, keep_damaged=True):
            if isinstance(recorded.event, DamagedEvent):
                damage = damage or recorded.event
                continue
            owner = find_stream_owner(recorded)
            if owner is not None:
                self._owners.put((tenant_id, stream), owner)
                return owner
        return damage
