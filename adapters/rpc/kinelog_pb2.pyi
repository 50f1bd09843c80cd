from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LiveKey(_message.Message):
    __slots__ = ("tenant_id", "session_id")
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    tenant_id: str
    session_id: str
    def __init__(self, tenant_id: _Optional[str] = ..., session_id: _Optional[str] = ...) -> None: ...

class CuePreferences(_message.Message):
    __slots__ = ("frequency", "praise", "verbosity", "language", "muted")
    FREQUENCY_FIELD_NUMBER: _ClassVar[int]
    PRAISE_FIELD_NUMBER: _ClassVar[int]
    VERBOSITY_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    MUTED_FIELD_NUMBER: _ClassVar[int]
    frequency: str
    praise: bool
    verbosity: str
    language: str
    muted: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, frequency: _Optional[str] = ..., praise: _Optional[bool] = ..., verbosity: _Optional[str] = ..., language: _Optional[str] = ..., muted: _Optional[_Iterable[str]] = ...) -> None: ...

class LiveChunk(_message.Message):
    __slots__ = ("tenant_id", "session_id", "set", "sequence", "exercise", "model", "last", "aspect_ratio", "times_s", "image", "world", "preferences", "pictures", "definition")
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    SET_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    EXERCISE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    ASPECT_RATIO_FIELD_NUMBER: _ClassVar[int]
    TIMES_S_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    WORLD_FIELD_NUMBER: _ClassVar[int]
    PREFERENCES_FIELD_NUMBER: _ClassVar[int]
    PICTURES_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    tenant_id: str
    session_id: str
    set: int
    sequence: int
    exercise: str
    model: str
    last: bool
    aspect_ratio: float
    times_s: _containers.RepeatedScalarFieldContainer[float]
    image: _containers.RepeatedScalarFieldContainer[float]
    world: _containers.RepeatedScalarFieldContainer[float]
    preferences: CuePreferences
    pictures: _containers.RepeatedCompositeFieldContainer[FramePicture]
    definition: str
    def __init__(self, tenant_id: _Optional[str] = ..., session_id: _Optional[str] = ..., set: _Optional[int] = ..., sequence: _Optional[int] = ..., exercise: _Optional[str] = ..., model: _Optional[str] = ..., last: _Optional[bool] = ..., aspect_ratio: _Optional[float] = ..., times_s: _Optional[_Iterable[float]] = ..., image: _Optional[_Iterable[float]] = ..., world: _Optional[_Iterable[float]] = ..., preferences: _Optional[_Union[CuePreferences, _Mapping]] = ..., pictures: _Optional[_Iterable[_Union[FramePicture, _Mapping]]] = ..., definition: _Optional[str] = ...) -> None: ...

class FramePicture(_message.Message):
    __slots__ = ("frame", "jpeg")
    FRAME_FIELD_NUMBER: _ClassVar[int]
    JPEG_FIELD_NUMBER: _ClassVar[int]
    frame: int
    jpeg: bytes
    def __init__(self, frame: _Optional[int] = ..., jpeg: _Optional[bytes] = ...) -> None: ...

class Standing(_message.Message):
    __slots__ = ("set", "sequence", "exercise", "over", "seen_to_s")
    SET_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    EXERCISE_FIELD_NUMBER: _ClassVar[int]
    OVER_FIELD_NUMBER: _ClassVar[int]
    SEEN_TO_S_FIELD_NUMBER: _ClassVar[int]
    set: int
    sequence: int
    exercise: str
    over: bool
    seen_to_s: float
    def __init__(self, set: _Optional[int] = ..., sequence: _Optional[int] = ..., exercise: _Optional[str] = ..., over: _Optional[bool] = ..., seen_to_s: _Optional[float] = ...) -> None: ...

class Stood(_message.Message):
    __slots__ = ("standing",)
    STANDING_FIELD_NUMBER: _ClassVar[int]
    standing: Standing
    def __init__(self, standing: _Optional[_Union[Standing, _Mapping]] = ...) -> None: ...

