"""Assignments decider: the workouts that trainers assign to one athlete.

A workout is `assigned`, then `begun` in a session, then `done`; or it is `declined` by the athlete
or `withdrawn`. Whether a trainer may assign workouts is not decided here.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from domain.assignments import commands, events
from domain.ids import AssignmentId, SessionId, UserId
from domain.kernel import Decider, value
from domain.personal import Personal
from domain.values import InvalidValue
from domain.workouts.events import PrescribedExercise
from domain.workouts.notes import Notes, texts_of, to_personal
from domain.workouts.omitted import Lines

AssignmentState = Literal["assigned", "begun", "done", "declined", "withdrawn"]

OPEN: Final = frozenset[AssignmentState](["assigned", "begun"])

MAX_ENDED: Final = 100
"""Latest ended workouts of an athlete that are remembered. The log has all of them."""


@value
class Assignment:
    """A workout for one athlete. `revision` counts its changes by the trainer, from 1.

    `deleted_session_id` is the session in which it was begun last, if that was deleted.
    """

    id: AssignmentId
    trainer_id: UserId
    name: Personal[str]
    note: Personal[str]
    exercises: tuple[PrescribedExercise, ...]
    due_on: date
    assigned_at: datetime
    changed_at: datetime
    state: AssignmentState = "assigned"
    revision: int = 1
    session_id: SessionId | None = None
    deleted_session_id: SessionId | None = None
    notes: Notes = None


@value
class Assignments:
    """Workouts of an athlete: all open ones, then the latest that ended, each in order."""

    pending: tuple[Assignment, ...] = ()
    ended: tuple[Assignment, ...] = ()

    def find(self, assignment_id: AssignmentId) -> Assignment | None:
        """Return a workout, or None."""
        every = (*self.pending, *self.ended)
        return next((each for each in every if each.id == assignment_id), None)

    def performed_in(self, session_id: SessionId) -> Assignment | None:
        """Return the workout that was begun in a session and is not over, or None."""
        begun = (each for each in self.pending if each.state == "begun")
        return next((each for each in begun if each.session_id == session_id), None)

    def begun_in_deleted(self, session_id: SessionId) -> Assignment | None:
        """Return the workout that is assigned again because this session was deleted, or None."""
        waiting = (each for each in self.pending if each.state == "assigned")
        return next((each for each in waiting if each.deleted_session_id == session_id), None)

    def changed(self, assignment: Assignment) -> "Assignments":
        """Return the workouts with this one in its new state."""
        others = tuple(each for each in self.pending if each.id != assignment.id)
        if assignment.state not in OPEN:
            return Assignments(others, (*self.ended, assignment)[-MAX_ENDED:])
        same = tuple(assignment if each.id == assignment.id else each for each in self.pending)
        return replace(self, pending=same if assignment in same else (*others, assignment))


def decide(
    command: commands.AssignmentCommand, assignments: Assignments
) -> tuple[events.AssignmentEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    match command:
        case commands.AssignWorkout():
            return tuple(_assign(command, assignments))
        case commands.AdjustAssignment():
            return tuple(_adjust(command, assignments))
        case commands.WithdrawAssignment():
            return tuple(_withdraw(command, assignments))
        case commands.EndTrainer(trainer_id=trainer, at=at):
            return tuple(
                events.AssignmentWithdrawn(assignment_id=each.id, at=at)
                for each in assignments.pending
                if each.trainer_id == trainer and each.state == "assigned"
            )
        case commands.BeginAssignment(assignment_id=key, session_id=session, at=at):
            _require_assigned(_existing(assignments, key), command.revision)
            return (events.AssignmentBegun(assignment_id=key, session_id=session, at=at),)
        case commands.DeclineAssignment():
            return tuple(_decline(command, assignments))
        case commands.NoteCompleted() | commands.NoteDeleted():
            return tuple(_note(command, assignments))
        case commands.NoteRestored(session_id=session, at=at):
            begun = assignments.begun_in_deleted(session)
            if begun is None:
                return ()
            return (events.AssignmentBegun(assignment_id=begun.id, session_id=session, at=at),)


def _assign(
    command: commands.AssignWorkout, assignments: Assignments
) -> Iterator[events.AssignmentEvent]:
    if assignments.find(command.assignment_id) is not None:
        return  # idempotent
    if len(assignments.pending) >= commands.MAX_OPEN:
        raise commands.TooManyAssignments
    _check_due(command.due_on, command.at)
    yield events.WorkoutAssigned(
        assignment_id=command.assignment_id,
        athlete_id=command.athlete_id,
        trainer_id=command.trainer_id,
        name=Personal(command.athlete_id, command.name),
        note=Personal(command.athlete_id, command.note),
        exercises=command.exercises,
        notes=to_personal(command.athlete_id, command.notes),
        due_on=command.due_on,
        at=command.at,
    )


def _adjust(
    command: commands.AdjustAssignment, assignments: Assignments
) -> Iterator[events.AssignmentEvent]:
    current = _of_trainer(assignments, command.assignment_id, command.trainer_id)
    _require_assigned(current, command.revision)
    if command.due_on != current.due_on:
        _check_due(command.due_on, command.at)
    before = Lines(current.exercises, texts_of(current.notes))
    lines = Lines(command.exercises, command.notes).with_kept(command.omitted, before)
    adjusted = events.AssignmentAdjusted(
        assignment_id=current.id,
        name=Personal(current.name.subject, command.name),
        note=Personal(current.note.subject, command.note),
        exercises=lines.exercises,
        notes=to_personal(current.note.subject, lines.notes),
        due_on=command.due_on,
        at=command.at,
    )
    if _content(adjusted) != _content(current):
        yield adjusted


def _withdraw(
    command: commands.WithdrawAssignment, assignments: Assignments
) -> Iterator[events.AssignmentEvent]:
    current = _of_trainer(assignments, command.assignment_id, command.trainer_id)
    if current.state != "withdrawn":
        _require_assigned(current)
        yield events.AssignmentWithdrawn(assignment_id=current.id, at=command.at)


def _decline(
    command: commands.DeclineAssignment, assignments: Assignments
) -> Iterator[events.AssignmentEvent]:
    current = _existing(assignments, command.assignment_id)
    if current.state != "declined":
        if current.state not in OPEN:
            raise commands.AssignmentOver
        yield events.AssignmentDeclined(assignment_id=current.id, at=command.at)


def _note(
    command: commands.NoteCompleted | commands.NoteDeleted, assignments: Assignments
) -> Iterator[events.AssignmentEvent]:
    """Yield what the end of a session means for the workout that was begun in it."""
    performed = assignments.performed_in(command.session_id)
    if performed is not None:
        is_done = isinstance(command, commands.NoteCompleted)
        ended = events.AssignmentDone if is_done else events.AssignmentReopened
        yield ended(assignment_id=performed.id, at=command.at)


def _content(it: Assignment | events.AssignmentAdjusted) -> tuple[object, ...]:
    return it.name, it.note, it.exercises, it.notes, it.due_on


def _existing(assignments: Assignments, key: AssignmentId) -> Assignment:
    current = assignments.find(key)
    if current is None:
        raise commands.AssignmentNotFound
    return current


def _of_trainer(assignments: Assignments, key: AssignmentId, trainer_id: UserId) -> Assignment:
    """Return a workout of this trainer. Those of others do not exist for them."""
    current = _existing(assignments, key)
    if current.trainer_id != trainer_id:
        raise commands.AssignmentNotFound
    return current


def _require_assigned(current: Assignment, revision: int | None = None) -> None:
    """Raise a refusal unless a workout is assigned and not begun, in this revision if given."""
    if current.state == "begun":
        raise commands.AssignmentBegunAlready
    if current.state != "assigned":
        raise commands.AssignmentOver
    if revision not in {None, current.revision}:
        raise commands.AssignmentChanged


def _check_due(due_on: date, at: datetime) -> None:
    """Raise InvalidValue for a day that is over everywhere, or too far ahead."""
    today = at.date()
    if due_on < today - timedelta(days=1):
        raise InvalidValue(f"{due_on} is over. Choose today or a later day.")
    if due_on > today + timedelta(days=commands.MAX_DAYS_AHEAD):
        raise InvalidValue(f"Choose a day within {commands.MAX_DAYS_AHEAD} days.")


def evolve(assignments: Assignments, event: events.AssignmentEvent) -> Assignments:
    """Apply one event. History is never refused."""
    if isinstance(event, events.WorkoutAssigned):
        return assignments.changed(_assigned(event))
    current = assignments.find(event.assignment_id)
    if current is None:
        return assignments
    match event:
        case events.AssignmentAdjusted():
            new = replace(
                current,
                name=event.name,
                note=event.note,
                exercises=event.exercises,
                notes=event.notes,
                due_on=event.due_on,
                revision=current.revision + 1,
            )
        case events.AssignmentBegun(session_id=session):
            new = replace(current, state="begun", session_id=session, deleted_session_id=None)
        case events.AssignmentReopened():
            deleted = current.session_id
            new = replace(current, state="assigned", session_id=None, deleted_session_id=deleted)
        case events.AssignmentDone():
            new = replace(current, state="done")
        case events.AssignmentDeclined():
            new = replace(current, state="declined")
        case events.AssignmentWithdrawn():
            new = replace(current, state="withdrawn")
    return assignments.changed(replace(new, changed_at=event.at))


def _assigned(event: events.WorkoutAssigned) -> Assignment:
    return Assignment(
        id=event.assignment_id,
        trainer_id=event.trainer_id,
        name=event.name,
        note=event.note,
        exercises=event.exercises,
        notes=event.notes,
        due_on=event.due_on,
        assigned_at=event.at,
        changed_at=event.at,
    )


ASSIGNMENTS = Decider[commands.AssignmentCommand, events.AssignmentEvent, Assignments](
    "assignments", initial=Assignments(), decide=decide, evolve=evolve
)
