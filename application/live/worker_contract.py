"""Worker contract: messages, kinds of facts, and methods.

`api/contract/kinelog.proto` is its source: a message has the fields of its class, by the same
names. A field with a default may be left out; unknown fields are ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from application.analytics.rollups import RolledUp, RollupRequest
from application.intents import IntentResult, Utterance
from application.kernel.rpc import Method
from application.kernel.video import FramePicture
from application.live.chunk import InvalidSessionKey, SessionKey
from application.live.reconciliation import SetReconciled
from application.live.replies import LiveReply, StreamProgress
from application.live.tracker import Detection, LiveFact, SetTracked, TrackedSet
from domain.coaching.cue_memory import Cue
from domain.coaching.cues import FramingChecked, Observation, SetEnded
from domain.coaching.phrasebook import Category
from domain.coaching.preferences import DEFAULT_PREFERENCES, CuePreferences
from domain.ids import SessionId, TenantId
from domain.kernel import value
from domain.motion import facts as motion
from domain.motion.landmarks import Floats


def to_session_key(tenant_id: str, session_id: str) -> SessionKey:
    """Return the key of the session that a message names. Raises InvalidSessionKey."""
    key = SessionKey.parse(f"{tenant_id}/{session_id}")
    if key.tenant_id != tenant_id:  # a tenant id with a slash would give the key of another tenant
        raise InvalidSessionKey
    return key


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LiveChunk:
    """About half a second of landmarks of a set, n frames.

    `sequence` counts the session's chunks from 1 without a gap. `model` names the pose model.
    `last` ends the set. `times_s`: n times in seconds since the session began, each later than the
    one before. `image`: n * 33 * 4 numbers, of each frame the 33 landmarks, each x, y, z and
    visibility. `world`: n * 33 * 3 numbers, metres from between the hips, or none. A landmark that
    was not found has NaN in all its numbers, in JSON null. `preferences` are the athlete's cue
    preferences; those of the first chunk of a set hold for all of it. `pictures` are JPEGs of some
    of the frames, in their order. `definition` is that of a custom exercise of the athlete, in
    JSON; empty for an exercise of the library.
    """

    tenant_id: TenantId
    session_id: SessionId
    set: int
    sequence: int
    exercise: str
    model: str
    last: bool
    aspect_ratio: float
    times_s: npt.NDArray[np.float64]
    image: Floats
    world: Floats | None = None
    preferences: CuePreferences = DEFAULT_PREFERENCES
    pictures: tuple[FramePicture, ...] = ()
    definition: str = ""


@value
class ProgressReply:
    """Progress of a session's chunks; without `standing`, none has arrived."""

    standing: StreamProgress | None = None


@value
class DetectedFact:
    """A detection: a fact about a set, the `number`-th of it, as on the topic `exercise.detect`.

    `id` is the detection's, and that of the command that records it: the same detection has the
    same id, however often it is sent. `model` is the pose model, `definition_version` that of the
    exercise, and `learned` the trained counting model of the worker.
    """

    id: UUID
    tenant_id: TenantId
    session_id: SessionId
    set: int
    number: int
    exercise_id: str
    definition_version: int
    model: str
    fact: LiveFact
    learned: str | None = None

    @property
    def session(self) -> SessionKey:
        """The session of the detection. Raises InvalidSessionKey."""
        return to_session_key(self.tenant_id, self.session_id)

    @property
    def detection(self) -> Detection:
        """The detection that the message carries."""
        watching = TrackedSet(
            self.set, self.exercise_id, self.definition_version, self.model, self.learned
        )
        return Detection(watching, 0, self.number, self.fact)


@value
class DetectionRecorded:
    """The detection `id` is recorded; `position` is that of the log, 0 if nothing changed.

    A detection that was recorded before gets the same response.
    """

    id: UUID
    position: int


