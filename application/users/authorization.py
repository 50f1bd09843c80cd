"""Authorization by role and owner, and the owners of streams."""

from collections.abc import Iterable
from typing import Any, Final, Literal, Protocol

from application.kernel.cache import LruCache
from application.kernel.ports import EventLog
from application.kernel.projection_store import StreamKey
from domain.achievements.achievements import ACHIEVEMENTS
from domain.ids import RecordingId, SessionId, TenantId, UserId, WorkoutId
from domain.kernel import Recorded, Rejected
from domain.recordings.events import RecordingStarted
from domain.recordings.recording import RECORDING
from domain.sessions.events import SessionStarted
from domain.sessions.session import SESSION
from domain.tenants.roles import Role
from domain.users.user import USER
from domain.workouts.events import WorkoutPrescribed
from domain.workouts.workout import WORKOUT

Act = Literal["read", "write"]

Kind = Literal["session", "recording", "job", "profile", "workout", "tenant", "pose_coach_session"]
"""Kind of an owned resource. Aggregates over sessions count as sessions; those of the pose coach,
which Firestore's rules guard as well, are a kind of their own (C-12)."""

PERSONAL_CATEGORIES: Final = frozenset({USER.category, ACHIEVEMENTS.category})
"""Categories of streams whose id is the id of their owner."""

MAX_CACHED_OWNERS: Final = 10_000


class Forbidden(Rejected):
    """You do not have permission to do this."""

    code = "authorization.not_allowed"
    kind = "forbidden"


class Authorizer(Protocol):
    """Authorization policy: decides by role and ownership."""

    @property
    def policy_version(self) -> str:
        """Version of the rules. Cached responses are not reused under other rules."""
        ...

    def is_allowed(
        self, user_id: UserId, roles: frozenset[Role], act: Act, kind: Kind, owner: UserId | None
    ) -> bool:
        """Return whether a user may do this to an owner's resource; None: to anyone's."""
        ...


def find_stream_owner(recorded: Recorded[Any]) -> UserId | None:
    """Return the owner of the stream if this event names it, else None."""
    match recorded.event:
        case (
            SessionStarted(athlete_id=owner)
            | WorkoutPrescribed(author_id=owner)
            | RecordingStarted(user_id=owner)
        ):
            return owner
        case _:
            category, _, stream_id = recorded.stream.partition("-")
            return UserId(stream_id) if category in PERSONAL_CATEGORIES else None


def owners_of(events: Iterable[Recorded[Any]]) -> dict[StreamKey, UserId]:
    """Return the owners of the streams that begin in these events.

    Only the first event of a stream counts, so the result does not depend on how the log is split
    into batches. Streams of a tenant as a whole have no owner.
    """
    return {
        (recorded.origin.tenant_id, recorded.stream): owner
        for recorded in events
        if recorded.version == 1 and (owner := find_stream_owner(recorded)) is not None
    }


class ResourceOwners:
    """Finds the owners of resources in the log, which is always current. Thread-safe.

    A stream's first events name its owner, who never changes.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._cache = LruCache[tuple[TenantId, str], UserId](MAX_CACHED_OWNERS)

    def of_session(self, tenant_id: TenantId, session_id: SessionId) -> UserId | None:
        """Return the athlete of a session, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{SESSION.category}-{session_id}")

    def of_workout(self, tenant_id: TenantId, workout_id: WorkoutId) -> UserId | None:
        """Return the author of a workout, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{WORKOUT.category}-{workout_id}")

    def of_recording(self, tenant_id: TenantId, recording_id: RecordingId) -> UserId | None:
        """Return the person in a recording, or None. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{RECORDING.category}-{recording_id}")

    def _owner(self, tenant_id: TenantId, stream: str) -> UserId | None:
        cached = self._cache.get((tenant_id, stream))
        if cached is not None:
            return cached
        for recorded in self._log.load(tenant_id, stream):
            owner = find_stream_owner(recorded)
            if owner is not None:
                self._cache.put((tenant_id, stream), owner)
                return owner
        return None
