"""Tracker stores: a commit stores the detections of a chunk, then the tracker state."""

from collections.abc import Collection, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, replace
from typing import Final, Protocol

from application.kernel.cache import LruCache
from application.live.chunk import SensorSample, SessionChunk, SessionKey
from application.live.detections import DetectionRecorder, worker_origin
from application.live.replies import ServerLandmarks, StreamProgress, to_progress
from application.live.sequence_guard import SessionSnapshot
from application.live.tracker import TrackerState, TrackResult
from domain.kernel import Origin, value

CACHED_STATES: Final = 1000
"""Sessions whose state stays in memory beside the store."""


@dataclass(frozen=True)
class Commit:
    """The effects of one chunk, to be stored together.

    `is_new` is False for a duplicate, which gives its earlier detections again. `landmarks` are
    those that the server found in images. `origin` is None where a worker acts by itself.
    """

    sent: SessionChunk
    is_new: bool
    result: TrackResult
    landmarks: ServerLandmarks | None
    snapshot: SessionSnapshot | None
    origin: Origin | None
    context: Context


class TrackerStore(Protocol):
    """Tracker state. A commit stores the detections first, then the state."""

    def refresh(self, keys: Collection[SessionKey]) -> None:
        """Forget states that other processes have replaced. Raises StorageUnavailable."""
        ...

    def load(self, key: SessionKey, sequence: int) -> TrackerState | None:
        """Return the state that chunk `sequence` follows. Raises StorageUnavailable."""
        ...

    def commit_all(self, commits: Sequence[Commit]) -> Sequence[int | Exception]:
        """Store the effects of chunks of different sessions.

        Returns for each the position of the log, 0 if unchanged, or why it is not stored:
        StorageUnavailable, or what the session rejects.
        """
        ...


@value
class StoredState:
    """A tracker state, and the sequence of the latest chunk, which may have been rejected."""

    state: TrackerState
    reached: int


@value
class StateSave:
    """A state to store, with the samples of its chunk."""

    key: SessionKey
    stored: StoredState
    sensors: tuple[SensorSample, ...] = ()


class StateStore(Protocol):
    """Durable tracker states and sensor samples. Raises StorageUnavailable."""

    def load(self, key: SessionKey) -> StoredState | None: ...

    def reached(self, keys: Collection[SessionKey]) -> Mapping[SessionKey, int]:
        """Return the sequence that each stored state has reached."""
        ...

    def save_all(self, saves: Sequence[StateSave]) -> None:
        """Store states and samples, all or none, on disk at return.

        A stored state that reached further stays.
        """
        ...


class LoggedTrackerStore:
    """Tracker store whose detections go to the event log, before the state is saved.

    Any number of processes may share the states: a state is identified by its sequence, because it
    follows from the chunks up to there, no matter which process folded them.
    """

    def __init__(self, states: StateStore, recorder: DetectionRecorder) -> None:
        self._states = states
        self._recorder = recorder
        self._cache = LruCache[SessionKey, TrackerState](CACHED_STATES)

    def refresh(self, keys: Collection[SessionKey]) -> None:
        """Forget states of sessions that another process has tracked further than this one."""
        cached = {key: state for key in keys if (state := self._cache.get(key)) is not None}
        for key, reached in self._states.reached(cached).items() if cached else ():
            if key in cached and reached > cached[key].sequence:
                self._cache.remove(key)

    def load(self, key: SessionKey, sequence: int) -> TrackerState | None:
        """Return the state; another process may have tracked the session further than this one."""
        cached = self._cache.get(key)
        if cached is not None and cached.sequence >= sequence - 1:
            return cached
        stored = self._states.load(key)
        return None if stored is None else stored.state

    def commit_all(self, commits: Sequence[Commit]) -> Sequence[int | Exception]:
        outcomes = [commit.context.run(self._record, commit) for commit in commits]
        recorded = [
            number
            for number, commit in enumerate(commits)
            if commit.is_new and not isinstance(outcomes[number], Exception)
        ]
        try:
            self._save([commits[number] for number in recorded])
        except Exception as failed:  # noqa: BLE001  returned for each chunk
            for number in recorded:
                outcomes[number] = failed
        return outcomes

    def _record(self, commit: Commit) -> int | Exception:
        """Record the detections of a new chunk."""
        if not commit.is_new:
            return 0
        key = commit.sent.session
        try:
            return self._recorder.record_chunk(
                key,
                commit.result.detections,
                origin=commit.origin or worker_origin(key, "pose-worker"),
                snapshot=commit.snapshot,
            )
        except Exception as failed:  # noqa: BLE001  returned for this chunk, and not for the others
            return failed

    def _save(self, commits: Sequence[Commit]) -> None:
        if not commits:
            return
        self._states.save_all(
            [
                StateSave(
                    each.sent.session,
                    StoredState(each.result.session, each.sent.sequence),
                    each.sent.sensors,
                )
                for each in commits
            ]
        )
        for each in commits:
            self._cache.put(each.sent.session, each.result.session)

    def skip(self, sent: SessionChunk) -> None:
        """Record that a chunk was rejected: the session continues with the next one."""
        state = self.load(sent.session, sent.sequence)
        if state is not None and state.sequence < sent.sequence:
            self._states.save_all([StateSave(sent.session, StoredState(state, sent.sequence))])

    def progress(self, key: SessionKey) -> StreamProgress | None:
        """Return the progress of a session's chunks, including rejected ones."""
        stored = self._states.load(key)
        if stored is None:
            return None
        progress = to_progress(stored.state)
        return replace(progress, sequence=max(progress.sequence, stored.reached))

    def latest_set(self, key: SessionKey) -> int | None:
        """Return the latest set with frames, None if there is none."""
        cached = self._cache.get(key)
        if cached is not None:
            return cached.watching.set
        stored = self._states.load(key)
        return None if stored is None else stored.state.watching.set