class Feedback(_message.Message):
    __slots__ = ("repetitions", "held_s", "holding_s", "form", "phase", "pose_seen")
    REPETITIONS_FIELD_NUMBER: _ClassVar[int]
    HELD_S_FIELD_NUMBER: _ClassVar[int]
    HOLDING_S_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    POSE_SEEN_FIELD_NUMBER: _ClassVar[int]
    repetitions: int
    held_s: float
    holding_s: float
    form: float
    phase: str
    pose_seen: bool
    def __init__(self, repetitions: _Optional[int] = ..., held_s: _Optional[float] = ..., holding_s: _Optional[float] = ..., form: _Optional[float] = ..., phase: _Optional[str] = ..., pose_seen: _Optional[bool] = ...) -> None: ...

class Cue(_message.Message):
    __slots__ = ("repetition", "fault", "cue", "at_ms", "say", "urgent")
    REPETITION_FIELD_NUMBER: _ClassVar[int]
    FAULT_FIELD_NUMBER: _ClassVar[int]
    CUE_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    SAY_FIELD_NUMBER: _ClassVar[int]
    URGENT_FIELD_NUMBER: _ClassVar[int]
    repetition: int
    fault: str
    cue: str
    at_ms: int
    say: str
    urgent: bool
    def __init__(self, repetition: _Optional[int] = ..., fault: _Optional[str] = ..., cue: _Optional[str] = ..., at_ms: _Optional[int] = ..., say: _Optional[str] = ..., urgent: _Optional[bool] = ...) -> None: ...

class LiveReply(_message.Message):
    __slots__ = ("session", "sequence", "standing", "feedback", "cues", "refused", "found")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    FEEDBACK_FIELD_NUMBER: _ClassVar[int]
    CUES_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    session: LiveKey
    sequence: int
    standing: Standing
    feedback: Feedback
    cues: _containers.RepeatedCompositeFieldContainer[Cue]
    refused: str
    found: FoundPoses
    def __init__(self, session: _Optional[_Union[LiveKey, _Mapping]] = ..., sequence: _Optional[int] = ..., standing: _Optional[_Union[Standing, _Mapping]] = ..., feedback: _Optional[_Union[Feedback, _Mapping]] = ..., cues: _Optional[_Iterable[_Union[Cue, _Mapping]]] = ..., refused: _Optional[str] = ..., found: _Optional[_Union[FoundPoses, _Mapping]] = ...) -> None: ...

class FoundPoses(_message.Message):
    __slots__ = ("image", "world")
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    WORLD_FIELD_NUMBER: _ClassVar[int]
    image: bytes
    world: bytes
    def __init__(self, image: _Optional[bytes] = ..., world: _Optional[bytes] = ...) -> None: ...

class Tempo(_message.Message):
    __slots__ = ("eccentric_s", "bottom_pause_s", "concentric_s", "top_pause_s")
    ECCENTRIC_S_FIELD_NUMBER: _ClassVar[int]
    BOTTOM_PAUSE_S_FIELD_NUMBER: _ClassVar[int]
    CONCENTRIC_S_FIELD_NUMBER: _ClassVar[int]
    TOP_PAUSE_S_FIELD_NUMBER: _ClassVar[int]
    eccentric_s: float
    bottom_pause_s: float
    concentric_s: float
    top_pause_s: float
    def __init__(self, eccentric_s: _Optional[float] = ..., bottom_pause_s: _Optional[float] = ..., concentric_s: _Optional[float] = ..., top_pause_s: _Optional[float] = ...) -> None: ...

class FaultJudgement(_message.Message):
    __slots__ = ("fault", "degree", "probability", "measured", "bound")
    FAULT_FIELD_NUMBER: _ClassVar[int]
    DEGREE_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    BOUND_FIELD_NUMBER: _ClassVar[int]
    fault: str
    degree: str
    probability: float
    measured: float
    bound: float
    def __init__(self, fault: _Optional[str] = ..., degree: _Optional[str] = ..., probability: _Optional[float] = ..., measured: _Optional[float] = ..., bound: _Optional[float] = ...) -> None: ...

