"""Assignment service: workouts that trainers assign to athletes who allow it.

Workouts are read from the log at each use, as permissions are. So a workout of a trainer whose
permission has ended, also with their role, is not offered from that moment on.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from application.assignments.ended import ended_workouts
from application.assignments.requests import SESSION_PREFIX
from application.assignments.texts import is_erased
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.pagination import page_of
from application.kernel.ports import AppendResult, Clock, EventLog
from application.kernel.read_models import Page, Window
from application.sessions.service import to_prescribed_lines
from application.supervision.service import SupervisionService
from domain.assignments import commands
from domain.assignments.assignments import ASSIGNMENTS, Assignment, Assignments
from domain.assignments.commands import AssignmentCommand, EndTrainer
from domain.ids import AssignmentId, SessionId, TenantId, UserId
from domain.kernel import Origin, value
from domain.personal import Erased, Personal
from domain.sessions.commands import StartSession
from domain.sessions.prescription_commands import TakePrescription
from domain.sessions.session import SESSION
from domain.workouts.events import PrescribedExercise
from domain.workouts.omitted import NOTHING, Omitted


@value
class Content:
    """What a trainer writes: a workout, the day to perform it, and notes to the athlete.

    `note` is to the whole workout; `notes` are to its exercises, one for each, or none at all.
    `omitted` is what a change leaves as it was.
    """

    name: str
    note: str
    exercises: tuple[PrescribedExercise, ...]
    due_on: date
    notes: tuple[str, ...] = ()
    omitted: Omitted = NOTHING


@dataclass(frozen=True)
class AssignmentService:
    """Changes and lists assigned workouts for callers who are authorized."""

    log: EventLog
    commands: CommandHandler
    supervision: SupervisionService
    clock: Clock

    def state(self, tenant_id: TenantId, athlete_id: UserId) -> Assignments:
        """Return all workouts of an athlete. Raises StorageUnavailable."""
        history = self.log.load(tenant_id, f"{ASSIGNMENTS.category}-{athlete_id}")
        return ASSIGNMENTS.fold(recorded.event for recorded in history)

    def of_athlete(self, tenant_id: TenantId, athlete_id: UserId) -> tuple[Assignment, ...]:
        """Return an athlete's workouts: open ones by day, then ended ones, the latest first.

        Workouts that were not begun are left out if their trainer may not assign any now. So are
        all texts of trainers who were erased.
        """
        state = self.state(tenant_id, athlete_id)
        trainers = {each.trainer_id for each in (*state.pending, *state.ended)}
        erased = {each for each in trainers if is_erased(self.log, tenant_id, each)}
        allowed = {each for each in trainers if self.may_assign(tenant_id, athlete_id, each)}
        current = [
            each for each in state.pending if each.state == "begun" or each.trainer_id in allowed
        ]
        return tuple(
            _without_texts(each) if each.trainer_id in erased else each
            for each in _in_order(current, state.ended)
        )

    def of_trainer(
        self, tenant_id: TenantId, athlete_id: UserId, trainer_id: UserId
    ) -> tuple[Assignment, ...]:
        """Return the workouts that a trainer has assigned to an athlete, in the same order."""
        state = self.state(tenant_id, athlete_id)
        return _in_order(
            [each for each in state.pending if each.trainer_id == trainer_id],
            [each for each in state.ended if each.trainer_id == trainer_id],
        )

    def ended_page(
        self, tenant_id: TenantId, athlete_id: UserId, wanted: Window
    ) -> Page[Assignment]:
        """Return a page of an athlete's ended workouts, the latest first. Raises CursorInvalid.

        Texts of trainers who were erased are left out.
        """
        history = self.log.load(tenant_id, f"{ASSIGNMENTS.category}-{athlete_id}")
        page = page_of(ended_workouts(history), wanted, lambda each: each.id)
        trainers = {edge.row.trainer_id for edge in page.edges}
        erased = {each for each in trainers if is_erased(self.log, tenant_id, each)}
        edges = tuple(
            replace(edge, row=_without_texts(edge.row)) if edge.row.trainer_id in erased else edge
            for edge in page.edges
        )
        return replace(page, edges=edges)

    def may_assign(self, tenant_id: TenantId, athlete_id: UserId, trainer_id: UserId) -> bool:
        """Return whether an athlete lets a trainer assign workouts to them now."""
        permission = self.supervision.current(tenant_id, athlete_id, trainer_id)
        return permission is not None and permission.assign

    def assign(
        self,
        athlete_id: UserId,
        trainer_id: UserId,
        content: Content,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> tuple[AssignmentId, AppendResult]:
        """Assign a workout, once per `command_id`.

        Raises WorkoutEmpty, TargetAmbiguous, TooManyAssignments and InvalidValue.
        """
        key, at = AssignmentId(str(uuid5(command_id, "assignment"))), self.clock()
        command = commands.AssignWorkout(
            assignment_id=key,
            athlete_id=athlete_id,
            trainer_id=trainer_id,
            name=content.name,
            note=content.note,
            exercises=content.exercises,
            notes=content.notes,
            due_on=content.due_on,
            at=at,
        )
        ended = self._ended(origin.tenant_id, athlete_id, at)
        request = Request(ASSIGNMENTS, athlete_id, [*ended, command])
        return key, self.commands.execute(request, origin=origin, command_id=command_id)

    def _ended(self, tenant_id: TenantId, athlete_id: UserId, at: datetime) -> list[EndTrainer]:
        """Return the ends of workouts of trainers who may no longer assign, if no place is left.

        The athlete does not see these workouts, so could not make room for others.
        """
        pending = self.state(tenant_id, athlete_id).pending
        if len(pending) < commands.MAX_OPEN:
            return []
        return [
            EndTrainer(trainer_id=each, at=at)
            for each in sorted({each.trainer_id for each in pending})
            if not self.may_assign(tenant_id, athlete_id, each)
        ]

    def adjust(
        self,
        athlete_id: UserId,
        trainer_id: UserId,
        key: AssignmentId,
        revision: int,
        content: Content,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Change a workout of this trainer that was not begun.

        Raises AssignmentNotFound, AssignmentBegunAlready, AssignmentOver, AssignmentChanged, and
        what `assign` raises.
        """
        command = commands.AdjustAssignment(
            assignment_id=key,
            trainer_id=trainer_id,
            revision=revision,
            name=content.name,
            note=content.note,
            exercises=content.exercises,
            notes=content.notes,
            omitted=content.omitted,
            due_on=content.due_on,
            at=self.clock(),
        )
        return self.execute(athlete_id, command, origin=origin, command_id=command_id)

    def execute(
        self,
        athlete_id: UserId,
        command: AssignmentCommand,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Execute a command about workouts of one athlete. Raises refusals."""
        request = Request(ASSIGNMENTS, athlete_id, [command])
        return self.commands.execute(request, origin=origin, command_id=command_id)

    def start(
        self,
        athlete_id: UserId,
        key: AssignmentId,
        *,
        at: datetime,
        time_zone: str,
        origin: Origin,
        command_id: UUID,
    ) -> tuple[SessionId, AppendResult]:
        """Begin a workout in a new session, once per `command_id`. Later changes have no effect.

        Raises AssignmentNotFound, AssignmentBegunAlready, AssignmentOver and InvalidValue.
        """
        tenant_id = origin.tenant_id
        session_id = SessionId(f"{SESSION_PREFIX}{uuid5(command_id, 'session')}")
        assignment = self.state(tenant_id, athlete_id).find(key)
        if assignment is None:
            raise commands.AssignmentNotFound
        is_offered = self.may_assign(tenant_id, athlete_id, assignment.trainer_id)
        is_executed = self.log.done(tenant_id, command_id) is not None
        if assignment.state == "assigned" and not (is_offered or is_executed):
            raise commands.AssignmentNotFound
        begin = commands.BeginAssignment(
            assignment_id=key, revision=assignment.revision, session_id=session_id, at=self.clock()
        )
        start = StartSession(athlete_id=athlete_id, workout_id=None, at=at, time_zone=time_zone)
        take = TakePrescription(lines=to_prescribed_lines(assignment.exercises))
        appended = self.commands.execute(
            Request(ASSIGNMENTS, athlete_id, [begin]),
            Request(SESSION, session_id, [start, take]),
            origin=origin,
            command_id=command_id,
        )
        return session_id, appended


def _without_texts(assignment: Assignment) -> Assignment:
    nothing = Personal[str](assignment.name.subject, Erased())
    return replace(assignment, name=nothing, note=nothing, notes=None)


def _in_order(
    current: Collection[Assignment], ended: Collection[Assignment]
) -> tuple[Assignment, ...]:
    by_day = sorted(current, key=lambda each: (each.due_on, each.assigned_at))
    latest = sorted(ended, key=lambda each: each.changed_at, reverse=True)
    return (*by_day, *latest)
