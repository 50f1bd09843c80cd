"""Events of workouts that trainers assign to one athlete.

The stream has the id of the athlete. Names and notes are texts about the athlete, so they are
encrypted with the athlete's key.
"""

from datetime import date, datetime

from domain.ids import AssignmentId, SessionId, UserId
from domain.kernel import event
from domain.personal import Personal
from domain.workouts.events import PrescribedExercise
from domain.workouts.notes import Notes


@event("assignment.assigned", version=4)
class WorkoutAssigned:
    """A trainer assigned a workout, to be performed on a day.

    An empty note says nothing. `notes` are those to the exercises.
    """

    assignment_id: AssignmentId
    athlete_id: UserId
    trainer_id: UserId
    name: Personal[str]
    note: Personal[str]
    exercises: tuple[PrescribedExercise, ...]
    notes: Notes = None
    due_on: date
    at: datetime


@event("assignment.adjusted", version=4)
class AssignmentAdjusted:
    """The trainer changed a workout that the athlete had not begun."""

    assignment_id: AssignmentId
    name: Personal[str]
    note: Personal[str]
    exercises: tuple[PrescribedExercise, ...]
    notes: Notes = None
    due_on: date
    at: datetime


@event("assignment.begun")
class AssignmentBegun:
    """The athlete performs the workout, in a session of this id."""

    assignment_id: AssignmentId
    session_id: SessionId
    at: datetime


@event("assignment.reopened")
class AssignmentReopened:
    """The session of the workout was deleted before its end. It can be begun again."""

    assignment_id: AssignmentId
    at: datetime


@event("assignment.done")
class AssignmentDone:
    """The athlete completed the session of the workout."""

    assignment_id: AssignmentId
    at: datetime


@event("assignment.declined")
class AssignmentDeclined:
    """The athlete does not perform the workout."""

    assignment_id: AssignmentId
    at: datetime


@event("assignment.withdrawn")
class AssignmentWithdrawn:
    """The trainer took the workout back, or may no longer assign workouts."""

    assignment_id: AssignmentId
    at: datetime


AssignmentEvent = (
    WorkoutAssigned
    | AssignmentAdjusted
    | AssignmentBegun
    | AssignmentReopened
    | AssignmentDone
    | AssignmentDeclined
    | AssignmentWithdrawn
)
