"""What may be asked of a workout, and how it is refused."""

from datetime import datetime
from typing import Final

from domain.ids import UserId
from domain.kernel import Rejected, command
from domain.values import within
from domain.workouts.events import PrescribedExercise

LONGEST_NAME: Final = 200
"""Characters of a workout's name."""

MOST_EXERCISES: Final = 100
"""Lines of a workout."""


@command
class PrescribeWorkout:
    name: str
    author_id: UserId
    exercises: tuple[PrescribedExercise, ...]
    at: datetime

    def __post_init__(self) -> None:
        check_prescription(self.name, self.exercises)


@command
class ReviseWorkout:
    name: str
    exercises: tuple[PrescribedExercise, ...]
    at: datetime

    def __post_init__(self) -> None:
        check_prescription(self.name, self.exercises)


WorkoutCommand = PrescribeWorkout | ReviseWorkout


class WorkoutEmpty(Rejected):
    """A workout has a name and at least one exercise."""

    code = "workout.empty"
    kind = "invalid"


class TargetAmbiguous(Rejected):
    """An exercise is prescribed either by repetitions or by seconds of a hold."""

    code = "workout.target_ambiguous"
    kind = "invalid"


class WorkoutAlreadyPrescribed(Rejected):
    """A workout is prescribed once, and revised afterwards."""

    code = "workout.already_prescribed"


class WorkoutNotFound(Rejected):
    """No workout is prescribed under this id."""

    code = "workout.unknown"
    kind = "not_found"


def check_prescription(name: str, exercises: tuple[PrescribedExercise, ...]) -> None:
    """Refuse a prescription nobody could follow: WorkoutEmpty, TargetAmbiguous, InvalidValue."""
    if not name.strip() or not exercises:
        raise WorkoutEmpty
    within("length of the name", len(name), 1, LONGEST_NAME)
    within("number of exercises", len(exercises), 1, MOST_EXERCISES)
    for exercise in exercises:
        within("sets", exercise.sets, 1, 100)
        within("rest_s", exercise.rest_s, 0, 3600)
        if (exercise.target_repetitions is None) == (exercise.target_hold_s is None):
            raise TargetAmbiguous
        within("target", exercise.target_repetitions or exercise.target_hold_s or 0, 1, 10_000)
