"""Worker contract: messages with the numbers of their fields, and methods.

It is the source of `api/contract/kinelog.proto` and the JSON Schemas beside it, of the messages of
gRPC, and of the JSON of HTTP and of the bus. Types are those of the classes. The place of a name in
its list is its number on the wire, from 1: add names at the end, and leave `-name` in place of a
removed one. A field with a default may be left out; unknown fields are ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from application.kernel.video import FramePicture
from application.live.chunk import SessionKey
from application.live.chunk_result import Cue, StreamProgress
from application.live.reconciliation import SetReconciled
from application.live.replies import LiveReply
from application.live.server_landmarks import ServerLandmarks
from application.live.tracker import Feedback, SetTracked
from application.live.worker_messages import (
    CueMessage,
    CueRequest,
    CueResponse,
    DetectedFact,
    DetectionRecorded,
    LiveChunk,
    ProgressReply,
)
from domain.coaching import cue_memory
from domain.coaching.cues import FramingChecked, SetEnded
from domain.coaching.preferences import CuePreferences
from domain.motion import facts as motion
from domain.motion.signals.camera_framing import Advice
from domain.values import Look, Tempo

PACKAGE: Final = "kinelog.v1"
"""Within a version, messages only grow. A breaking change is a `v2` beside it."""

FIRST_KIND: Final = 20
"""Number of the first kind of a `fact`; a message has fewer other fields, now and later."""

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")

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
    "cue.given": cue_memory.Cue,
    "set.reviewed": SetReconciled,
}
"""The kinds of facts on the wire, in the order of their numbers."""

OBSERVATIONS: Final = {**_SEEN, "framing.seen": FramingChecked, "set.ended": SetEnded}
"""The kinds of observations of a coach on the wire, in the order of their numbers."""


@dataclass(frozen=True, eq=False)
class Message:
    """A class as it is on the wire. `kinds` are those of its field `fact`, if it has one.

    In JSON that field is two: `kind`, the key, and `fact`. In protobuf it is a oneof.
    """

    name: str
    cls: type[Any]
    fields: tuple[str, ...]
    kinds: Mapping[str, type[Any]] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The current fields, without `fact` and without removed ones."""
        return tuple(name for name in self.fields if not name.startswith("-"))


