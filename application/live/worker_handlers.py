"""Worker handlers: the methods of the workers that can be called, for any RPC protocol."""

from collections.abc import Callable
from typing import Any

import structlog

from application.analytics.rollups import RolledUp, RollupRequest
from application.intents import IntentResult, Utterance
from application.kernel.rpc import Handlers, InvalidMessage, Method
from application.live.chunk import FrameChunk, IngestChunk, InvalidLandmarks, SessionKey
from application.live.chunk_processor import ChunkProcessor, ChunkTask
from application.live.detections import DetectionRecorder, worker_origin
from application.live.replies import LiveReply
from application.live.tracker_store import LoggedTrackerStore
from application.live.worker_contract import (
    CHOOSE_CUE,
    GET_PROGRESS,
    RECOGNIZE,
    RECORD_DETECTION,
    ROLL_UP,
    TRACK_CHUNK,
    CueRequest,
    CueResponse,
    DetectedFact,
    DetectionRecorded,
    LiveChunk,
    ProgressReply,
    to_session_key,
)
from domain.coaching.cue_memory import CueMemory
from domain.coaching.cues import choose_cue
from domain.kernel import Rejected
from domain.motion.exercises.custom import from_text, to_text
from domain.motion.exercises.library import get_exercise
from domain.motion.landmarks import LANDMARK_COUNT, Floats, PoseChunk

log = structlog.get_logger()


class PoseHandler:
    """Tracks sessions, one chunk of a session after the other. Any thread may call it."""

    def __init__(self, processor: ChunkProcessor, store: LoggedTrackerStore) -> None:
        self._processor = processor
        self._store = store

    def track(self, request: LiveChunk) -> LiveReply:
        """Process a chunk. Raises what IngestChunk rejects, and StorageUnavailable.

        The reply to a chunk that cannot be processed says why, as on the bus.
        """
        sent = from_live_chunk(request)
        try:
            processed = self._processor.process(ChunkTask(self._processor.analyze(sent)))
        except Exception as error:
            if isinstance(error, Rejected) and error.kind == "unavailable":
                raise
            unforeseen = None if isinstance(error, Rejected) else error
            log.warning(
                "live.put_aside", session=str(sent.session), why=repr(error), exc_info=unforeseen
            )
            self._store.skip(sent)
            return LiveReply.rejected(sent.session, sent.message, error)
        return LiveReply.processed(sent, processed.result, processed.landmarks)

    def progress(self, key: SessionKey) -> ProgressReply:
        """Return the progress of a session's chunks. Raises StorageUnavailable."""
        return ProgressReply(self._store.progress(key))


class ExerciseHandler:
    """Records detections in sessions. Any thread may call it."""

    def __init__(self, recorder: DetectionRecorder) -> None:
        self._recorder = recorder

    def record(self, request: DetectedFact) -> DetectionRecorded:
        """Record a detection.

        Raises what the session rejects, InvalidSessionKey and StorageUnavailable.
        """
        try:
            origin = worker_origin(request.session, "exercise-worker")
            position = self._recorder.record(request.session, request.id, request.detection, origin)
        except (ValueError, OverflowError) as broken:  # not a number, or not a time
            raise InvalidMessage(f"This is not a detection: {broken}") from broken
        return DetectionRecorded(request.id, position)


class CoachHandler:
    """Chooses cues. `read` and `write` decode and encode the cue memory."""

    def __init__(
        self, *, read: Callable[[bytes], CueMemory], write: Callable[[CueMemory], bytes]
    ) -> None:
        self._read = read
        self._write = write

    def choose_cue(self, request: CueRequest) -> CueResponse:
        """Choose a cue, if any. Raises UnknownExercise, and what `read` rejects."""
        coach = self._read(request.memory) if request.memory else CueMemory()
        definition = get_exercise(request.exercise)
        coach, cue = choose_cue(definition, coach, request.fact, request.preferences)
        return CueResponse(self._write(coach), cue)


def handlers(
    *,
    pose: PoseHandler | None = None,
    exercise: ExerciseHandler | None = None,
    coach: CoachHandler | None = None,
    nlp: Callable[[Utterance], IntentResult] | None = None,
    metrics: Callable[[RollupRequest], RolledUp] | None = None,
) -> Handlers:
    """Return the handlers of the workers of this process, by method."""
    methods: dict[Method[Any, Any], Callable[[Any], Any]] = {}
    if pose is not None:
        methods |= {TRACK_CHUNK: pose.track, GET_PROGRESS: pose.progress}
    if exercise is not None:
        methods[RECORD_DETECTION] = exercise.record
    if coach is not None:
        methods[CHOOSE_CUE] = coach.choose_cue
    if nlp is not None:
        methods[RECOGNIZE] = nlp
    if metrics is not None:
        methods[ROLL_UP] = metrics
    return methods


def to_live_chunk(key: SessionKey, message: FrameChunk) -> LiveChunk:
    """Convert a chunk to a message of the contract, without copying its arrays."""
    chunk = message.chunk
    return LiveChunk(
        tenant_id=key.tenant_id,
        session_id=key.session_id,
        set=message.set,
        sequence=message.sequence,
        exercise=message.exercise,
        model=message.model,
        last=message.last,
        aspect_ratio=chunk.aspect_ratio,
        times_s=chunk.times_s,
        image=chunk.image,
        world=chunk.world,
        preferences=message.preferences,
        pictures=message.pictures,
        definition="" if message.definition is None else to_text(message.definition),
    )


def from_live_chunk(request: LiveChunk) -> IngestChunk:
    """Convert a message of the contract to a chunk.

    Raises InvalidSessionKey, InvalidLandmarks if the arrays are not those of whole frames, and
    what IngestChunk rejects.
    """
    return IngestChunk(
        session=to_session_key(request.tenant_id, request.session_id),
        message=to_frame_chunk(request),
    )


def to_frame_chunk(request: LiveChunk) -> FrameChunk:
    """Convert a message of the contract to a chunk, without validating its landmarks.

    Raises InvalidLandmarks if the arrays are not those of whole frames.
    """
    frames = len(request.times_s)
    return FrameChunk(
        set=request.set,
        sequence=request.sequence,
        exercise=request.exercise,
        model=request.model,
        last=request.last,
        chunk=PoseChunk(
            times_s=request.times_s,
            image=_points(request.image, frames, 4),
            world=None if request.world is None else _points(request.world, frames, 3),
            aspect_ratio=request.aspect_ratio,
        ),
        preferences=request.preferences,
        pictures=request.pictures,
        definition=from_text(request.definition) if request.definition else None,
    )


def _points(column: Floats, frames: int, width: int) -> Floats:
    if column.size != frames * LANDMARK_COUNT * width:
        raise InvalidLandmarks(
            f"{frames} frames have {frames * LANDMARK_COUNT * width} numbers, not {column.size}."
        )
    return column.reshape(frames, LANDMARK_COUNT, width)
