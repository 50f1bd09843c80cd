"""Recording of detections: detections become commands to their session."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from application.kernel.cache import LruCache
from application.kernel.command_handler import CommandHandler, Request, Snapshot
from application.kernel.tracing import current_correlation_id
from application.live.chunk import SessionKey
from application.live.reconciliation import SetReconciled
from application.live.sequence_guard import SessionSnapshot
from application.live.tracker import NAMESPACE, Detection, SetTracked, TrackedSet
from application.sessions.fact_mapping import milliseconds, session_commands
from domain.ids import ExerciseId
from domain.kernel import Origin
from domain.sessions import commands as session
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span

CACHED_SESSIONS: Final = 1000
"""Sessions whose snapshot stays in memory; the others are read from their first event."""


def to_commands(detection: Detection) -> Iterator[session.DetectionCommand]:
    """Convert a detection to commands; one that matters only live gives none.

    Each detection starts its set, unless a client or another detection did: the camera may be
    first, and the first detection may have been lost.
    """
    watching = detection.watching
    counted_by = CountedBy("server", watching.model, watching.version, watching.learned)
    start = session.StartSet(
        set=watching.set, exercise_id=ExerciseId(watching.exercise), counted_by=counted_by
    )
    found = list(_to_commands(detection, counted_by))
    if found or detection.number == 1:
        yield start
    yield from found


def _to_commands(detection: Detection, counted_by: CountedBy) -> Iterator[session.DetectionCommand]:
    watching = detection.watching
    if isinstance(detection.fact, SetTracked):
        span = Span(milliseconds(detection.fact.started_s), milliseconds(detection.fact.ended_s))
        yield session.CompleteSet(set=watching.set, span=span)
    elif isinstance(detection.fact, SetReconciled):
        yield from _corrected(detection.fact, watching, counted_by)
    else:
        yield from session_commands(
            [detection.fact], set_number=watching.set, counted_by=counted_by
        )


def _corrected(
    reviewed: SetReconciled, watching: TrackedSet, counted_by: CountedBy
) -> Iterator[session.DetectionCommand]:
    """Convert the reconciliation of two tracks, if they differ, to a correction."""
    if not reviewed.differs:
        return
    if reviewed.stands == "server":
        counted_by = replace(counted_by, model=reviewed.server.model)
    yield from session_commands(reviewed.added, set_number=watching.set, counted_by=counted_by)
    yield session.ReconcileRepetitions(
        set=watching.set,
        withdrawn=reviewed.withdrawn,
        added=tuple(each.number for each in reviewed.added),
        counted_by=counted_by,
        looks=(reviewed.device, reviewed.server),
        stands=reviewed.stands,
    )


class DetectionRecorder:
    """Records detections in their session. Any thread may use it.

    It keeps the state of each session after its last record. A session is read only if another
    writer has changed it since: the cost does not grow with its length.
    """

    def __init__(self, commands: CommandHandler) -> None:
        self._commands = commands
        self._snapshots = LruCache[SessionKey, Snapshot](CACHED_SESSIONS)

    def record(self, key: SessionKey, detection_id: UUID, found: Detection, origin: Origin) -> int:
        """Record a detection in its session, once for this id, as `record_chunk` does."""
        return self._record(key, detection_id, [found], origin, None)

    def record_chunk(
        self,
        key: SessionKey,
        detections: Sequence[Detection],
        *,
        origin: Origin,
        snapshot: SessionSnapshot | None = None,
    ) -> int:
        """Record the detections of a chunk, all or none, under the id of the first.

        They may be late, or follow others that were lost (`domain.sessions.detections`). `snapshot`
        is what the caller knows of the session. Returns the position of the log, 0 if the session
        does not change. Raises what the session rejects, and StorageUnavailable.
        """
        if not detections:
            return 0
        base = None if snapshot is None else Snapshot(snapshot.version, snapshot.state)
        return self._record(key, detections[0].id(key), detections, origin, base)

    def _record(
        self,
        key: SessionKey,
        command_id: UUID,
        detections: Sequence[Detection],
        origin: Origin,
        snapshot: Snapshot | None,
    ) -> int:
        """Record detections, and remember the state of the session after them."""
        commands = tuple(command for each in detections for command in to_commands(each))
        if not commands:
            return 0
        request = Request(
            SESSION,
            key.session_id,
            [session.RecordDetections(detections=commands)],
            snapshot or self._snapshots.get(key),
            on_append=partial(self._snapshots.put, key),
        )
        caused = replace(origin, causation_id=command_id)
        return self._commands.execute(request, origin=caused, command_id=command_id).position


def worker_origin(key: SessionKey, worker: str) -> Origin:
    """Return the origin of events that a worker records by itself, in the current trace."""
    return Origin(
        tenant_id=key.tenant_id,
        actor=worker,
        correlation_id=current_correlation_id() or uuid5(NAMESPACE, str(key)),
    )
