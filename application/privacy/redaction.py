"""Read models are made of facts about people who are remembered: others' facts are passed over.

The log keeps the facts of those who were forgotten, and its readers count positions, so each such
fact stands there as `Redacted`, which concerns no row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from application.kernel.cache import LruCache
from application.kernel.ports import EventLog
from application.privacy.subject_data import owner
from domain.ids import TenantId, UserId
from domain.kernel import Recorded
from domain.recordings.recording import RECORDING
from domain.sessions.session import SESSION
from domain.workouts.workout import WORKOUT

OWNED: Final = tuple(f"{each.category}-" for each in (SESSION, RECORDING, WORKOUT))
"""Streams that are somebody's beside their account's, which says itself that it has ended."""

KNOWN: Final = 10_000

IsErased = Callable[[TenantId, UserId], bool]


@dataclass(frozen=True)
class Redacted:
    """Stands where something happened to a person who has been forgotten."""


REDACTED: Final = Redacted()


class RedactingLogReader:
    """The log as projections read it: a `LogReader`, and a `History`. Any thread may ask."""

    def __init__(self, log: EventLog, forgotten: IsErased) -> None:
        self._log = log
        self._forgotten = forgotten
        self._owners = LruCache[tuple[TenantId, str], UserId](KNOWN)

    def head(self) -> int:
        """Give the position of the newest event."""
        return self._log.head()

    def scan(self, *, after: int, limit: int) -> Sequence[Recorded[Any]]:
        """Give events in order, those of forgotten people without what happened."""
        return self._told(self._log.scan(after=after, limit=limit))

    def load(
        self, tenant_id: TenantId, stream: str, *, after_version: int = 0
    ) -> Sequence[Recorded[Any]]:
        """Give the events of a stream; those of a forgotten person without what happened."""
        return self._told(self._log.load(tenant_id, stream, after_version=after_version))

    def _told(self, facts: Sequence[Recorded[Any]]) -> Sequence[Recorded[Any]]:
        return [
            replace(fact, event=REDACTED)
            if fact.stream.startswith(OWNED) and self._is_withheld(fact)
            else fact
            for fact in facts
        ]

    def _is_withheld(self, fact: Recorded[Any]) -> bool:
        tenant_id = fact.origin.tenant_id
        whose = owner(fact.event) or self._owners.get((tenant_id, fact.stream))
        if whose is None:
            whose = self._looked_up(tenant_id, fact.stream)
        if whose is None:
            return False
        if fact.version == 1:
            self._owners.put((tenant_id, fact.stream), whose)
        return self._forgotten(tenant_id, whose)

    def _looked_up(self, tenant_id: TenantId, stream: str) -> UserId | None:
        """Find whose a stream is that began before this reading of the log."""
        for first in self._log.load(tenant_id, stream):
            whose = owner(first.event)
            if whose is not None:
                self._owners.put((tenant_id, stream), whose)
                return whose
        return None
