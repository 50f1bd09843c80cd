"""Pose session read model: one row per session of the pose coach."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.ids import PoseSessionId, UserId
from domain.kernel import Projection, Recorded
from domain.personal import Erased
from domain.pose_coach import events
from projections.kernel import stream_id


@dataclass(frozen=True)
class PoseSession:
    """A session as saved and merged. `accuracy` is 0..1; `ended_at` is the workout's timestamp.

    `revision` is the version of its last event.
    """

    id: PoseSessionId
    user_id: UserId
    exercise: str
    reps: int
    accuracy: float
    ended_at: datetime
    duration_s: int
    feedback: tuple[str, ...]
    created_at: datetime
    revision: int = 1


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by session."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.PoseSessionEvent) else ()


def evolve(row: PoseSession | None, recorded: Recorded[Any]) -> PoseSession | None:
    """Apply one event. A session whose athlete was erased has no row."""
    match recorded.event:
        case events.PoseSessionSaved() as saved:
            exercise, feedback = saved.exercise.value, saved.feedback.value
            if isinstance(exercise, Erased) or isinstance(feedback, Erased):
                return None
            return PoseSession(
                id=PoseSessionId(stream_id(recorded)),
                user_id=saved.user_id,
                exercise=exercise,
                reps=saved.reps,
                accuracy=saved.accuracy,
                ended_at=saved.ended_at,
                duration_s=saved.duration_s,
                feedback=feedback,
                created_at=saved.at,
                revision=recorded.version,
            )
        case events.PoseSessionMerged() as merged:
            points = merged.feedback.value
            if row is None or isinstance(points, Erased):
                return None
            return replace(
                row,
                reps=merged.reps,
                accuracy=merged.accuracy,
                duration_s=merged.duration_s,
                feedback=points,
                revision=recorded.version,
            )
        case events.PoseSessionDeleted():
            return None
        case _:
            return row


POSE_SESSION = Projection(
    name="pose_session",
    version=2,
    row=PoseSession,
    keys=keys,
    evolve=evolve,
    indexes=(("user_id", "ended_at"),),
    kind="pose_coach_session",
)
