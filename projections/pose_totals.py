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
    """Add a saved session, and subtract a deleted one; those of erased athletes do not count."""
    match recorded.event:
        case events.PoseSessionSaved() as saved:
            if isinstance(saved.exercise.value, Erased):
                return row
            return _changed(row or PoseTotals(saved.user_id), saved, 1)
        case events.PoseSessionDeleted() as deleted:
            left = None if row is None else _changed(row, deleted, -1)
            return left if left is not None and left.sessions else None
        case _:
            return row


def _changed(
    row: PoseTotals, figures: events.PoseSessionSaved | events.PoseSessionDeleted, sign: int
) -> PoseTotals:
    return PoseTotals(
        user_id=row.user_id,
        sessions=row.sessions + sign,
        reps=row.reps + sign * figures.reps,
        scaled_accuracy=row.scaled_accuracy + sign * round(figures.accuracy * SCALE),
        duration_s=row.duration_s + sign * figures.duration_s,
    )


POSE_TOTALS = Projection(
    name="pose_totals",
    version=1,
    row=PoseTotals,
    keys=keys,
    evolve=evolve,
    kind="pose_coach_session",
)