class RepetitionCounted(_message.Message):
    __slots__ = ("number", "started_s", "ended_s", "tempo", "range_of_motion_deg", "symmetry", "form", "confidence", "faults", "view", "unjudged", "judgements", "form_error")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STARTED_S_FIELD_NUMBER: _ClassVar[int]
    ENDED_S_FIELD_NUMBER: _ClassVar[int]
    TEMPO_FIELD_NUMBER: _ClassVar[int]
    RANGE_OF_MOTION_DEG_FIELD_NUMBER: _ClassVar[int]
    SYMMETRY_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    UNJUDGED_FIELD_NUMBER: _ClassVar[int]
    JUDGEMENTS_FIELD_NUMBER: _ClassVar[int]
    FORM_ERROR_FIELD_NUMBER: _ClassVar[int]
    number: int
    started_s: float
    ended_s: float
    tempo: Tempo
    range_of_motion_deg: float
    symmetry: float
    form: float
    confidence: float
    faults: _containers.RepeatedScalarFieldContainer[str]
    view: str
    unjudged: _containers.RepeatedScalarFieldContainer[str]
    judgements: _containers.RepeatedCompositeFieldContainer[FaultJudgement]
    form_error: float
    def __init__(self, number: _Optional[int] = ..., started_s: _Optional[float] = ..., ended_s: _Optional[float] = ..., tempo: _Optional[_Union[Tempo, _Mapping]] = ..., range_of_motion_deg: _Optional[float] = ..., symmetry: _Optional[float] = ..., form: _Optional[float] = ..., confidence: _Optional[float] = ..., faults: _Optional[_Iterable[str]] = ..., view: _Optional[str] = ..., unjudged: _Optional[_Iterable[str]] = ..., judgements: _Optional[_Iterable[_Union[FaultJudgement, _Mapping]]] = ..., form_error: _Optional[float] = ...) -> None: ...

class RepetitionRejected(_message.Message):
    __slots__ = ("reason", "started_s", "ended_s")
    REASON_FIELD_NUMBER: _ClassVar[int]
    STARTED_S_FIELD_NUMBER: _ClassVar[int]
    ENDED_S_FIELD_NUMBER: _ClassVar[int]
    reason: str
    started_s: float
    ended_s: float
    def __init__(self, reason: _Optional[str] = ..., started_s: _Optional[float] = ..., ended_s: _Optional[float] = ...) -> None: ...

class RepetitionsReconciled(_message.Message):
    __slots__ = ("repetitions", "withdrawn", "added")
    REPETITIONS_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    repetitions: int
    withdrawn: _containers.RepeatedScalarFieldContainer[int]
    added: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, repetitions: _Optional[int] = ..., withdrawn: _Optional[_Iterable[int]] = ..., added: _Optional[_Iterable[int]] = ...) -> None: ...

class FaultSeen(_message.Message):
    __slots__ = ("fault", "cue", "at_s", "repetition")
    FAULT_FIELD_NUMBER: _ClassVar[int]
    CUE_FIELD_NUMBER: _ClassVar[int]
    AT_S_FIELD_NUMBER: _ClassVar[int]
    REPETITION_FIELD_NUMBER: _ClassVar[int]
    fault: str
    cue: str
    at_s: float
    repetition: int
    def __init__(self, fault: _Optional[str] = ..., cue: _Optional[str] = ..., at_s: _Optional[float] = ..., repetition: _Optional[int] = ...) -> None: ...

class PraiseEarned(_message.Message):
    __slots__ = ("cue", "at_s", "repetition")
    CUE_FIELD_NUMBER: _ClassVar[int]
    AT_S_FIELD_NUMBER: _ClassVar[int]
    REPETITION_FIELD_NUMBER: _ClassVar[int]
    cue: str
    at_s: float
    repetition: int
    def __init__(self, cue: _Optional[str] = ..., at_s: _Optional[float] = ..., repetition: _Optional[int] = ...) -> None: ...

