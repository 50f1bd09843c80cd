"""Provisional feedback while workers do not reply.

It begins with the first chunk that stays unanswered, adds to the last feedback of a worker, and
ends with the worker's next reply. It is sent to the client, marked as degraded, and never stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from application.kernel.cache import LruCache
from application.live.chunk import FrameChunk, SessionKey
from application.live.replies import LiveReply
from application.live.tracker import Feedback, TrackerState, TrackResult, track

SESSIONS: Final = 1000
"""Sessions that have provisional feedback at the same time."""
UNANSWERED_CHUNKS: Final = 20
"""Chunks kept of a session: ten seconds."""


@dataclass(frozen=True)
class _Unanswered:
    """The chunks after a worker's reply to chunk `after`, and the state they give from there."""

    after: int
    chunks: tuple[FrameChunk, ...]
    state: TrackerState


class ProvisionalTracker:
    """Provisional tracker states by session. Belongs to one event loop."""

    def __init__(self) -> None:
        self._sessions = LruCache[SessionKey, _Unanswered](SESSIONS)

    def track(self, key: SessionKey, chunk: FrameChunk, newest: LiveReply | None) -> TrackResult:
        """Track a chunk that no worker has answered; `newest` is the newest reply of a worker.

        Chunks that a worker answered meanwhile no longer count, because its feedback has them.
        """
        after = 0 if newest is None else newest.standing.sequence
        before = self._sessions.get(key)
        chunks: tuple[FrameChunk, ...] = ()
        state: TrackerState | None = None
        if before is not None:
            chunks = tuple(each for each in before.chunks if each.sequence > after)
            state = before.state if before.after == after else _tracked(chunks)
        result = track(state, chunk.sequence, chunk)
        if all(each.sequence != chunk.sequence for each in chunks):
            chunks = (*chunks, chunk)[-UNANSWERED_CHUNKS:]
        self._sessions.put(key, _Unanswered(after, chunks, result.session))
        feedback = _added(newest, result.session)
        return TrackResult(replace(result.session, feedback=feedback), result.detections)

    def end(self, key: SessionKey) -> None:
        """Drop the provisional state of a session: a worker replied."""
        self._sessions.remove(key)


def _tracked(chunks: Iterable[FrameChunk]) -> TrackerState | None:
    state: TrackerState | None = None
    for chunk in chunks:
        state = track(state, chunk.sequence, chunk).session
    return state


def _added(newest: LiveReply | None, state: TrackerState) -> Feedback:
    """Return the feedback of a worker plus what was counted since."""
    feedback = state.feedback
    if newest is None or newest.feedback is None or newest.standing.set != state.watching.set:
        return feedback
    latest = newest.feedback
    return replace(
        feedback,
        repetitions=latest.repetitions + feedback.repetitions,
        held_s=latest.held_s + feedback.held_s,
        form=latest.form if feedback.form is None else feedback.form,
    )
