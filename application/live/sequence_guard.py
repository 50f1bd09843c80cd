"""Sequence guard for chunks of a session: session under way, chunks in order, none missing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, Literal

import structlog

from application.custom_exercises.lookup import ExerciseLookup
from application.kernel.cache import LruCache
from application.kernel.ports import Clock, EventLog, StorageUnavailable
from application.live.chunk import FrameChunk, SessionChunk, SessionKey, TimesNotIncreasing
from application.live.log_outage import LogOutage
from application.live.replies import StreamProgress
from application.live.tracker import ExerciseChanged
from domain.ids import TenantId
from domain.kernel import Recorded, Rejected, value
from domain.motion.exercises.custom import is_custom
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import get_exercise
from domain.sessions import commands, events
from domain.sessions.commands import SessionNotFound
from domain.sessions.session import SESSION, Completed, Deleted, NotStarted, Session, Underway

CACHED_SESSIONS: Final = 10_000
"""Sessions whose snapshot stays in memory; the others are read again."""
MAX_CLOCK_SKEW: Final = timedelta(seconds=60)
"""The network sets the clocks of phones; one that is a minute ahead of ours is wrong."""

log = structlog.get_logger()


class SequenceGap(Rejected):
    """Number the chunks of a session 1, 2, 3, without a gap."""

    code = "live.sequence_gap"

    def __init__(self, expected: int) -> None:
        super().__init__(f"Chunk {expected} of the session comes next. Send it first.")
        self.expected = expected


class TimeInFuture(Rejected):
    """A frame is later than now. Send times in seconds since the session began."""

    code = "live.time_in_future"
    kind = "invalid"


@value
class SessionSnapshot:
    """A session as the log has it after `version` events; `exercise` is that of its last set.

    `is_ahead`: the device's clock is wrong, because the session began after it was recorded.
    """

    version: int = 0
    state: Session = NotStarted()
    exercise: str | None = None
    is_ahead: bool = False


class SessionSnapshots:
    """Cache of session snapshots. Any thread may use it.

    While the log is unavailable, cached snapshots are used as they are, and others are refused, in
    both cases without a read after the first one that failed.
    """

    def __init__(self, event_log: EventLog) -> None:
        self._log = event_log
        self._outage = LogOutage(event_log)
        self._snapshots = LruCache[SessionKey, SessionSnapshot](CACHED_SESSIONS)
        self._exercises = ExerciseLookup(event_log)
        self._definitions = LruCache[tuple[SessionKey, str], ExerciseDefinition](CACHED_SESSIONS)

    def get(self, key: SessionKey) -> SessionSnapshot:
        """Return the session as it is now, reading only its new events.

        Raises StorageUnavailable for a session that is not cached.
        """
        snapshot = self.get_all([key])[key]
        if isinstance(snapshot, Exception):
            raise snapshot
        return snapshot

    def get_all(
        self, keys: Collection[SessionKey]
    ) -> Mapping[SessionKey, SessionSnapshot | Exception]:
        """Return sessions as they are now, or why one cannot be read, with one read per tenant."""
        tenants: dict[TenantId, list[SessionKey]] = {}
        for key in keys:
            tenants.setdefault(key.tenant_id, []).append(key)
        snapshots: dict[SessionKey, SessionSnapshot | Exception] = {}
        for tenant_id, of_tenant in tenants.items():
            snapshots |= self._of_tenant(tenant_id, of_tenant)
        return snapshots

    def _of_tenant(
        self, tenant_id: TenantId, keys: Sequence[SessionKey]
    ) -> Mapping[SessionKey, SessionSnapshot | Exception]:
        found = ((key, self._snapshots.get(key)) for key in keys)
        cached = {key: snapshot for key, snapshot in found if snapshot is not None}
        if (away := self._outage.refusal()) is not None:
            return {key: cached.get(key, away) for key in keys}
        streams = {f"{SESSION.category}-{key.session_id}": key for key in keys}
        versions = {stream: cached[key].version for stream, key in streams.items() if key in cached}
        try:
            news = self._log.load_many(tenant_id, streams, after_versions=versions)
            return {
                key: self._updated(key, cached.get(key, SessionSnapshot()), news[stream])
                for stream, key in streams.items()
            }
        except StorageUnavailable as failed:
            self._outage.begin(failed)
            log.warning("live.log_away", sessions=len(keys), detail=failed.detail)
            return {key: cached.get(key, failed) for key in keys}
        except Exception as unreadable:  # noqa: BLE001  an event of one of them; its chunk raises it
            if len(keys) == 1:
                return {keys[0]: unreadable}
            return {key: self._of_tenant(tenant_id, [key])[key] for key in keys}

    def _updated(
        self, key: SessionKey, snapshot: SessionSnapshot, news: Sequence[Recorded[Any]]
    ) -> SessionSnapshot:
        for recorded in news:
            snapshot = _evolve(snapshot, recorded)
        if news:
            self._snapshots.put(key, snapshot)
        return snapshot

    def with_definition(
        self, key: SessionKey, message: FrameChunk, snapshot: SessionSnapshot
    ) -> FrameChunk:
        """Return a chunk with the definition of its exercise, if that is a custom one.

        Workers need no lookup then. A definition of an id never changes. Raises UnknownExercise and
        StorageUnavailable.
        """
        state, name = snapshot.state, message.exercise
        if not is_custom(name) or not isinstance(state, Underway):
            return message
        definition = self._definitions.get((key, name))
        if definition is None:
            found = self._exercises.get(key.tenant_id, state.athlete_id, name)
            definition = replace(found, name="")  # counting does not need the athlete's own text
            self._definitions.put((key, name), definition)
        return replace(message, definition=definition)


def _evolve(snapshot: SessionSnapshot, recorded: Recorded[events.SessionEvent]) -> SessionSnapshot:
    event, exercise_id, is_ahead = recorded.event, snapshot.exercise, snapshot.is_ahead
    if isinstance(event, events.SetStarted):
        exercise_id = event.exercise_id
    if isinstance(event, events.SessionStarted):
        is_ahead = event.at > recorded.recorded_at + MAX_CLOCK_SKEW
    state = SESSION.evolve(snapshot.state, event)
    return SessionSnapshot(recorded.version, state, exercise_id, is_ahead)


def check_sequence(
    snapshot: SessionSnapshot,
    progress: StreamProgress | None,
    sent: SessionChunk,
    now: Clock,
    *,
    is_refused: bool = False,
) -> Literal["new", "duplicate"]:
    """Return whether a chunk is the next one of its session or a duplicate.

    `progress` is that of the session's chunks, None before the first. `is_refused`: workers have
    refused the chunk of this number, so it may be the last one of a set that has not ended. Raises
    Rejected for a chunk that is neither.
    """
    if isinstance(snapshot.state, NotStarted):
        raise SessionNotFound
    if progress is not None and sent.sequence <= progress.sequence:
        ends = sent.message.last and sent.message.set == progress.set and not progress.over
        if (ends and not is_refused) or _is_later(sent, progress):  # another device has its number
            raise SequenceGap(progress.sequence + 1)
        return "duplicate"
    if isinstance(snapshot.state, Completed | Deleted):
        raise commands.SessionNotUnderway
    expected = 1 if progress is None else progress.sequence + 1
    if sent.sequence != expected:
        raise SequenceGap(expected)
    _check_set(snapshot.state, progress, sent.message)
    _check_exercise(snapshot, progress, sent)
    _check_order(progress, sent)
    if not snapshot.is_ahead:  # with a wrong clock, elapsed time is unknown
        _check_times(snapshot.state, sent, now)
    return "new"


def is_lost(sent: SessionChunk, standing: StreamProgress) -> bool:
    """Whether workers did not track a chunk because another device had used its number.

    `standing` is the progress in their reply. After a chunk that they tracked, the set is over if
    it is the last one, and no frame of it is later. A chunk of a later set than that of the reply
    is tracked whatever its number; the reply is then to the chunk of another device.
    """
    if sent.message.set != standing.set or standing.over:
        return False
    return sent.message.last or _has_later_frames(sent, standing)


def _is_later(sent: SessionChunk, progress: StreamProgress) -> bool:
    """Whether the chunk begins a set or ends after all frames that were received."""
    return sent.message.set > progress.set or _has_later_frames(sent, progress)


def _has_later_frames(sent: SessionChunk, progress: StreamProgress) -> bool:
    times, seen_to_s = sent.message.chunk.times_s, progress.seen_to_s
    return len(times) > 0 and seen_to_s is not None and float(times[-1]) > seen_to_s


def _check_set(state: Underway, progress: StreamProgress | None, message: FrameChunk) -> None:
    """Require the set that is under way, or the next one.

    The log may have completed the set with the same chunk that is now sent again.
    """
    streamed = 0 if progress is None else progress.set
    last = max(streamed, state.sets)
    is_snapshot = state.sets == last
    if message.set == last:
        has_ended = progress is not None and streamed == last and progress.over
        has_ended = has_ended or (is_snapshot and not state.set_is_open and not message.last)
        if has_ended:
            raise commands.NoSetUnderway(f"Set {last} is completed. Start the next set.")
        if is_snapshot and state.set_is_open and state.performed[-1].counted_by.source == "manual":
            raise commands.SetUnderway(f"Set {last} is counted by hand. Complete it first.")
    elif message.set != last + 1:
        raise commands.SetOutOfOrder
    elif is_snapshot and state.set_is_open and streamed < last:
        raise commands.SetUnderway


def _check_exercise(
    snapshot: SessionSnapshot, progress: StreamProgress | None, sent: SessionChunk
) -> None:
    message, state = sent.message, snapshot.state
    requested = message.exercise
    if not is_custom(requested):
        get_exercise(requested)
    expected: str | None = None
    if progress is not None and progress.set == message.set:
        expected = progress.exercise
    elif isinstance(state, Underway) and state.set_is_open and state.sets == message.set:
        expected = snapshot.exercise
    if expected is not None and requested != expected:
        raise ExerciseChanged(f"Set {message.set} is of {expected}, not of {requested}.")


def _check_order(progress: StreamProgress | None, sent: SessionChunk) -> None:
    times = sent.message.chunk.times_s
    seen_to_s = None if progress is None else progress.seen_to_s
    if len(times) and seen_to_s is not None and float(times[0]) <= seen_to_s:
        raise TimesNotIncreasing(
            f"A frame of {seen_to_s:.3f} s came before this one of {float(times[0]):.3f} s."
        )


def _check_times(state: Underway, sent: SessionChunk, now: Clock) -> None:
    times = sent.message.chunk.times_s
    felt = (sample.time_s for sample in sent.sensors)
    latest_s: float = max((*times[-1:].tolist(), *felt), default=0.0)
    until_now = now() + MAX_CLOCK_SKEW - state.started_at  # in this order: the year 9999 overflows
    if latest_s > until_now.total_seconds():
        raise TimeInFuture