class HoldStarted(_message.Message):
    __slots__ = ("at_s",)
    AT_S_FIELD_NUMBER: _ClassVar[int]
    at_s: float
    def __init__(self, at_s: _Optional[float] = ...) -> None: ...

class HoldMeasured(_message.Message):
    __slots__ = ("started_s", "ended_s", "held_s", "form", "confidence", "faults", "unjudged", "judgements")
    STARTED_S_FIELD_NUMBER: _ClassVar[int]
    ENDED_S_FIELD_NUMBER: _ClassVar[int]
    HELD_S_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    UNJUDGED_FIELD_NUMBER: _ClassVar[int]
    JUDGEMENTS_FIELD_NUMBER: _ClassVar[int]
    started_s: float
    ended_s: float
    held_s: float
    form: float
    confidence: float
    faults: _containers.RepeatedScalarFieldContainer[str]
    unjudged: _containers.RepeatedScalarFieldContainer[str]
    judgements: _containers.RepeatedCompositeFieldContainer[FaultJudgement]
    def __init__(self, started_s: _Optional[float] = ..., ended_s: _Optional[float] = ..., held_s: _Optional[float] = ..., form: _Optional[float] = ..., confidence: _Optional[float] = ..., faults: _Optional[_Iterable[str]] = ..., unjudged: _Optional[_Iterable[str]] = ..., judgements: _Optional[_Iterable[_Union[FaultJudgement, _Mapping]]] = ...) -> None: ...

class PoseLost(_message.Message):
    __slots__ = ("at_s",)
    AT_S_FIELD_NUMBER: _ClassVar[int]
    at_s: float
    def __init__(self, at_s: _Optional[float] = ...) -> None: ...

class PoseFound(_message.Message):
    __slots__ = ("at_s",)
    AT_S_FIELD_NUMBER: _ClassVar[int]
    at_s: float
    def __init__(self, at_s: _Optional[float] = ...) -> None: ...

class SetWatched(_message.Message):
    __slots__ = ("started_s", "ended_s", "repetitions")
    STARTED_S_FIELD_NUMBER: _ClassVar[int]
    ENDED_S_FIELD_NUMBER: _ClassVar[int]
    REPETITIONS_FIELD_NUMBER: _ClassVar[int]
    started_s: float
    ended_s: float
    repetitions: int
    def __init__(self, started_s: _Optional[float] = ..., ended_s: _Optional[float] = ..., repetitions: _Optional[int] = ...) -> None: ...

class Look(_message.Message):
    __slots__ = ("poses", "model", "frames", "repetitions", "faults")
    POSES_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    REPETITIONS_FIELD_NUMBER: _ClassVar[int]
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    poses: str
    model: str
    frames: int
    repetitions: int
    faults: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, poses: _Optional[str] = ..., model: _Optional[str] = ..., frames: _Optional[int] = ..., repetitions: _Optional[int] = ..., faults: _Optional[_Iterable[str]] = ...) -> None: ...

class SetReviewed(_message.Message):
    __slots__ = ("device", "server", "stands", "withdrawn", "added")
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    SERVER_FIELD_NUMBER: _ClassVar[int]
    STANDS_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    device: Look
    server: Look
    stands: str
    withdrawn: _containers.RepeatedScalarFieldContainer[int]
    added: _containers.RepeatedCompositeFieldContainer[RepetitionCounted]
    def __init__(self, device: _Optional[_Union[Look, _Mapping]] = ..., server: _Optional[_Union[Look, _Mapping]] = ..., stands: _Optional[str] = ..., withdrawn: _Optional[_Iterable[int]] = ..., added: _Optional[_Iterable[_Union[RepetitionCounted, _Mapping]]] = ...) -> None: ...

