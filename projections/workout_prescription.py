"""Workout prescription read model: one row per workout, in its latest revision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.ids import UserId, WorkoutId
from domain.kernel import Projection, Recorded
from domain.personal import text_of
from domain.workouts import events
from domain.workouts.notes import texts_of
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class WorkoutPrescription:
    """A prescription: who wrote it, and its exercises in order with sets and targets.

    A deleted one is not `listed`, but plans may still have it. `notes` has a text for each
    exercise, or is empty. `revision` is 1 at first, and one more after each change.
    """

    id: WorkoutId
    name: str
    author_id: UserId
    exercises: tuple[events.PrescribedExercise, ...]
    prescribed_at: datetime
    revised_at: datetime | None = None
    deleted_at: datetime | None = None
    listed: bool = True
    notes: tuple[str, ...] = ()
    revision: int = 1


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
                notes=texts_of(written.notes),
            )
        case events.WorkoutRevised(at=at) as revised, _ if row:
            name, notes = text_of(revised.name), texts_of(revised.notes)
            return fast_replace(
                row,
                name=name,
                exercises=revised.exercises,
                notes=notes,
                revised_at=at,
                revision=row.revision + 1,
            )
        case events.WorkoutDeleted(at=at), _ if row:
            return fast_replace(row, deleted_at=at, listed=False)
        case events.WorkoutRestored(), _ if row:
            return fast_replace(row, deleted_at=None, listed=True)
        case _:
            return row


WORKOUT_PRESCRIPTION = Projection(
    name="workout_prescription",
    version=8,
    row=WorkoutPrescription,
    keys=keys,
    evolve=evolve,
    indexes=(("author_id",), ("name",), ("listed",)),
    kind="workout",
)
