"""Correction of the exercise of a session: its command, and its refusals."""

from datetime import datetime

from domain.ids import ExerciseId, SessionId
from domain.kernel import Rejected, command


@command
class CorrectExercise:
    """Replace a completed session by one that counts another exercise, and delete it."""

    exercise_id: ExerciseId
    replacement_id: SessionId
    at: datetime


class SessionNotCompleted(Rejected):
    """The session is not completed. Complete it before you correct its exercise."""

    code = "session.not_completed"


class SessionCorrected(Rejected):
    """Another session replaces this one. To undo it, correct the exercise of the other session."""

    code = "session.corrected"


class SessionWithoutSet(Rejected):
    """The session has no set, so it has no exercise to correct."""

    code = "session.without_set"


class ExerciseUnchanged(Rejected):
    """The session already counts this exercise. Choose another one."""

    code = "session.exercise_unchanged"
    kind = "invalid"


class SeveralExercises(Rejected):
    """The session has sets of several exercises. Only a session of one can be corrected."""

    code = "session.several_exercises"


class EntriesInTheWay(Rejected):
    """The session has entries that belong to its sets, and a new count would lose them.

    These are a prescription, rests, repetitions or holds that you logged, repetitions that you
    accepted or rejected, and camera checks that you overrode.
    """

    code = "session.has_entries"


class SetsDiffer(Rejected):
    """As this exercise, the movement has other sets, so your loads and targets fit none of them."""

    code = "session.sets_differ"


class RecordingUnderway(Rejected):
    """The recording of this session is still running. Stop it first."""

    code = "session.recording_underway"


class VideoNotReady(Rejected):
    """The video of this session is not made yet. Wait for it, or request it again if it failed."""

    code = "session.video_not_ready"
