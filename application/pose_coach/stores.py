"""Ports of the pose coach's two stores: documents for the user, and rows for analytics.

Both hold the same sessions under the same key of the user, each with its own hash tree.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal, Protocol, Self

from application.pose_coach.hash_tree import HashTree
from application.pose_coach.report import GroupReader
from domain.ids import TenantId
from domain.kernel import Rejected
from domain.pose_coach.commands import ACCURACY_DECIMALS
from domain.pose_coach.key import PoseCoachKey
from domain.values import InvalidValue
from projections.participant import Participant
from projections.pose_session import PoseSession
from projections.user_health_profile import UserHealthProfile

StoreName = Literal["document", "analytics"]


class ProfileMissing(Rejected):
    """The user has no profile in the analytics store, so none of their sessions can be there."""

    code = "pose_coach.profile_missing"


@dataclass(frozen=True)
class SessionRecord:
    """A session as both stores hold it. `user_id` is the pose coach key of the athlete.

    `timestamp` is like `2025-10-17T14:30:00.000Z`; `accuracy` is 0 to 1, with at most four
    decimals. Raises InvalidValue.
    """

    session_id: str
    user_id: str
    exercise: str
    reps: int
    accuracy: float
    timestamp: str
    duration: int
    feedback_points: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.user_id or not 0 <= self.accuracy <= 1:
            raise InvalidValue("A session has the key of a user, and an accuracy from 0 to 1.")

    def digest(self) -> int:
        """Return the hash of the content, a number of 256 bits."""
        content = {**asdict(self), "accuracy": f"{self.accuracy:.{ACCURACY_DECIMALS}f}"}
        encoded = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
        return int.from_bytes(sha256(encoded).digest())

    @classmethod
    def of(cls, row: PoseSession, key: PoseCoachKey) -> "SessionRecord":
        """Return the record of a session in the log."""
        return cls(
            session_id=row.id,
            user_id=key.uid,
            exercise=row.exercise,
            reps=row.reps,
            accuracy=row.accuracy,
            timestamp=to_timestamp(row.ended_at),
            duration=row.duration_s,
            feedback_points=row.feedback,
        )


@dataclass(frozen=True)
class ProfileRecord:
    """What the analytics store has of a user beside their sessions.

    `is_compared`: whether they consented to count in figures of many people. `health_records` are
    those of their linked sources; `last_sync` is a time like those of sessions, None without one.
    """

    is_compared: bool = False
    health_records: int = 0
    last_sync: str | None = None

    @classmethod
    def of(cls, participant: Participant | None, health: UserHealthProfile | None) -> Self:
        """Return the profile of a user by their rows."""
        is_compared = participant is not None and participant.compared
        if health is None:
            return cls(is_compared)
        last = health.last_sync_at
        return cls(is_compared, health.records, None if last is None else to_timestamp(last))


def damaged_digest(content: str) -> int:
    """Return the hash of content that is not a session: another one than any session has."""
    return int.from_bytes(sha256(f"damaged {content}".encode(errors="replace")).digest())


def to_timestamp(moment: datetime) -> str:
    """Return a time as the stores hold it: `2025-10-17T14:30:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def document_path(user_id: str, session_id: str) -> str:
    """Return the path of a session's document."""
    return f"users/{user_id}/workoutSessions/{session_id}"


class SessionStore(Protocol):
    """What both stores do. Every method raises StorageUnavailable.

    Content that was damaged by hand reads as no session; `rebuild_tree` shows it as a difference.
    """

    @property
    def name(self) -> StoreName: ...

    def save(self, tenant_id: TenantId, record: SessionRecord, created_at: datetime) -> None:
        """Store a session, or replace it. Idempotent; a replaced one keeps its creation time.

        Raises ProfileMissing if the store requires a profile.
        """
        ...

    def get(self, tenant_id: TenantId, user_id: str, session_id: str) -> SessionRecord | None:
        """Read a session."""
        ...

    def find(self, tenant_id: TenantId, session_id: str) -> SessionRecord | None:
        """Find a session, whosever it is."""
        ...

    def delete(self, tenant_id: TenantId, user_id: str, session_id: str) -> bool:
        """Delete a session; return whether it was there."""
        ...

    def discard(self, tenant_id: TenantId, session_id: str) -> None:
        """Delete what the tree has under an id, also content that cannot be read."""
        ...

    def list(self, tenant_id: TenantId, user_id: str) -> Sequence[SessionRecord]:
        """Return all sessions of a user, the newest first."""
        ...

    def save_profile(
        self, tenant_id: TenantId, user_id: str, profile: ProfileRecord | None = None
    ) -> None:
        """Store the profile of a user, if the store has profiles. Idempotent.

        Without one, a profile that is there stays, or an empty one is added.
        """
        ...

    def delete_profile(self, tenant_id: TenantId, user_id: str) -> int:
        """Delete a user's profile and all their sessions; return the number of sessions."""
        ...

    def tree(self, tenant_id: TenantId) -> HashTree:
        """Return the tree of the hashes of all sessions of a tenant."""
        ...

    def rebuild_tree(self, tenant_id: TenantId) -> None:
        """Compute the tree from what is stored, in case it was changed behind the tree.

        What cannot be read, or is not stored as `save` does it, gets a hash that no session has.
        """
        ...


class AnalyticsStore(SessionStore, GroupReader, Protocol):
    """The store for figures of many people."""


class DocumentStore(SessionStore, Protocol):
    """The user-facing store, by paths."""

    def document(self, tenant_id: TenantId, path: str) -> Mapping[str, Any] | None:
        """Read the document at a path."""
        ...
