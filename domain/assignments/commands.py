"""Commands of workouts that trainers assign to one athlete, and their refusals."""

from datetime import date, datetime
from typing import Final

from domain.ids import AssignmentId, SessionId, UserId
from domain.kernel import Rejected, command
from domain.values import InvalidValue, within, within_calendar
from domain.workouts.commands import check_prescription
from domain.workouts.events import PrescribedExercise
from domain.workouts.omitted import NOTHING, Omitted

MAX_NOTE_LENGTH: Final = 1000
"""Characters of a trainer's note to the athlete."""

MAX_OPEN: Final = 50
"""Workouts of one athlete, of all trainers, that are assigned or begun."""

MAX_DAYS_AHEAD: Final = 366
"""Largest number of days between today and the day of a workout."""


@command
class AssignWorkout:
    """Assign a workout to an athlete who allows this trainer to."""

    assignment_id: AssignmentId
    athlete_id: UserId
    trainer_id: UserId
    name: str
    note: str
    exercises: tuple[PrescribedExercise, ...]
    notes: tuple[str, ...] = ()
    due_on: date
    at: datetime

    def __post_init__(self) -> None:
        if self.athlete_id == self.trainer_id:
            raise InvalidValue("You cannot assign a workout to yourself. Write your own instead.")
        check_content(self)


@command
class AdjustAssignment:
    """Change a workout that was not begun. `revision` is the one that the trainer saw.

    Values that the request leaves out stay as they are.
    """

    assignment_id: AssignmentId
    trainer_id: UserId
    revision: int
    name: str
    note: str
    exercises: tuple[PrescribedExercise, ...]
    notes: tuple[str, ...] = ()
    omitted: Omitted = NOTHING
    due_on: date
    at: datetime

    def __post_init__(self) -> None:
        check_content(self)


@command
class WithdrawAssignment:
    """Take a workout back. Only the trainer who assigned it may."""

    assignment_id: AssignmentId
    trainer_id: UserId
    at: datetime


@command
class EndTrainer:
    """Withdraw the workouts of a trainer that were not begun: their permission has ended."""

    trainer_id: UserId
    at: datetime


@command
class BeginAssignment:
    """Perform a workout, as it is in this revision, in a new session."""

    assignment_id: AssignmentId
    revision: int
    session_id: SessionId
    at: datetime


@command
class DeclineAssignment:
    """Decline a workout, also one that was begun."""

    assignment_id: AssignmentId
    at: datetime


@command
class NoteCompleted:
    """Record that a session was completed. It counts if a workout was begun in it."""

    session_id: SessionId
    at: datetime


@command
class NoteDeleted:
    """Record that a session was deleted. A workout that was begun in it is open again."""

    session_id: SessionId
    at: datetime


@command
class NoteRestored:
    """Record that a deleted session was restored.

    The workout that was begun in it is begun in it again, unless it was begun in another one or
    has ended meanwhile.
    """

    session_id: SessionId
    at: datetime


AssignmentCommand = (
    AssignWorkout
    | AdjustAssignment
    | WithdrawAssignment
    | EndTrainer
    | BeginAssignment
    | DeclineAssignment
    | NoteCompleted
    | NoteDeleted
    | NoteRestored
)


class AssignmentNotFound(Rejected):
    """There is no assigned workout with this id."""

    code = "assignment.unknown"
    kind = "not_found"


class AssignmentBegunAlready(Rejected):
    """The athlete has begun this workout already. It cannot be begun again or changed."""

    code = "assignment.begun"


class AssignmentOver(Rejected):
    """This workout was done, declined or withdrawn. Nothing about it can be changed."""

    code = "assignment.over"


class AssignmentChanged(Rejected):
    """The workout was changed since you opened it. Load it again."""

    code = "assignment.changed"


class TooManyAssignments(Rejected):
    """The athlete has 50 open workouts. Wait until one is done, or withdraw one."""

    code = "assignment.too_many"


def check_content(written: AssignWorkout | AdjustAssignment) -> None:
    """Check what a trainer assigns. Raises as `check_prescription` does."""
    check_prescription(written.name, written.exercises, written.notes)
    within("length of the note", len(written.note), 0, MAX_NOTE_LENGTH)
    within_calendar(written.due_on)
