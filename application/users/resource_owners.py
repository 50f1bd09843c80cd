"""Whose a stream is, such as a session or a workout: said by a fact in it, and never changed."""

from collections.abc import Iterable
from typing import Any, Final

from application.kernel.lru_cache import LruCache
from application.kernel.ports import EventLog
from application.kernel.projection_store import StreamKey
from domain.achievements.achievements import ACHIEVEMENTS
from domain.ids import RecordingId, SessionId, TenantId, UserId, WorkoutId
from domain.kernel import Recorded
from domain.recordings.events import RecordingStarted
from domain.recordings.recording import RECORDING
from domain.sessions.events import SessionStarted
from domain.sessions.session import SESSION
from domain.users.user import USER
from domain.workouts.events import WorkoutPrescribed
from domain.workouts.workout import WORKOUT

OF_A_PERSON: Final = frozenset({USER.category, ACHIEVEMENTS.category})
"""Categories of streams with the id of whom they are about."""

KNOWN: Final = 10_000
"""Owners that are remembered; others are read again."""


def owner_named_by(recorded: Recorded[Any]) -> UserId | None:
    """Tell the owner of the stream where a fact says who that is; None where it does not."""
    match recorded.event:
        case (
            SessionStarted(athlete_id=owner)
            | WorkoutPrescribed(author_id=owner)
            | RecordingStarted(user_id=owner)
        ):
            return owner
        case _:
            category, _, its_id = recorded.stream.partition("-")
            return UserId(its_id) if category in OF_A_PERSON else None


def owners_of(events: Iterable[Recorded[Any]]) -> dict[StreamKey, UserId]:
    """Give the owners of streams that begin here. Streams of a tenant as a whole have none.

    Only the first fact of a stream counts: rows are then made of it with the owner known, however
    the log is cut into batches.
    """
    return {
        (recorded.origin.tenant_id, recorded.stream): owner
        for recorded in events
        if recorded.version == 1 and (owner := owner_named_by(recorded)) is not None
    }


class Owners:
    """Tells owners from the log, which knows at once what was written. Any thread may ask."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._known = LruCache[tuple[TenantId, str], UserId](KNOWN)

    def of_session(self, tenant_id: TenantId, session_id: SessionId) -> UserId | None:
        """Tell whose session it is; None where there is none. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{SESSION.category}-{session_id}")

    def of_workout(self, tenant_id: TenantId, workout_id: WorkoutId) -> UserId | None:
        """Tell who wrote a workout; None where there is none. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{WORKOUT.category}-{workout_id}")

    def of_recording(self, tenant_id: TenantId, recording_id: RecordingId) -> UserId | None:
        """Tell who is in a recording; None where there is none. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{RECORDING.category}-{recording_id}")

    def _owner(self, tenant_id: TenantId, stream: str) -> UserId | None:
        known = self._known.get((tenant_id, stream))
        if known is not None:
            return known
        for recorded in self._log.load(tenant_id, stream):
            owner = owner_named_by(recorded)
            if owner is not None:
                self._known.put((tenant_id, stream), owner)
                return owner
        return None
