"""Parts of a session: sets, repetitions, cues and recording, current or as of a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from application.kernel.ports import EventLog
from application.kernel.read_models import Moment, rows_as_of, state_as_of
from application.sessions.loaders import Loaders
from domain.ids import SessionId, TenantId
from domain.kernel import Projection
from domain.recordings.recording import RECORDING
from domain.sessions.session import SESSION
from projections.cue import CUE, Cue
from projections.exercise_set import EXERCISE_SET, ExerciseSet
from projections.fault_feedback import FAULT_FEEDBACK, FaultFeedbackRow
from projections.rejected_repetition import REJECTED_REPETITION, RejectedRepetition
from projections.repetition import REPETITION, Repetition
from projections.session_recording import SESSION_RECORDING, SessionRecording
from projections.session_summary import SESSION_SUMMARY, SessionSummary

Row = TypeVar("Row")


class SessionParts(Protocol):
    """The rows of one session, each list in order."""

    def sets(self) -> Sequence[ExerciseSet]: ...

    def repetitions(self) -> Sequence[Repetition]: ...

    def rejected(self) -> Sequence[RejectedRepetition]: ...

    def cues(self) -> Sequence[Cue]: ...

    def fault_feedback(self) -> Sequence[FaultFeedbackRow]: ...

    def recording(self) -> SessionRecording | None: ...


@dataclass(frozen=True)
class CurrentParts:
    """Parts from the read models."""

    loaders: Loaders
    session_id: SessionId

    def sets(self) -> Sequence[ExerciseSet]:
        return self.loaders.sets.of(self.session_id)

    def repetitions(self) -> Sequence[Repetition]:
        return self.loaders.repetitions.of(self.session_id)

    def rejected(self) -> Sequence[RejectedRepetition]:
        sets = self.loaders.rejected.of(self.session_id)
        return [each for one in sets for each in one.rejected]

    def cues(self) -> Sequence[Cue]:
        return self.loaders.cues.of(self.session_id)

    def fault_feedback(self) -> Sequence[FaultFeedbackRow]:
        return self.loaders.fault_feedback.of(self.session_id)

    def recording(self) -> SessionRecording | None:
        return next(iter(self.loaders.recordings.of(self.session_id)), None)


@dataclass(frozen=True)
class PartsAsOf:
    """Parts as they were at a moment, folded from the log.

    A version counts the session's own events. The recording has its own, so only a time bounds it.
    """

    log: EventLog
    tenant_id: TenantId
    session_id: SessionId
    moment: Moment

    def summary(self) -> SessionSummary | None:
        """Return the session itself; None before its start."""
        return state_as_of(SESSION_SUMMARY, self.log, self.tenant_id, self._stream, self.moment)

    def sets(self) -> Sequence[ExerciseSet]:
        return self._rows(EXERCISE_SET)

    def repetitions(self) -> Sequence[Repetition]:
        return self._rows(REPETITION)

    def rejected(self) -> Sequence[RejectedRepetition]:
        return [each for one in self._rows(REJECTED_REPETITION) for each in one.rejected]

    def cues(self) -> Sequence[Cue]:
        return self._rows(CUE)

    def fault_feedback(self) -> Sequence[FaultFeedbackRow]:
        return self._rows(FAULT_FEEDBACK)

    def recording(self) -> SessionRecording | None:
        """Return the recording as of the moment; None if it is deleted now.

        If its media are removed by now, it has none at any moment.
        """
        stream = f"{RECORDING.category}-{self.session_id}"
        now = state_as_of(SESSION_RECORDING, self.log, self.tenant_id, stream, Moment())
        if now is None or now.status == "deleted":
            return None
        moment = Moment(at=self.moment.at if now.media_removed_at is None else None)
        return state_as_of(SESSION_RECORDING, self.log, self.tenant_id, stream, moment)

    @property
    def _stream(self) -> str:
        return f"{SESSION.category}-{self.session_id}"

    def _rows(self, projection: Projection[Row]) -> Sequence[Row]:
        rows = rows_as_of(projection, self.log, self.tenant_id, self._stream, self.moment)
        return [rows[key] for key in sorted(rows)]
