"""Workouts that trainers assign to athletes: their view, inputs and writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.views.base import Body, StrictBody, documented, write
from api.views.prescriptions import (
    Name,
    PlanLine,
    PrescribedExercise,
    to_exercises,
    to_lines,
    to_notes,
    to_omitted,
)
from api.views.supervision import own_id, trainer_names
from api.views.workouts import ExecutionWritten
from application.assignments.service import Content
from application.caller import ANONYMOUS, Caller, checked_id
from application.kernel.ports import AppendResult
from application.kernel.read_models import Edge, Page, Window
from application.sessions.service import SessionResult
from domain.assignments import commands
from domain.assignments.assignments import OPEN, AssignmentState
from domain.assignments.assignments import Assignment as State
from domain.ids import AssignmentId, UserId
from domain.personal import text_of
from domain.supervision.commands import AthleteNotFound
from domain.workouts.notes import texts_of

Note = Annotated[str, documented(maxLength=commands.MAX_NOTE_LENGTH)]


class Assignment(Body):
    """A workout that a trainer assigned to an athlete."""

    assignment_id: str
    athlete_id: str
    trainer_id: str
    trainer_name: str | None
    name: str
    note: str = Field(description="What the trainer says about it; may be empty.")
    exercises: tuple[PlanLine, ...]
    due_on: date
    state: AssignmentState
    revision: int = Field(description="From 1; each change by the trainer adds one.")
    session_id: str | None = Field(description="The session that performs it; null: none yet.")
    assigned_at: datetime
    changed_at: datetime


class Assignments(Body):
    """Assigned workouts: open ones by day, then the latest that ended."""

    items: tuple[Assignment, ...]


def own_assignments(caller: Caller, *, open_only: bool = False) -> Assignments:
    """Return the workouts that trainers have assigned to the caller, or only those not over."""
    athlete = own_id(caller)
    found = caller.platform.assignments.of_athlete(caller.tenant_id, athlete)
    if open_only:
        found = tuple(each for each in found if each.state in OPEN)
    return Assignments(items=_views(caller, athlete, found))


def ended_assignments(caller: Caller, wanted: Window) -> Page[Assignment]:
    """Return a page of the caller's assigned workouts that have ended, the latest first."""
    athlete = own_id(caller)
    page = caller.platform.assignments.ended_page(caller.tenant_id, athlete, wanted)
    shown = _views(caller, athlete, (edge.row for edge in page.edges))
    edges = tuple(
        Edge(edge.cursor, edge.key, view) for edge, view in zip(page.edges, shown, strict=True)
    )
    return Page(edges, has_next=page.has_next, has_previous=page.has_previous)


def athlete_assignments(caller: Caller, athlete_id: str) -> Assignments:
    """Return the workouts that the caller, a trainer, has assigned. Raises AthleteNotFound."""
    athlete = UserId(checked_id(athlete_id))
    if not caller.sees_as_trainer("assignment", athlete):
        raise AthleteNotFound
    found = caller.platform.assignments.of_trainer(caller.tenant_id, athlete, own_id(caller))
    return Assignments(items=_views(caller, athlete, found))


def find_assignment(caller: Caller, athlete_id: str, assignment_id: str) -> Assignment | None:
    """Return a workout after a change by the caller, or None."""
    is_own = athlete_id == own_id(caller)
    found = own_assignments(caller) if is_own else athlete_assignments(caller, athlete_id)
    return next((each for each in found.items if each.assignment_id == assignment_id), None)


def _views(caller: Caller, athlete: UserId, found: Iterable[State]) -> tuple[Assignment, ...]:
    every = tuple(found)
    names = trainer_names(caller, {each.trainer_id for each in every})
    return tuple(
        Assignment(
            assignment_id=each.id,
            athlete_id=athlete,
            trainer_id=each.trainer_id,
            trainer_name=names.get(each.trainer_id),
            name=text_of(each.name),
            note=text_of(each.note),
            exercises=to_lines(each.exercises, texts_of(each.notes)),
            due_on=each.due_on,
            state=each.state,
            revision=each.revision,
            session_id=each.session_id,
            assigned_at=each.assigned_at,
            changed_at=each.changed_at,
        )
        for each in every
    )