@value
class CueRequest:
    """An observation in a set of an exercise, for which the coach may choose a cue.

    `memory` is the cue memory of the set: that of the last response, empty at the beginning. Return
    it unread. `tenant_id` is that of the athlete; requests of earlier versions have none.
    """

    exercise: str
    memory: bytes
    fact: Observation
    preferences: CuePreferences = DEFAULT_PREFERENCES
    tenant_id: TenantId | None = None


@value
class CueResponse:
    """The cue that the coach chose, if any, and the new cue memory."""

    memory: bytes
    cue: Cue | None = None


@value
class CueMessage:
    """A cue for the athlete, as on the topic `cue.make`.

    `cue` is shown, `say` spoken (empty for silence), both in `language`. `fault` is what it
    corrects, None for praise and for framing; `repetition` None where it is about none. `at_ms`
    counts from the beginning of the session.
    """

    id: UUID
    tenant_id: TenantId
    session_id: SessionId
    set: int
    repetition: int | None
    category: Category
    cue: str
    say: str
    language: str
    fault: str | None
    at_ms: int


_SEEN: Final[dict[str, type[Any]]] = {
    "repetition.counted": motion.RepetitionCounted,
    "repetition.rejected": motion.RepetitionRejected,
    "repetitions.reconciled": motion.RepetitionsReconciled,
    "fault.seen": motion.FaultSeen,
    "praise.earned": motion.PraiseEarned,
    "hold.started": motion.HoldStarted,
    "hold.measured": motion.HoldMeasured,
    "pose.lost": motion.PoseLost,
    "pose.found": motion.PoseFound,
}

FACTS: Final = {
    **_SEEN,
    "set.watched": SetTracked,
    "cue.given": Cue,
    "set.reviewed": SetReconciled,
}
"""The kinds of facts on the wire, in the order of their numbers."""

OBSERVATIONS: Final = {**_SEEN, "framing.seen": FramingChecked, "set.ended": SetEnded}
"""The kinds of observations of a coach on the wire, in the order of their numbers."""


FACTS_OF: Final[Mapping[type[Any], Mapping[str, type[Any]]]] = {
    DetectedFact: FACTS,
    CueRequest: OBSERVATIONS,
}
"""Kinds of the field `fact`, by the message that has it.

In JSON that field is two: `kind`, the name, and `fact`. In protobuf it is a oneof.
"""

FACT_NAMES: Final = {fact: name for name, fact in (FACTS | OBSERVATIONS).items()}

MESSAGES: Final[Mapping[type[Any], str]] = {
    SessionKey: "LiveKey",
    LiveChunk: "LiveChunk",
    LiveReply: "LiveReply",
    ProgressReply: "Stood",
    DetectedFact: "DetectedFact",
    DetectionRecorded: "Entered",
    CueRequest: "Noticed",
    CueResponse: "Advised",
    CueMessage: "CueMade",
    Utterance: "Utterance",
    IntentResult: "IntentResult",
    RollupRequest: "RollupRequest",
    RolledUp: "RolledUp",
}
"""Messages that travel by themselves, with their names on the wire."""


TRACK_CHUNK: Final = Method("PoseWorker", "Watch", "/v1/workers/pose", LiveChunk, LiveReply)
GET_PROGRESS: Final = Method(
    "PoseWorker", "Stand", "/v1/workers/pose/standing", SessionKey, ProgressReply
)
RECORD_DETECTION: Final = Method(
    "ExerciseWorker", "Enter", "/v1/workers/exercise", DetectedFact, DetectionRecorded
)
CHOOSE_CUE: Final = Method("CoachWorker", "Choose", "/v1/workers/coach", CueRequest, CueResponse)

RECOGNIZE: Final = Method("NlpWorker", "Recognize", "/v1/workers/nlp", Utterance, IntentResult)
ROLL_UP: Final = Method("MetricsWorker", "RollUp", "/v1/workers/metrics", RollupRequest, RolledUp)

METHODS: Final[tuple[Method[Any, Any], ...]] = (
    TRACK_CHUNK, GET_PROGRESS, RECORD_DETECTION, CHOOSE_CUE, RECOGNIZE, ROLL_UP,
)  # fmt: skip
