"""Workout prescription read model: one row per workout, in its latest revision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.ids import UserId, WorkoutId
from domain.kernel import Projection, Recorded
from domain.personal import text_of
from domain.workouts import events
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class WorkoutPrescription:
    """A prescription: who wrote it, and its exercises in order with sets and targets.

    A deleted one is not `listed`, but plans may still have it.
    """

    id: WorkoutId
    name: str
    author_id: UserId
    exercises: tuple[events.PrescribedExercise, ...]
    prescribed_at: datetime
    revised_at: datetime | None = None
    deleted_at: datetime | None = None
    listed: bool = True


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by workout."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.WorkoutEvent) else ()


def evolve(row: WorkoutPrescription | None, recorded: Recorded[Any]) -> WorkoutPrescription | None:
    """Apply one event to the prescription."""
    match recorded.event, row:
        case events.WorkoutPrescribed() as written, _:
            return WorkoutPrescription(
                id=WorkoutId(stream_id(recorded)),
                name=text_of(written.name),
                author_id=written.author_id,
                exercises=written.exercises,
                prescribed_at=written.at,
            )
        case events.WorkoutRevised(name=name, exercises=exercises, at=at), _ if row:
            return fast_replace(row, name=text_of(name), exercises=exercises, revised_at=at)
        case events.WorkoutDeleted(at=at), _ if row:
            return fast_replace(row, deleted_at=at, listed=False)
        case events.WorkoutRestored(), _ if row:
            return fast_replace(row, deleted_at=None, listed=True)
        case _:
            return row


WORKOUT_PRESCRIPTION = Projection(
    name="workout_prescription",
    version=6,
    row=WorkoutPrescription,
    keys=keys,
    evolve=evolve,
    indexes=(("author_id",), ("name",), ("listed",)),
    kind="workout",
)
