"""What happens to a workout: a prescription of exercises, sets and targets."""

from datetime import datetime

from domain.ids import ExerciseId, UserId
from domain.kernel import event, value


@value
class PrescribedExercise:
    """One line of a prescription. A hold has a target in seconds, not in repetitions."""

    exercise_id: ExerciseId
    sets: int
    target_repetitions: int | None = None
    target_hold_s: int | None = None
    rest_s: int = 60


@event("workout.prescribed")
class WorkoutPrescribed:
    name: str
    author_id: UserId
    exercises: tuple[PrescribedExercise, ...]
    at: datetime


@event("workout.revised")
class WorkoutRevised:
    name: str
    exercises: tuple[PrescribedExercise, ...]
    at: datetime


WorkoutEvent = WorkoutPrescribed | WorkoutRevised
