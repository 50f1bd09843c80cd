"""Whose a session is, and whose a workout: said by its first fact, and never changed."""

from typing import Final

from application.ports import EventLog
from application.recent import Recent
from domain.ids import SessionId, TenantId, UserId, WorkoutId
from domain.sessions.events import SessionStarted
from domain.sessions.session import SESSION
from domain.workouts.events import WorkoutPrescribed
from domain.workouts.workout import WORKOUT

KNOWN: Final = 10_000
"""Owners that are remembered; others are read again."""


class Owners:
    """Tells owners from the log, which knows at once what was written. Any thread may ask."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._known = Recent[tuple[TenantId, str], UserId](KNOWN)

    def of_session(self, tenant_id: TenantId, session_id: SessionId) -> UserId | None:
        """Tell whose session it is; None where there is none. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{SESSION.category}-{session_id}")

    def of_workout(self, tenant_id: TenantId, workout_id: WorkoutId) -> UserId | None:
        """Tell who wrote a workout; None where there is none. Raises StorageUnavailable."""
        return self._owner(tenant_id, f"{WORKOUT.category}-{workout_id}")

    def _owner(self, tenant_id: TenantId, stream: str) -> UserId | None:
        known = self._known.get((tenant_id, stream))
        if known is not None:
            return known
        for recorded in self._log.load(tenant_id, stream):
            match recorded.event:
                case SessionStarted(athlete_id=owner) | WorkoutPrescribed(author_id=owner):
                    self._known.put((tenant_id, stream), owner)
                    return owner
                case _:
                    continue
        return None
