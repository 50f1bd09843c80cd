"""Commands of an athlete's custom exercises, and their refusals."""

from datetime import datetime
from typing import Final

from domain.ids import ExerciseId, UserId
from domain.kernel import Rejected, command
from domain.texts import is_blank, is_one_line
from domain.values import InvalidValue, within

MAX_EXERCISES: Final = 50
"""Custom exercises that an athlete has at the same time."""

MAX_NAME_LENGTH: Final = 60


@command
class RecordCustomExercise:
    """Add an exercise with the definition that was derived from an example, in JSON."""

    exercise_id: ExerciseId
    athlete_id: UserId
    name: str
    definition: str
    at: datetime

    def __post_init__(self) -> None:
        _check_name(self.name)


@command
class RenameCustomExercise:
    exercise_id: ExerciseId
    name: str
    at: datetime

    def __post_init__(self) -> None:
        _check_name(self.name)


@command
class DeleteCustomExercise:
    exercise_id: ExerciseId
    at: datetime


CustomExerciseCommand = RecordCustomExercise | RenameCustomExercise | DeleteCustomExercise


class CustomExerciseNotFound(Rejected):
    """You have no custom exercise with this id."""

    code = "custom_exercise.unknown"
    kind = "not_found"


class TooManyCustomExercises(Rejected):
    """You can have at most 50 custom exercises. Delete one first."""

    code = "custom_exercise.too_many"


def _check_name(name: str) -> None:
    within("length of the name", len(name.strip()), 1, MAX_NAME_LENGTH)
    if is_blank(name) or not is_one_line(name):
        raise InvalidValue("The name is a line of text, without control characters.")