class CoachCue(_message.Message):
    __slots__ = ("cue", "category", "text", "say", "language", "fault", "repetition", "at_s")
    CUE_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SAY_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    FAULT_FIELD_NUMBER: _ClassVar[int]
    REPETITION_FIELD_NUMBER: _ClassVar[int]
    AT_S_FIELD_NUMBER: _ClassVar[int]
    cue: str
    category: str
    text: str
    say: str
    language: str
    fault: str
    repetition: int
    at_s: float
    def __init__(self, cue: _Optional[str] = ..., category: _Optional[str] = ..., text: _Optional[str] = ..., say: _Optional[str] = ..., language: _Optional[str] = ..., fault: _Optional[str] = ..., repetition: _Optional[int] = ..., at_s: _Optional[float] = ...) -> None: ...

class DetectedFact(_message.Message):
    __slots__ = ("id", "tenant_id", "session_id", "set", "number", "exercise_id", "definition_version", "model", "learned", "repetition_counted", "repetition_rejected", "repetitions_reconciled", "fault_seen", "praise_earned", "hold_started", "hold_measured", "pose_lost", "pose_found", "set_watched", "cue_given", "set_reviewed")
    ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    SET_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    EXERCISE_ID_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_VERSION_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    LEARNED_FIELD_NUMBER: _ClassVar[int]
    REPETITION_COUNTED_FIELD_NUMBER: _ClassVar[int]
    REPETITION_REJECTED_FIELD_NUMBER: _ClassVar[int]
    REPETITIONS_RECONCILED_FIELD_NUMBER: _ClassVar[int]
    FAULT_SEEN_FIELD_NUMBER: _ClassVar[int]
    PRAISE_EARNED_FIELD_NUMBER: _ClassVar[int]
    HOLD_STARTED_FIELD_NUMBER: _ClassVar[int]
    HOLD_MEASURED_FIELD_NUMBER: _ClassVar[int]
    POSE_LOST_FIELD_NUMBER: _ClassVar[int]
    POSE_FOUND_FIELD_NUMBER: _ClassVar[int]
    SET_WATCHED_FIELD_NUMBER: _ClassVar[int]
    CUE_GIVEN_FIELD_NUMBER: _ClassVar[int]
    SET_REVIEWED_FIELD_NUMBER: _ClassVar[int]
    id: str
    tenant_id: str
    session_id: str
    set: int
    number: int
    exercise_id: str
    definition_version: int
    model: str
    learned: str
    repetition_counted: RepetitionCounted
    repetition_rejected: RepetitionRejected
    repetitions_reconciled: RepetitionsReconciled
    fault_seen: FaultSeen
    praise_earned: PraiseEarned
    hold_started: HoldStarted
    hold_measured: HoldMeasured
    pose_lost: PoseLost
    pose_found: PoseFound
    set_watched: SetWatched
    cue_given: CoachCue
    set_reviewed: SetReviewed
    def __init__(self, id: _Optional[str] = ..., tenant_id: _Optional[str] = ..., session_id: _Optional[str] = ..., set: _Optional[int] = ..., number: _Optional[int] = ..., exercise_id: _Optional[str] = ..., definition_version: _Optional[int] = ..., model: _Optional[str] = ..., learned: _Optional[str] = ..., repetition_counted: _Optional[_Union[RepetitionCounted, _Mapping]] = ..., repetition_rejected: _Optional[_Union[RepetitionRejected, _Mapping]] = ..., repetitions_reconciled: _Optional[_Union[RepetitionsReconciled, _Mapping]] = ..., fault_seen: _Optional[_Union[FaultSeen, _Mapping]] = ..., praise_earned: _Optional[_Union[PraiseEarned, _Mapping]] = ..., hold_started: _Optional[_Union[HoldStarted, _Mapping]] = ..., hold_measured: _Optional[_Union[HoldMeasured, _Mapping]] = ..., pose_lost: _Optional[_Union[PoseLost, _Mapping]] = ..., pose_found: _Optional[_Union[PoseFound, _Mapping]] = ..., set_watched: _Optional[_Union[SetWatched, _Mapping]] = ..., cue_given: _Optional[_Union[CoachCue, _Mapping]] = ..., set_reviewed: _Optional[_Union[SetReviewed, _Mapping]] = ...) -> None: ...

