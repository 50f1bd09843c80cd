"""Chunk processor: load, check, track, commit.

One use case handles a chunk in every composition: called in process, by RPC and by Faust. It owns
the order of the steps; a `TrackerStore` owns their durability. Chunks of several sessions can be
processed together, and share one transaction for their states:

1. load the tracker state that the chunk follows;
2. check whether the chunk is new or a duplicate;
3. detect poses in its images, if it has any, before the session is locked;
4. track: fold the chunk into detections;
5. commit: the detections first, under deterministic ids, then the state.

A crash between the two writes of a commit leaves the older state. The client got no reply and
sends the chunk again, which gives the same detections under the same ids.
"""

from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final, Protocol

from application.kernel.ports import Clock
from application.live.chunk import FrameChunk, SessionChunk, SessionKey
from application.live.cue_preferences import CuePreferenceCache
from application.live.image_analysis import AnalyzeImages, drop_images
from application.live.measuring import measure_together
from application.live.replies import (
    ServerLandmarks,
    to_progress,
    to_server_landmarks,
)
from application.live.sequence_guard import SessionSnapshot, SessionSnapshots, check_sequence
from application.live.tracker import TrackerState, TrackResult, is_duplicate, track
from application.live.tracker_store import Commit, TrackerStore
from domain.kernel import Origin

LOCKS: Final = 64
"""Sessions share locks; few sessions that send at the same time meet on one."""


@dataclass(frozen=True)
class Admission:
    """The outcome of a check: whether the chunk is new, and the chunk to track.

    `snapshot` is the session as the log has it, None where the check does not read the log.
    """

    is_new: bool
    chunk: FrameChunk
    snapshot: SessionSnapshot | None = None


Admit = Callable[[SessionChunk, TrackerState | None], Admission]
"""Admits a chunk to its session, of which the state is that of its chunks.

Raises Rejected for a chunk that is neither next nor a duplicate, and StorageUnavailable.
"""


class ChunkGuard(Protocol):
    """Guards sessions from chunks that do not belong there."""

    def read(self, sessions: Collection[SessionKey], /) -> Admit:
        """Read these sessions as they are now, and return how their next chunks are admitted."""
        ...


class WorkerGuard:
    """Guard of a worker: the API has checked the sequence, so only duplicates are recognized."""

    def read(self, _sessions: Collection[SessionKey], /) -> Admit:
        return self._admit

    def _admit(self, sent: SessionChunk, state: TrackerState | None) -> Admission:
        return Admission(not is_duplicate(state, sent.message), sent.message)


@dataclass(frozen=True)
class SequenceGuard:
    """Guard for chunks of clients: checks the sequence, adds preferences and definition."""

    snapshots: SessionSnapshots
    preferences: CuePreferenceCache
    clock: Clock

    def read(self, sessions: Collection[SessionKey], /) -> Admit:
        snapshots = self.snapshots.get_all(sessions)

        def admit(sent: SessionChunk, state: TrackerState | None) -> Admission:
            snapshot = snapshots[sent.session]
            if isinstance(snapshot, Exception):
                raise snapshot
            return self._admit(sent, state, snapshot)

        return admit

    def _admit(
        self, sent: SessionChunk, state: TrackerState | None, snapshot: SessionSnapshot
    ) -> Admission:
        progress = None if state is None else to_progress(state)
        is_new = check_sequence(snapshot, progress, sent, self.clock) == "new"
        message = self.preferences.attach(sent, snapshot)
        chunk = self.snapshots.with_definition(sent.session, message, snapshot)
        return Admission(is_new, chunk, snapshot)


@dataclass(frozen=True)
class AnalyzedChunk:
    """A chunk whose images were analyzed, if it has any and is new."""

    sent: SessionChunk
    landmarks: ServerLandmarks | None = None


@dataclass(frozen=True)
class ChunkTask:
    """A chunk to process for a client or, without `origin`, for a worker.

    `position` is the chunk's place in its partition, its sequence where there is none. `context`
    has the trace of the request.
    """

    analyzed: AnalyzedChunk
    origin: Origin | None = None
    position: int | None = None
    context: Context = field(default_factory=copy_context)

    @property
    def session(self) -> SessionKey:
        return self.analyzed.sent.session

    def with_message(self, message: FrameChunk) -> "ChunkTask":
        """Return the same task with a chunk that is measured."""
        if message is self.analyzed.sent.message:
            return self
        sent = self.analyzed.sent.with_message(message)
        return replace(self, analyzed=replace(self.analyzed, sent=sent))


