"""What workers do when they are asked, whichever way the question came.

The pose worker does what it does on the bus, in an order in which nothing is lost or doubled
however often it is asked: facts enter the log first, under ids by which it knows them again, then
the state that they came from is kept, then the question is answered.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any, Final, NamedTuple, Protocol

import structlog

from application.kernel.cache import LruCache
from application.kernel.command_handler import CommandHandler
from application.kernel.rpc import InvalidMessage
from application.live.chunk import FrameChunk, IngestChunk, InvalidLandmarks, SessionKey
from application.live.chunk_result import to_progress
from application.live.detections import record, record_chunk, worker_origin
from application.live.image_analysis import AnalyzeImages, drop_images
from application.live.replies import LiveReply
from application.live.server_landmarks import to_server_landmarks
from application.live.tracker import TrackerState, is_duplicate, track
from application.live.worker_contract import CHOOSE, ENTER, STAND, WATCH, Method
from application.live.worker_messages import (
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
from domain.motion.exercises.library import get_exercise
from domain.motion.landmarks import LANDMARK_COUNT, Floats, PoseChunk

LOCKS: Final = 64
"""Sessions share locks; of those at the same time few meet."""
KEPT: Final = 1000
"""Sessions whose state is kept in memory beside the store."""

log = structlog.get_logger()

Handlers = Mapping[Method[Any, Any], Callable[[Any], Any]]
"""What is done for each method; it blocks, and raises Rejected."""


class Watched(NamedTuple):
    """Where a session stands, and the sequence of its latest chunk, which may be put aside."""

    session: TrackerState
    reached: int


class WatchedSessions(Protocol):
    """Keeps where sessions stand, for all workers that are asked. Raises StorageUnavailable."""

    def load(self, key: SessionKey) -> Watched | None: ...

    def save(self, key: SessionKey, watched: Watched) -> None:
        """Store a state, on disk at return, unless one that reached further is there already."""
        ...


class PoseHandler:
    """Watches sessions, one chunk of a session after the other. Any thread may ask.

    Any number of them may share a store: a state is known by its sequence, for it follows from the
    chunks up to there, whoever folded them. `look` sees what is in pictures.
    """

    def __init__(
        self, sessions: WatchedSessions, commands: CommandHandler, look: AnalyzeImages = drop_images
    ) -> None:
        self._sessions = sessions
        self._look = look
        self._commands = commands
        self._locks = [Lock() for _ in range(LOCKS)]
        self._recent = LruCache[SessionKey, TrackerState](KEPT)

    def watch(self, asked: LiveChunk) -> LiveReply:
        """Fold a chunk. Raises what IngestChunk refuses, and StorageUnavailable.

        One that cannot be worked is answered with the reason, as on the bus.
        """
        key, message = from_live_chunk(asked)
        sent = message.chunk
        with self._locks[hash(key) % LOCKS]:
            before = self._before(key, message)
            try:
                if not is_duplicate(before, message):
                    message = self._look(message)
                applied = track(before, message.sequence, message)
                origin = worker_origin(key, "pose-worker")
                record_chunk(self._commands, key, applied.told, origin=origin)
            except Exception as error:
                if isinstance(error, Rejected) and error.kind == "unavailable":
                    raise
                unforeseen = None if isinstance(error, Rejected) else error
                log.warning(
                    "live.put_aside", session=str(key), why=repr(error), exc_info=unforeseen
                )
                if before is not None and before.sequence < message.sequence:
                    self._sessions.save(key, Watched(before, message.sequence))
                return LiveReply.put_aside(key, message, error)
            if before is None or before.sequence < applied.session.sequence:
                self._sessions.save(key, Watched(applied.session, message.sequence))
            self._recent.put(key, applied.session)
        return LiveReply.worked(key, message, applied, to_server_landmarks(sent, message.chunk))

    def stand(self, key: SessionKey) -> ProgressReply:
        """Tell how far the chunks of a session have come. Raises StorageUnavailable."""
        watched = self._sessions.load(key)
        if watched is None:
            return ProgressReply()
        standing = to_progress(watched.session)
        return ProgressReply(replace(standing, sequence=max(standing.sequence, watched.reached)))

    def _before(self, key: SessionKey, message: FrameChunk) -> TrackerState | None:
        """Give where the session stood; another worker may have taken it further than this one."""
        known = self._recent.get(key)
        if known is None or known.sequence < message.sequence - 1:
            watched = self._sessions.load(key)
            return None if watched is None else watched.session
        return known


class ExerciseHandler:
    """Enters facts into sessions. Any thread may ask."""

    def __init__(self, commands: CommandHandler) -> None:
        self._commands = commands

    def enter(self, asked: DetectedFact) -> DetectionRecorded:
        """Enter a fact. Raises what the session refuses, LiveKeyInvalid and StorageUnavailable."""
        told = [asked.told]
        try:
            origin = worker_origin(asked.session, "exercise-worker")
            at = record(self._commands, asked.session, asked.id, told, origin=origin)
        except (ValueError, OverflowError) as broken:  # a number that is none, or no time at all
            raise InvalidMessage(f"This is no fact: {broken}") from broken
        return DetectionRecorded(asked.id, at)


class CoachHandler:
    """Chooses cues. `read` and `write` make bytes of what a coach remembers, and back."""

    def __init__(
        self, *, read: Callable[[bytes], CueMemory], write: Callable[[CueMemory], bytes]
    ) -> None:
        self._read = read
        self._write = write

    def choose(self, asked: CueRequest) -> CueResponse:
        """Choose a cue, if any. Raises UnknownExercise, and what `read` refuses."""
        coach = self._read(asked.memory) if asked.memory else CueMemory()
        definition = get_exercise(asked.exercise)
        coach, cue = choose_cue(definition, coach, asked.fact, asked.preferences)
        return CueResponse(self._write(coach), cue)


def handlers(
    *,
    pose: PoseHandler | None = None,
    exercise: ExerciseHandler | None = None,
    coach: CoachHandler | None = None,
) -> Handlers:
    """Say what is done for each method of the workers that are here."""
    found: dict[Method[Any, Any], Callable[[Any], Any]] = {}
    if pose is not None:
        found |= {WATCH: pose.watch, STAND: pose.stand}
    if exercise is not None:
        found[ENTER] = exercise.enter
    if coach is not None:
        found[CHOOSE] = coach.choose
    return found


def to_live_chunk(key: SessionKey, message: FrameChunk) -> LiveChunk:
    """Say a chunk as a message of the contract. No number is copied."""
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
    )


def from_live_chunk(asked: LiveChunk) -> tuple[SessionKey, FrameChunk]:
    """Take a message of the contract as a chunk.

    Raises LiveKeyInvalid, InvalidLandmarks where its numbers are not those of whole frames, and
    what IngestChunk refuses.
    """
    frames = len(asked.times_s)
    command = IngestChunk(
        session=to_session_key(asked.tenant_id, asked.session_id),
        message=FrameChunk(
            set=asked.set,
            sequence=asked.sequence,
            exercise=asked.exercise,
            model=asked.model,
            last=asked.last,
            chunk=PoseChunk(
                times_s=asked.times_s,
                image=_points(asked.image, frames, 4),
                world=None if asked.world is None else _points(asked.world, frames, 3),
                aspect_ratio=asked.aspect_ratio,
            ),
            preferences=asked.preferences,
            pictures=asked.pictures,
        ),
    )
    return command.session, command.message


def _points(column: Floats, frames: int, width: int) -> Floats:
    if column.size != frames * LANDMARK_COUNT * width:
        raise InvalidLandmarks(
            f"{frames} frames have {frames * LANDMARK_COUNT * width} numbers, not {column.size}."
        )
    return column.reshape(frames, LANDMARK_COUNT, width)