class Entered(_message.Message):
    __slots__ = ("id", "position")
    ID_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    id: str
    position: int
    def __init__(self, id: _Optional[str] = ..., position: _Optional[int] = ...) -> None: ...

class Advice(_message.Message):
    __slots__ = ("change", "degrees", "side", "metres", "part")
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    DEGREES_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    METRES_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    change: str
    degrees: int
    side: str
    metres: float
    part: str
    def __init__(self, change: _Optional[str] = ..., degrees: _Optional[int] = ..., side: _Optional[str] = ..., metres: _Optional[float] = ..., part: _Optional[str] = ...) -> None: ...

class FramingSeen(_message.Message):
    __slots__ = ("advice", "at_s", "phase")
    ADVICE_FIELD_NUMBER: _ClassVar[int]
    AT_S_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    advice: Advice
    at_s: float
    phase: str
    def __init__(self, advice: _Optional[_Union[Advice, _Mapping]] = ..., at_s: _Optional[float] = ..., phase: _Optional[str] = ...) -> None: ...

class SetEnded(_message.Message):
    __slots__ = ("at_s",)
    AT_S_FIELD_NUMBER: _ClassVar[int]
    at_s: float
    def __init__(self, at_s: _Optional[float] = ...) -> None: ...

class Noticed(_message.Message):
    __slots__ = ("exercise", "memory", "preferences", "tenant_id", "repetition_counted", "repetition_rejected", "repetitions_reconciled", "fault_seen", "praise_earned", "hold_started", "hold_measured", "pose_lost", "pose_found", "framing_seen", "set_ended")
    EXERCISE_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    PREFERENCES_FIELD_NUMBER: _ClassVar[int]
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    REPETITION_COUNTED_FIELD_NUMBER: _ClassVar[int]
    REPETITION_REJECTED_FIELD_NUMBER: _ClassVar[int]
    REPETITIONS_RECONCILED_FIELD_NUMBER: _ClassVar[int]
    FAULT_SEEN_FIELD_NUMBER: _ClassVar[int]
    PRAISE_EARNED_FIELD_NUMBER: _ClassVar[int]
    HOLD_STARTED_FIELD_NUMBER: _ClassVar[int]
    HOLD_MEASURED_FIELD_NUMBER: _ClassVar[int]
    POSE_LOST_FIELD_NUMBER: _ClassVar[int]
    POSE_FOUND_FIELD_NUMBER: _ClassVar[int]
    FRAMING_SEEN_FIELD_NUMBER: _ClassVar[int]
    SET_ENDED_FIELD_NUMBER: _ClassVar[int]
    exercise: str
    memory: bytes
    preferences: CuePreferences
    tenant_id: str
    repetition_counted: RepetitionCounted
    repetition_rejected: RepetitionRejected
    repetitions_reconciled: RepetitionsReconciled
    fault_seen: FaultSeen
    praise_earned: PraiseEarned
    hold_started: HoldStarted
    hold_measured: HoldMeasured
    pose_lost: PoseLost
    pose_found: PoseFound
    framing_seen: FramingSeen
    set_ended: SetEnded
    def __init__(self, exercise: _Optional[str] = ..., memory: _Optional[bytes] = ..., preferences: _Optional[_Union[CuePreferences, _Mapping]] = ..., tenant_id: _Optional[str] = ..., repetition_counted: _Optional[_Union[RepetitionCounted, _Mapping]] = ..., repetition_rejected: _Optional[_Union[RepetitionRejected, _Mapping]] = ..., repetitions_reconciled: _Optional[_Union[RepetitionsReconciled, _Mapping]] = ..., fault_seen: _Optional[_Union[FaultSeen, _Mapping]] = ..., praise_earned: _Optional[_Union[PraiseEarned, _Mapping]] = ..., hold_started: _Optional[_Union[HoldStarted, _Mapping]] = ..., hold_measured: _Optional[_Union[HoldMeasured, _Mapping]] = ..., pose_lost: _Optional[_Union[PoseLost, _Mapping]] = ..., pose_found: _Optional[_Union[PoseFound, _Mapping]] = ..., framing_seen: _Optional[_Union[FramingSeen, _Mapping]] = ..., set_ended: _Optional[_Union[SetEnded, _Mapping]] = ...) -> None: ...

