"""Pose totals read model: one row per athlete, with the sums over their pose sessions."""

from dataclasses import dataclass
from typing import Any, Final

from domain.ids import UserId
from domain.kernel import Projection, Recorded
from domain.personal import Erased
from domain.pose_coach import events
from domain.pose_coach.commands import ACCURACY_DECIMALS

SCALE: Final = 10**ACCURACY_DECIMALS


@dataclass(frozen=True)
class PoseTotals:
    """Sums over an athlete's sessions, without deleted ones.

    `scaled_accuracy` is the sum of the accuracies in units of 1/SCALE, as an integer: sums of
    floats would depend on their order.
    """

    user_id: UserId
    sessions: int = 0
    reps: int = 0
    scaled_accuracy: int = 0
    duration_s: int = 0


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by athlete."""
    event = recorded.event
    return (event.user_id,) if isinstance(event, events.PoseSessionEvent) else ()


def evolve(row: PoseTotals | None, recorded: Recorded[Any]) -> PoseTotals | None:
    """Add a saved session, subtract a deleted one, and replace the figures of a merged one.

    Those of erased athletes do not count.
    """
    match recorded.event:
        case events.PoseSessionSaved() as saved:
            if isinstance(saved.exercise.value, Erased):
                return row
            sums = row or PoseTotals(saved.user_id)
            return _changed(sums, 1, saved.reps, saved.accuracy, saved.duration_s)
        case events.PoseSessionMerged() as merged:
            if row is None or isinstance(merged.feedback.value, Erased):
                return row
            reps, accuracy = merged.before_reps, merged.before_accuracy
            left = _changed(row, -1, reps, accuracy, merged.before_duration_s)
            return _changed(left, 1, merged.reps, merged.accuracy, merged.duration_s)
        case events.PoseSessionDeleted() as gone:
            if row is None:
                return None
            rest = _changed(row, -1, gone.reps, gone.accuracy, gone.duration_s)
            return rest if rest.sessions else None
        case _:
            return row


def _changed(row: PoseTotals, sign: int, reps: int, accuracy: float, duration_s: int) -> PoseTotals:
    return PoseTotals(
        user_id=row.user_id,
        sessions=row.sessions + sign,
        reps=row.reps + sign * reps,
        scaled_accuracy=row.scaled_accuracy + sign * round(accuracy * SCALE),
        duration_s=row.duration_s + sign * duration_s,
    )


POSE_TOTALS = Projection(
    name="pose_totals",
    version=1,
    row=PoseTotals,
    keys=keys,
    evolve=evolve,
    kind="pose_coach_session",
)
