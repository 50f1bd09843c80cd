"""Events of a workout: a prescription of exercises, sets and targets.

A person wrote its name and the notes to its exercises, so both are encrypted with that person's
key.
"""

from datetime import datetime

from domain.ids import ContentId, ExerciseId, UserId
from domain.kernel import event, value
from domain.personal import Personal
from domain.values import Tempo
from domain.workouts.notes import Notes


@value
class LessonPart:
    """Segment of version `number` of a trainer's video that shows an exercise."""

    content_id: ContentId
    number: int
    segment: int


@value
class PrescribedExercise:
    """One line of a prescription. A hold has a target in seconds, not in repetitions.

    `load_kg` is the weight to lift; None: the athlete chooses it. `tempo` and `range_of_motion_deg`
    are targets of each repetition, `target_rpe` is how hard a set should feel, 1 to 10 in steps of
    0.5, and `lesson` shows how it is performed; each may be None.
    """

    exercise_id: ExerciseId
    sets: int
    target_repetitions: int | None = None
    target_hold_s: int | None = None
    rest_s: int = 60
    load_kg: float | None = None
    tempo: Tempo | None = None
    range_of_motion_deg: float | None = None
    lesson: LessonPart | None = None
    target_rpe: float | None = None


@event("workout.prescribed", version=6)
class WorkoutPrescribed:
    name: Personal[str]
    author_id: UserId
    exercises: tuple[PrescribedExercise, ...]
    notes: Notes = None
    at: datetime


@event("workout.revised", version=6)
class WorkoutRevised:
    name: Personal[str]
    exercises: tuple[PrescribedExercise, ...]
    notes: Notes = None
    at: datetime


@event("workout.deleted", version=1)
class WorkoutDeleted:
    """The workout is no longer listed; plans and sessions that have it keep it."""

    at: datetime


@event("workout.restored", version=1)
class WorkoutRestored:
    at: datetime


WorkoutEvent = WorkoutPrescribed | WorkoutRevised | WorkoutDeleted | WorkoutRestored