MESSAGES: Final = (
    Message("LiveKey", SessionKey, ("tenant_id", "session_id")),
    Message(
        "CuePreferences",
        CuePreferences,
        ("frequency", "praise", "verbosity", "language", "muted"),
    ),
    Message(
        "LiveChunk",
        LiveChunk,
        ("tenant_id", "session_id", "set", "sequence", "exercise", "model", "last", "aspect_ratio",
         "times_s", "image", "world", "preferences", "pictures"),
    ),
    Message("FramePicture", FramePicture, ("frame", "jpeg")),
    Message("Standing", StreamProgress, ("set", "sequence", "exercise", "over", "seen_to_s")),
    Message("Stood", ProgressReply, ("standing",)),
    Message(
        "Feedback", Feedback, ("repetitions", "held_s", "holding_s", "form", "phase", "pose_seen")
    ),
    Message("Cue", Cue, ("repetition", "fault", "cue", "at_ms", "say", "urgent")),
    Message(
        "LiveReply",
        LiveReply,
        ("session", "sequence", "standing", "feedback", "cues", "refused", "found"),
    ),
    Message("FoundPoses", ServerLandmarks, ("image", "world")),
    Message(
        "Tempo", Tempo, ("eccentric_s", "bottom_pause_s", "concentric_s", "top_pause_s")
    ),
    Message(
        "RepetitionCounted",
        motion.RepetitionCounted,
        ("number", "started_s", "ended_s", "tempo", "range_of_motion_deg", "symmetry", "form",
         "confidence", "faults", "view", "unjudged"),
    ),
    Message("RepetitionRejected", motion.RepetitionRejected, ("reason", "started_s", "ended_s")),
    Message(
        "RepetitionsReconciled",
        motion.RepetitionsReconciled,
        ("repetitions", "withdrawn", "added"),
    ),
    Message("FaultSeen", motion.FaultSeen, ("fault", "cue", "at_s", "repetition")),
    Message("PraiseEarned", motion.PraiseEarned, ("cue", "at_s", "repetition")),
    Message("HoldStarted", motion.HoldStarted, ("at_s",)),
    Message(
        "HoldMeasured",
        motion.HoldMeasured,
        ("started_s", "ended_s", "held_s", "form", "confidence", "faults", "unjudged"),
    ),
    Message("PoseLost", motion.PoseLost, ("at_s",)),
    Message("PoseFound", motion.PoseFound, ("at_s",)),
    Message("SetWatched", SetTracked, ("started_s", "ended_s", "repetitions")),
    Message("Look", Look, ("poses", "model", "frames", "repetitions", "faults")),
    Message(
        "SetReviewed", SetReconciled, ("device", "server", "stands", "withdrawn", "added")
    ),
    Message(
        "CoachCue",
        cue_memory.Cue,
        ("cue", "category", "text", "say", "language", "fault", "repetition", "at_s"),
    ),
    Message(
        "DetectedFact",
        DetectedFact,
        ("id", "tenant_id", "session_id", "set", "number", "exercise_id", "definition_version",
         "model", "learned"),
        FACTS,
    ),
    Message("Entered", DetectionRecorded, ("id", "position")),
    Message("Advice", Advice, ("change", "degrees", "side", "metres", "part")),
    Message("FramingSeen", FramingChecked, ("advice", "at_s", "phase")),
    Message("SetEnded", SetEnded, ("at_s",)),
    Message("Noticed", CueRequest, ("exercise", "memory", "preferences"), OBSERVATIONS),
    Message("Advised", CueResponse, ("memory", "cue")),
    Message(
        "CueMade",
        CueMessage,
        ("id", "tenant_id", "session_id", "set", "repetition", "category", "cue", "say",
         "language", "fault", "at_ms"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Method(Generic[RequestT, ResponseT]):
    """A method of a worker. `path` is that of HTTP."""

    service: str
    name: str
    path: str
    request: type[RequestT]
    response: type[ResponseT]
    about: str

    @property
    def full_name(self) -> str:
        """The path of gRPC."""
        return f"/{PACKAGE}.{self.service}/{self.name}"


WATCH: Final = Method(
    "PoseWorker",
    "Watch",
    "/v1/workers/pose",
    LiveChunk,
    LiveReply,
    "Fold a chunk of landmarks, enter what was seen into its session, and tell how the set goes."
    " The same chunk again changes nothing and is answered as before; its pictures are not looked"
    " at again.",
)
STAND: Final = Method(
    "PoseWorker",
    "Stand",
    "/v1/workers/pose/standing",
    SessionKey,
    ProgressReply,
    "Tell how far the chunks of a session have come.",
)
ENTER: Final = Method(
    "ExerciseWorker",
    "Enter",
    "/v1/workers/exercise",
    DetectedFact,
    DetectionRecorded,
    "Enter a fact into its session, once, however often it is told.",
)
CHOOSE: Final = Method(
    "CoachWorker",
    "Choose",
    "/v1/workers/coach",
    CueRequest,
    CueResponse,
    "Choose what to say about a moment of a set, if anything.",
)

METHODS: Final[tuple[Method[Any, Any], ...]] = (WATCH, STAND, ENTER, CHOOSE)

TOP: Final = (
    SessionKey,
    LiveChunk,
    LiveReply,
    ProgressReply,
    DetectedFact,
    DetectionRecorded,
    CueRequest,
    CueResponse,
    CueMessage,
)
"""Messages that travel by themselves, each with a JSON Schema of its own."""

SERVICES: Final = {
    "PoseWorker": "Landmarks become repetitions, form and cues.",
    "ExerciseWorker": "Facts become commands to their session.",
    "CoachWorker": "A moment becomes at most one sentence to the athlete.",
}
