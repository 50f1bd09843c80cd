"""Only a session that is under way takes frames, in the order of its chunks, none left out."""

from datetime import timedelta
from typing import Final, Literal

import structlog

from application.kernel.cache import LruCache
from application.kernel.ports import Clock, EventLog, StorageUnavailable
from application.live.chunk import FrameChunk, IngestChunk, SessionKey, TimesNotIncreasing
from application.live.chunk_result import StreamProgress
from application.live.tracker import ExerciseChanged
from application.sessions.history import SessionNotFound
from domain.kernel import Recorded, Rejected, value
from domain.motion.exercises.library import get_exercise
from domain.sessions import commands, events
from domain.sessions.session import SESSION, Completed, Deleted, NotStarted, Session, Underway

CACHED_SESSIONS: Final = 10_000
"""Sessions whose facts are remembered; the others are read again."""
MAX_CLOCK_SKEW: Final = timedelta(seconds=60)
"""Clocks of phones are set by the network; one that is a minute ahead of ours is wrong."""

log = structlog.get_logger()


class SequenceGap(Rejected):
    """Chunks are numbered 1, 2, 3 within a session, and none is left out."""

    code = "live.sequence_gap"

    def __init__(self, expected: int) -> None:
        super().__init__(f"Chunk {expected} of the session comes next; send it first.")
        self.expected = expected


class TimeInFuture(Rejected):
    """A frame cannot be taken later than now; what counts is the time since the session began."""

    code = "live.time_in_future"
    kind = "invalid"


@value
class SessionSnapshot:
    """What the log says of a session after `version` events; `exercise` is that of its last set.

    `is_ahead`: its device's clock is wrong, for it began after it was written down.
    """

    version: int = 0
    state: Session = NotStarted()
    exercise: str | None = None
    is_ahead: bool = False


class SessionSnapshots:
    """Knows what the log says of sessions. Any thread may use it.

    While the log is unavailable, sessions that are known already stand as they stood.
    """

    def __init__(self, event_log: EventLog) -> None:
        self._log = event_log
        self._known = LruCache[SessionKey, SessionSnapshot](CACHED_SESSIONS)

    def look(self, key: SessionKey) -> SessionSnapshot:
        """Give what the log says now. Raises StorageUnavailable for a session not known yet."""
        known = self._known.get(key)
        logged = known or SessionSnapshot()
        try:
            news = self._log.load(
                key.tenant_id,
                f"{SESSION.category}-{key.session_id}",
                after_version=logged.version,
            )
        except StorageUnavailable as away:
            if known is None:
                raise
            log.warning("live.log_away", session=str(key), detail=away.detail)
            return known
        for recorded in news:
            logged = _evolve(logged, recorded)
        if logged.version:
            self._known.put(key, logged)
        return logged


def _evolve(logged: SessionSnapshot, recorded: Recorded[events.SessionEvent]) -> SessionSnapshot:
    event, named, is_ahead = recorded.event, logged.exercise, logged.is_ahead
    if isinstance(event, events.SetStarted):
        named = event.exercise_id
    if isinstance(event, events.SessionStarted):
        is_ahead = event.at > recorded.recorded_at + MAX_CLOCK_SKEW
    state = SESSION.evolve(logged.state, event)
    return SessionSnapshot(recorded.version, state, named, is_ahead)


def check_sequence(
    logged: SessionSnapshot, standing: StreamProgress | None, command: IngestChunk, now: Clock
) -> Literal["new", "seen"]:
    """Say whether a chunk is the next one of its session or was taken before.

    `standing` is how far the session's chunks have come, None where none has come. Raises Rejected
    for a chunk that is neither.
    """
    if isinstance(logged.state, NotStarted):
        raise SessionNotFound
    if standing is not None and command.sequence <= standing.sequence:
        if command.message.set > standing.set:
            raise SequenceGap(standing.sequence + 1)
        return "seen"
    if isinstance(logged.state, Completed | Deleted):
        raise commands.SessionNotUnderway
    expected = 1 if standing is None else standing.sequence + 1
    if command.sequence != expected:
        raise SequenceGap(expected)
    _check_set(logged.state, standing, command.message)
    _check_exercise(logged, standing, command)
    _check_order(standing, command)
    if not logged.is_ahead:  # else nobody can say here how long ago it began
        _check_times(logged.state, command, now)
    return "new"


def _check_set(state: Underway, standing: StreamProgress | None, message: FrameChunk) -> None:
    """A set is the one that is under way, or the next one.

    The log may know of a set's end by the very chunk that comes again, with which it ended.
    """
    streamed = 0 if standing is None else standing.set
    last = max(streamed, state.sets)
    is_logged = state.sets == last
    if message.set == last:
        has_ended = standing is not None and streamed == last and standing.over
        has_ended = has_ended or (is_logged and not state.set_is_open and not message.last)
        if has_ended:
            raise commands.NoSetUnderway(f"Set {last} is over.")
    elif message.set != last + 1:
        raise commands.SetOutOfOrder
    elif is_logged and state.set_is_open and streamed < last:
        raise commands.SetUnderway


def _check_exercise(
    logged: SessionSnapshot, standing: StreamProgress | None, command: IngestChunk
) -> None:
    message, state = command.message, logged.state
    named = get_exercise(message.exercise).id
    known: str | None = None
    if standing is not None and standing.set == message.set:
        known = standing.exercise
    elif isinstance(state, Underway) and state.set_is_open and state.sets == message.set:
        known = logged.exercise
    if known is not None and named != known:
        raise ExerciseChanged(f"Set {message.set} is of {known}, not of {named}.")


def _check_order(standing: StreamProgress | None, command: IngestChunk) -> None:
    times = command.message.chunk.times_s
    seen_to_s = None if standing is None else standing.seen_to_s
    if len(times) and seen_to_s is not None and float(times[0]) <= seen_to_s:
        raise TimesNotIncreasing(
            f"A frame of {seen_to_s:.3f} s came before this one of {float(times[0]):.3f} s."
        )


def _check_times(state: Underway, command: IngestChunk, now: Clock) -> None:
    times = command.message.chunk.times_s
    felt = (sample.time_s for sample in command.sensors)
    latest_s: float = max((*times[-1:].tolist(), *felt), default=0.0)
    until_now = now() + MAX_CLOCK_SKEW - state.started_at  # in this order: the year 9999 overflows
    if latest_s > until_now.total_seconds():
        raise TimeInFuture
