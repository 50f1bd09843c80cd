"""The movement of a session as a curve, folded again from its recorded landmarks."""

from dataclasses import dataclass

from application.sessions.history import SessionHistory, SessionNotRecorded
from domain.ids import ExerciseId, SessionId, TenantId
from domain.motion.exercises.library import exercise
from domain.motion.facts import TraceSample
from domain.motion.fold import fold
from domain.sessions.events import SetStarted


@dataclass(frozen=True, eq=False)
class SessionTrace:
    """What the athlete's body did, 15 samples a second, seen as one exercise."""

    session_id: SessionId
    exercise_id: ExerciseId
    samples: tuple[TraceSample, ...]


def session_trace(
    history: SessionHistory, tenant_id: TenantId, session_id: SessionId
) -> SessionTrace:
    """Fold all landmarks as the exercise of the first set, by its definition of today.

    Raises SessionUnknown, SessionNotRecorded, UnknownExercise, MediaMissing or MediaCorrupt.
    """
    for event in history.events(tenant_id, session_id):
        if isinstance(event, SetStarted):
            chunks = history.poses(tenant_id, session_id)
            samples = fold(exercise(event.exercise_id), chunks).trace
            return SessionTrace(session_id, event.exercise_id, tuple(samples))
    raise SessionNotRecorded
