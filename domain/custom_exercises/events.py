"""Events of an athlete's custom exercises. The stream has the id of the athlete.

Name and definition are encrypted with the athlete's key: the definition says how they move.
"""

from datetime import datetime

from domain.ids import ExerciseId, UserId
from domain.kernel import event
from domain.personal import Personal


@event("custom_exercise.recorded")
class CustomExerciseRecorded:
    """The athlete recorded an example, from which a definition was derived, in JSON.

    The definition of an id never changes: a new example has a new id.
    """

    exercise_id: ExerciseId
    athlete_id: UserId
    name: Personal[str]
    definition: Personal[str]
    at: datetime


@event("custom_exercise.renamed")
class CustomExerciseRenamed:
    exercise_id: ExerciseId
    name: Personal[str]
    at: datetime


@event("custom_exercise.deleted")
class CustomExerciseDeleted:
    """The exercise is in no list any more. Sessions with it keep it."""

    exercise_id: ExerciseId
    at: datetime


CustomExerciseEvent = CustomExerciseRecorded | CustomExerciseRenamed | CustomExerciseDeleted