class Advised(_message.Message):
    __slots__ = ("memory", "cue")
    MEMORY_FIELD_NUMBER: _ClassVar[int]
    CUE_FIELD_NUMBER: _ClassVar[int]
    memory: bytes
    cue: CoachCue
    def __init__(self, memory: _Optional[bytes] = ..., cue: _Optional[_Union[CoachCue, _Mapping]] = ...) -> None: ...

class CueMade(_message.Message):
    __slots__ = ("id", "tenant_id", "session_id", "set", "repetition", "category", "cue", "say", "language", "fault", "at_ms")
    ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    SET_FIELD_NUMBER: _ClassVar[int]
    REPETITION_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    CUE_FIELD_NUMBER: _ClassVar[int]
    SAY_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    FAULT_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    id: str
    tenant_id: str
    session_id: str
    set: int
    repetition: int
    category: str
    cue: str
    say: str
    language: str
    fault: str
    at_ms: int
    def __init__(self, id: _Optional[str] = ..., tenant_id: _Optional[str] = ..., session_id: _Optional[str] = ..., set: _Optional[int] = ..., repetition: _Optional[int] = ..., category: _Optional[str] = ..., cue: _Optional[str] = ..., say: _Optional[str] = ..., language: _Optional[str] = ..., fault: _Optional[str] = ..., at_ms: _Optional[int] = ...) -> None: ...

class Utterance(_message.Message):
    __slots__ = ("text", "language", "exercise", "tenant_id")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    EXERCISE_FIELD_NUMBER: _ClassVar[int]
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    text: str
    language: str
    exercise: str
    tenant_id: str
    def __init__(self, text: _Optional[str] = ..., language: _Optional[str] = ..., exercise: _Optional[str] = ..., tenant_id: _Optional[str] = ...) -> None: ...

class Slots(_message.Message):
    __slots__ = ("exercise", "instead", "equipment", "body", "repetitions")
    EXERCISE_FIELD_NUMBER: _ClassVar[int]
    INSTEAD_FIELD_NUMBER: _ClassVar[int]
    EQUIPMENT_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    REPETITIONS_FIELD_NUMBER: _ClassVar[int]
    exercise: str
    instead: str
    equipment: str
    body: str
    repetitions: int
    def __init__(self, exercise: _Optional[str] = ..., instead: _Optional[str] = ..., equipment: _Optional[str] = ..., body: _Optional[str] = ..., repetitions: _Optional[int] = ...) -> None: ...

class Substitution(_message.Message):
    __slots__ = ("exercise", "instead", "reason")
    EXERCISE_FIELD_NUMBER: _ClassVar[int]
    INSTEAD_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    exercise: str
    instead: str
    reason: str
    def __init__(self, exercise: _Optional[str] = ..., instead: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class IntentResult(_message.Message):
    __slots__ = ("intent", "confidence", "slots", "substitution")
    INTENT_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    SUBSTITUTION_FIELD_NUMBER: _ClassVar[int]
    intent: str
    confidence: float
    slots: Slots
    substitution: Substitution
    def __init__(self, intent: _Optional[str] = ..., confidence: _Optional[float] = ..., slots: _Optional[_Union[Slots, _Mapping]] = ..., substitution: _Optional[_Union[Substitution, _Mapping]] = ...) -> None: ...

class RollupRequest(_message.Message):
    __slots__ = ("tenant_id", "day")
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    tenant_id: str
    day: str
    def __init__(self, tenant_id: _Optional[str] = ..., day: _Optional[str] = ...) -> None: ...

class RolledUp(_message.Message):
    __slots__ = ("tenant_id", "start", "end")
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    tenant_id: str
    start: str
    end: str
    def __init__(self, tenant_id: _Optional[str] = ..., start: _Optional[str] = ..., end: _Optional[str] = ...) -> None: ...
