"""Events and recorded landmarks of a session."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from application.custom_exercises.lookup import ExerciseLookup
from application.kernel.ports import EventLog
from application.recordings.pose_archive import PoseArchive
from domain.ids import ExerciseId, SessionId, TenantId, UserId
from domain.kernel import Rejected
from domain.motion.exercises.recognition import Recognition, recognize
from domain.motion.facts import TraceSample
from domain.motion.fold import fold
from domain.motion.landmarks import PoseChunk
from domain.recordings.commands import RecordingNotKept
from domain.recordings.events import RecordingMediaRemoved
from domain.recordings.recording import RECORDING
from domain.sessions.commands import SessionNotFound
from domain.sessions.events import SessionStarted, SetStarted
from domain.sessions.session import SESSION


class SessionNotRecorded(Rejected):
    """The landmarks of this session were not recorded, so it cannot be analyzed again."""

    code = "session.not_recorded"


@dataclass(frozen=True)
class SessionHistory:
    """Reader of the events and the recorded landmarks of sessions."""

    log: EventLog
    archive: PoseArchive

    def events(self, tenant_id: TenantId, session_id: SessionId) -> Sequence[Any]:
        """Return the session's events in order. Raises SessionNotFound."""
        history = self.log.load(tenant_id, f"{SESSION.category}-{session_id}")
        if not history:
            raise SessionNotFound
        return [recorded.event for recorded in history]

    def poses(self, tenant_id: TenantId, session_id: SessionId) -> Sequence[PoseChunk]:
        """Return the recorded landmarks in order. A recording has the id of its session.

        Raises SessionNotRecorded, RecordingNotKept and media errors.
        """
        recorded = self.log.load(tenant_id, f"{RECORDING.category}-{session_id}")
        if any(isinstance(each.event, RecordingMediaRemoved) for each in recorded):
            raise RecordingNotKept
        chunks = list(self.archive.replay(tenant_id, session_id, recorded))
        if not chunks:
            raise SessionNotRecorded
        return chunks


@dataclass(frozen=True, eq=False)
class SessionTrace:
    """The movement as a curve: 15 samples per second, measured as one exercise."""

    session_id: SessionId
    exercise_id: ExerciseId
    samples: tuple[TraceSample, ...]


def session_trace(
    history: SessionHistory, tenant_id: TenantId, session_id: SessionId
) -> SessionTrace:
    """Fold all landmarks as the exercise of the first set, by its current definition.

    Raises SessionNotFound, SessionNotRecorded, RecordingNotKept, UnknownExercise, MediaMissing or
    MediaCorrupt.
    """
    athlete_id = UserId("")
    for event in history.events(tenant_id, session_id):
        if isinstance(event, SessionStarted):
            athlete_id = event.athlete_id
        if isinstance(event, SetStarted):
            chunks = history.poses(tenant_id, session_id)
            exercises = ExerciseLookup(history.log)
            definition = exercises.get(tenant_id, athlete_id, event.exercise_id)
            samples = fold(definition, chunks).trace
            return SessionTrace(session_id, event.exercise_id, tuple(samples))
    raise SessionNotRecorded


def session_recognition(
    history: SessionHistory, tenant_id: TenantId, session_id: SessionId
) -> Recognition:
    """Recognize the exercise of all recorded landmarks, as if none had been named.

    Raises SessionNotFound, SessionNotRecorded, RecordingNotKept, MediaMissing or MediaCorrupt.
    """
    history.events(tenant_id, session_id)
    return recognize(history.poses(tenant_id, session_id))