@dataclass(frozen=True)
class ProcessedChunk:
    """The result of a chunk. `position` is that of the log, 0 where nothing was appended."""

    result: TrackResult
    landmarks: ServerLandmarks | None
    position: int


class ChunkProcessor:
    """Processes chunks, one after the other for each session. Any thread may call it.

    `analyze_images` detects poses in the images of a chunk.
    """

    def __init__(
        self,
        store: TrackerStore,
        guard: ChunkGuard,
        analyze_images: AnalyzeImages = drop_images,
    ) -> None:
        self._store = store
        self._guard = guard
        self._analyze_images = analyze_images
        self._locks = [Lock() for _ in range(LOCKS)]

    def needs_analysis(self, sent: SessionChunk) -> bool:
        """Whether the chunk is new and has images. Raises Rejected."""
        if not sent.message.pictures:
            return False
        state = self._store.load(sent.session, sent.sequence)
        return self._guard.read([sent.session])(sent, state).is_new

    def detect_poses(self, sent: SessionChunk) -> AnalyzedChunk:
        """Detect poses in the images of a chunk. Blocks on the model. Raises Rejected."""
        message = self._analyze_images(sent.message)
        landmarks = to_server_landmarks(sent.message.chunk, message.chunk)
        return AnalyzedChunk(sent.with_message(message), landmarks)

    def analyze(self, sent: SessionChunk) -> AnalyzedChunk:
        """Detect poses in the images of a chunk if it needs that."""
        return self.detect_poses(sent) if self.needs_analysis(sent) else AnalyzedChunk(sent)

    def process(self, task: ChunkTask) -> ProcessedChunk:
        """Load, check, track and commit a chunk. Raises Rejected."""
        (outcome,) = self.process_all([task])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def process_all(self, tasks: Sequence[ChunkTask]) -> list[ProcessedChunk | Exception]:
        """Process chunks of different sessions; return for each its result or why it failed."""
        tasks = _measured(tasks)
        with self._locked(task.session for task in tasks):
            self._store.refresh([task.session for task in tasks])
            admit = self._guard.read([task.session for task in tasks])
            tracked = [task.context.run(self._track, task, admit) for task in tasks]
            commits = [each for each in tracked if isinstance(each, Commit)]
            positions = self._store.commit_all(commits)
        outcomes = iter([_processed(*pair) for pair in zip(commits, positions, strict=True)])
        return [each if isinstance(each, Exception) else next(outcomes) for each in tracked]

    def _track(self, task: ChunkTask, admit: Admit) -> Commit | Exception:
        sent = task.analyzed.sent
        at = sent.sequence if task.position is None else task.position
        try:
            state = self._store.load(sent.session, sent.sequence)
            admission = admit(sent, state)
            result = track(state, at, admission.chunk)
        except Exception as failed:  # noqa: BLE001  returned for this chunk, and not for the others
            return failed
        return Commit(
            sent=sent.with_message(admission.chunk),
            is_new=admission.is_new,
            result=result,
            landmarks=task.analyzed.landmarks,
            snapshot=admission.snapshot,
            origin=task.origin,
            context=task.context,
        )

    @contextmanager
    def _locked(self, sessions: Iterable[SessionKey]) -> Generator[None]:
        """Hold the locks of sessions, taken in one order, which prevents deadlocks."""
        with ExitStack() as held:
            for number in sorted({hash(session) % LOCKS for session in sessions}):
                held.enter_context(self._locks[number])
            yield


def _measured(tasks: Sequence[ChunkTask]) -> list[ChunkTask]:
    messages = measure_together([task.analyzed.sent.message for task in tasks])
    return [task.with_message(message) for task, message in zip(tasks, messages, strict=True)]


def _processed(commit: Commit, position: int | Exception) -> ProcessedChunk | Exception:
    if isinstance(position, Exception):
        return position
    return ProcessedChunk(commit.result, commit.landmarks, position)
