"""Commands of a workout, and their refusals."""

from datetime import datetime
from typing import Final

from domain.ids import UserId
from domain.kernel import Rejected, command
from domain.texts import is_blank, is_one_line
from domain.values import InvalidValue, check_rpe, within
from domain.workouts.events import PrescribedExercise
from domain.workouts.notes import check_notes
from domain.workouts.omitted import NOTHING, Omitted

MAX_NAME_LENGTH: Final = 200
"""Characters of a workout's name."""

MAX_EXERCISES: Final = 100
"""Lines of a workout."""

MAX_SETS: Final = 100
MAX_REST_S: Final = 3600
MAX_TARGET: Final = 10_000
"""Sets of a line, the rest after each, and its target in repetitions or seconds."""

MAX_RANGE_DEG: Final = 360.0
"""Largest range of motion of a line."""

MAX_LOAD_KG: Final = 1000.0
"""Largest load of a line; the same as of a set that is performed."""


@command
class PrescribeWorkout:
    name: str
    author_id: UserId
    exercises: tuple[PrescribedExercise, ...]
    notes: tuple[str, ...] = ()
    at: datetime

    def __post_init__(self) -> None:
        check_prescription(self.name, self.exercises, self.notes)


@command
class ReviseWorkout:
    """Change the whole workout, but what is omitted stays as it was.

    `revision` is that of the workout that was read, or None to change any.
    """

    name: str
    exercises: tuple[PrescribedExercise, ...]
    notes: tuple[str, ...] = ()
    omitted: Omitted = NOTHING
    revision: int | None = None
    at: datetime

    def __post_init__(self) -> None:
        check_prescription(self.name, self.exercises, self.notes)


@command
class DeleteWorkout:
    """Remove the workout from lists. Plans and sessions that have it keep it."""

    at: datetime


@command
class RestoreWorkout:
    """List a deleted workout again."""

    at: datetime


WorkoutCommand = PrescribeWorkout | ReviseWorkout | DeleteWorkout | RestoreWorkout


class WorkoutEmpty(Rejected):
    """The workout needs a name and at least one exercise."""

    code = "workout.empty"
    kind = "invalid"


class TargetAmbiguous(Rejected):
    """Give each exercise either a target of repetitions or of seconds held."""

    code = "workout.target_ambiguous"
    kind = "invalid"


class WorkoutChanged(Rejected):
    """The workout has changed since you read it. Read it again before you change it."""

    code = "workout.changed"
    kind = "stale"


class WorkoutAlreadyPrescribed(Rejected):
    """This workout exists already. Revise it instead."""

    code = "workout.already_prescribed"


class CustomExerciseOfAnother(Rejected):
    """This workout has an exercise that its author recorded. Only its author can perform it."""

    code = "workout.custom_exercise"
    kind = "forbidden"


class WorkoutNotFound(Rejected):
    """There is no workout with this id."""

    code = "workout.unknown"
    kind = "not_found"


class WorkoutIsDeleted(Rejected):
    """This workout was deleted. Restore it first."""

    code = "workout.deleted"


def check_prescription(
    name: str, exercises: tuple[PrescribedExercise, ...], notes: tuple[str, ...]
) -> None:
    """Check a prescription. Raises WorkoutEmpty, TargetAmbiguous, InvalidRpe, InvalidValue."""
    if is_blank(name) or not exercises:
        raise WorkoutEmpty
    if not is_one_line(name):
        raise InvalidValue("The name has a line break or another control character.")
    within("length of the name", len(name), 1, MAX_NAME_LENGTH)
    within("number of exercises", len(exercises), 1, MAX_EXERCISES)
    check_notes(notes, exercises)
    for exercise in exercises:
        within("sets", exercise.sets, 1, MAX_SETS)
        within("rest_s", exercise.rest_s, 0, MAX_REST_S)
        if (exercise.target_repetitions is None) == (exercise.target_hold_s is None):
            raise TargetAmbiguous
        if exercise.load_kg is not None:
            within("load_kg", exercise.load_kg, 0.0, MAX_LOAD_KG)
        if exercise.range_of_motion_deg is not None:
            within("range_of_motion_deg", exercise.range_of_motion_deg, 0.0, MAX_RANGE_DEG)
        check_rpe(exercise.target_rpe)
        within("target", exercise.target_repetitions or exercise.target_hold_s or 0, 1, MAX_TARGET)