@dataclass(frozen=True, slots=True)
class AssignmentWritten:
    """Result of a command: the log has it up to `position`."""

    athlete_id: str
    assignment_id: str
    position: int
    repeated: bool

    @classmethod
    def of(cls, athlete_id: str, key: str, appended: AppendResult) -> "AssignmentWritten":
        """Return the result of an append."""
        return cls(athlete_id, key, appended.position, appended.repeated)


class AssignWorkout(StrictBody):
    """A workout for one athlete, to be performed on a day."""

    name: Name
    note: Note = ""
    exercises: tuple[PrescribedExercise, ...]
    due_on: date = Field(description="Today or later, at most 366 days ahead.")


class AdjustAssignment(AssignWorkout):
    """The whole workout after the change. It is refused unless `revision` is the current one.

    An exercise keeps its `targetRpe` and its `note` if they are left out.
    """

    revision: int


@write
def assign_workout(
    caller: Caller, athlete_id: str, body: AssignWorkout, command_id: UUID
) -> AssignmentWritten:
    """Assign a workout to an athlete who lets you. At most 50 of an athlete are open."""
    athlete = _athlete(caller, athlete_id)
    key, appended = caller.platform.assignments.assign(
        athlete,
        own_id(caller),
        _content(body),
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return AssignmentWritten.of(athlete, key, appended)


@write
def adjust_assignment(
    caller: Caller, athlete_id: str, assignment_id: str, body: AdjustAssignment, command_id: UUID
) -> AssignmentWritten:
    """Change a workout that you have assigned, until the athlete begins it."""
    athlete, key = _athlete(caller, athlete_id), AssignmentId(checked_id(assignment_id))
    appended = caller.platform.assignments.adjust(
        athlete,
        own_id(caller),
        key,
        body.revision,
        _content(body),
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return AssignmentWritten.of(athlete, key, appended)


@write
def withdraw_assignment(
    caller: Caller, athlete_id: str, assignment_id: str, command_id: UUID
) -> AssignmentWritten:
    """Take back a workout that you have assigned, until the athlete begins it."""
    athlete, key = _athlete(caller, athlete_id), AssignmentId(checked_id(assignment_id))
    command = commands.WithdrawAssignment(
        assignment_id=key, trainer_id=own_id(caller), at=caller.platform.clock()
    )
    return _execute(caller, athlete, key, command, command_id)


def _athlete(caller: Caller, athlete_id: str) -> UserId:
    """Return an athlete who lets the caller assign workouts. Raises AthleteNotFound."""
    athlete = UserId(checked_id(athlete_id))
    if not caller.assigns_to(athlete):
        raise AthleteNotFound
    return athlete


def _content(body: AssignWorkout) -> Content:
    lines = body.exercises
    return Content(
        name=body.name,
        note=body.note,
        exercises=to_exercises(lines),
        due_on=body.due_on,
        notes=to_notes(lines),
        omitted=to_omitted(lines),
    )


@write
def decline_assignment(caller: Caller, assignment_id: str, command_id: UUID) -> AssignmentWritten:
    """Decline a workout that a trainer assigned to you. The trainer sees it."""
    athlete, key = own_id(caller), AssignmentId(checked_id(assignment_id))
    caller.require("write", "assignment", athlete)
    command = commands.DeclineAssignment(assignment_id=key, at=caller.platform.clock())
    return _execute(caller, athlete, key, command, command_id)


def _execute(
    caller: Caller,
    athlete: UserId,
    key: AssignmentId,
    command: commands.AssignmentCommand,
    command_id: UUID,
) -> AssignmentWritten:
    appended = caller.platform.assignments.execute(
        athlete, command, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return AssignmentWritten.of(athlete, key, appended)


class StartAssignment(StrictBody):
    """Perform an assigned workout; without `at` it begins now."""

    at: AwareDatetime | None = None
    time_zone: str = "UTC"


@write
def start_assignment(
    caller: Caller, assignment_id: str, body: StartAssignment, command_id: UUID
) -> ExecutionWritten:
    """Start a workout that a trainer assigned to you. Later changes of it have no effect."""
    athlete, key = own_id(caller), AssignmentId(checked_id(assignment_id))
    caller.require("write", "assignment", athlete)
    caller.require("write", "session", athlete)
    sessions = caller.platform.sessions
    session_id, appended = caller.platform.assignments.start(
        athlete,
        key,
        at=sessions.time(body.at),
        time_zone=body.time_zone,
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    result = SessionResult(sessions.get(caller.tenant_id, session_id), appended)
    return ExecutionWritten.after(result, caller.platform.clock())
