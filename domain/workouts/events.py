"""Events of a workout: a prescription of exercises, sets and targets.

A person wrote its name, so it is encrypted with that person's key.
"""

from datetime import datetime

from domain.ids import ExerciseId, UserId
from domain.kernel import event, value
from domain.personal import Personal


@value
class PrescribedExercise:
    """One line of a prescription. A hold has a target in seconds, not in repetitions.

    `load_kg` is the weight to lift; None: the athlete chooses it.
    """

    exercise_id: ExerciseId
    sets: int
    target_repetitions: int | None = None
    target_hold_s: int | None = None
    rest_s: int = 60
    load_kg: float | None = None


@event("workout.prescribed", version=3)
class WorkoutPrescribed:
    name: Personal[str]
    author_id: UserId
    exercises: tuple[PrescribedExercise, ...]
    at: datetime


@event("workout.revised", version=3)
class WorkoutRevised:
    name: Personal[str]
    exercises: tuple[PrescribedExercise, ...]
    at: datetime


WorkoutEvent = WorkoutPrescribed | WorkoutRevised
