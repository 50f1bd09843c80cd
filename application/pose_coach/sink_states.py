"""Port of the states of the pose coach's sinks: what each store has of each session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol

from application.pose_coach.restored_log import LogMark
from application.pose_coach.stores import StoreName
from domain.ids import TenantId, UserId

Status = Literal["pending", "saved", "deleted", "retrying", "waiting", "failed"]
"""`waiting`: waits for the user's profile. `failed`: tried too often; a replay tries it again."""

PROFILE: Final = ""
"""Session id of the entry for a user's profile, which comes before those of their sessions."""

DONE: Final[frozenset[Status]] = frozenset({"saved", "deleted"})
"""States in which a sink has no work left."""


@dataclass(frozen=True)
class SinkEntry:
    """State of a session, or of a profile, in one store.

    `stored_for` is the user's key under which it was stored, None if it was not. `error` is the
    type of the last error, whose text may hold personal data.
    """

    tenant_id: TenantId
    user_id: UserId
    session_id: str
    status: Status = "pending"
    stored_for: str | None = None
    attempts: int = 0
    error: str | None = None
    due_at: datetime | None = None


class SinkStates(Protocol):
    """Entries and log positions of the sinks. Raises StorageUnavailable."""

    def followed(self, sink: StoreName) -> LogMark:
        """Return up to where the log was followed."""
        ...

    def note_restored(self, sink: StoreName, position: int | None) -> None:
        """Note the position up to which a lost log was followed; None ends the note."""
        ...

    def restored(self) -> int | None:
        """Return the highest position that was noted so, None without one."""
        ...

    def mark(
        self, sink: StoreName, entries: Sequence[SinkEntry], reached: LogMark | None, now: datetime
    ) -> None:
        """Make entries pending, adding new ones, and store the mark, in one transaction.

        A key in `stored_for` is noted in existing entries, too; the profile of a user that is
        stored under another key keeps that one, so that it is deleted there.
        """
        ...

    def mark_user(
        self, sink: StoreName, tenant_id: TenantId, user_id: UserId, now: datetime
    ) -> None:
        """Make all entries of a user pending."""
        ...

    def due(self, sink: StoreName, now: datetime, limit: int) -> Sequence[SinkEntry]:
        """Return entries whose time has come, those of profiles first."""
        ...

    def store(self, sink: StoreName, changes: Sequence[tuple[SinkEntry, SinkEntry]]) -> bool:
        """Replace entries, each as it was read by the other, in one transaction.

        Those that were marked or removed since then stay so. Returns whether none of them was.
        """
        ...

    def release(self, sink: StoreName, tenant_id: TenantId, user_id: UserId, now: datetime) -> None:
        """Make the waiting entries of a user pending."""
        ...

    def replay(self, sink: StoreName, now: datetime) -> int:
        """Make failed and waiting entries pending, and those that wait due; return how many."""
        ...

    def of_sessions(
        self, tenant_id: TenantId, session_ids: Sequence[str]
    ) -> Mapping[str, Mapping[StoreName, SinkEntry]]:
        """Return the entries of sessions by session and sink."""
        ...

    def of_user(
        self, tenant_id: TenantId, user_id: UserId
    ) -> Sequence[tuple[StoreName, SinkEntry]]:
        """Return all entries of a user."""
        ...

    def remove_user(self, tenant_id: TenantId, user_id: UserId) -> int:
        """Delete all entries of a user; return how many."""
        ...

    def count(self, tenant_id: TenantId | None = None) -> Mapping[tuple[StoreName, Status], int]:
        """Return how many sessions a sink has still to write, by state: of a tenant, or of all."""
        ...
