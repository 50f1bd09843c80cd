"""Program service: plan and change programs, perform their days, back-test rules."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock, EventLog
from application.kernel.read_models import ReadModels, Window
from application.programs.requests import day_workout_id
from domain.ids import ExerciseId, ProgramId, SessionId, TenantId, UserId
from domain.kernel import Origin
from domain.programs import commands
from domain.programs.back_test import BackTestStep, PastExercise, back_test
from domain.programs.commands import ProgramCommand
from domain.programs.content import PlannedExercise, days_of
from domain.programs.programs import PROGRAMS
from domain.programs.progression import PerformedSet, Rule
from domain.programs.states import Program, Programs
from domain.sessions.commands import StartSession
from domain.sessions.prescription_commands import TakePrescription
from domain.sessions.prescription_events import PrescribedLine
from domain.sessions.session import SESSION
from projections.exercise_performance import EXERCISE_PERFORMANCE, ExercisePerformance

HISTORY: Final = 50
"""Sessions of a back-test: the latest."""


@dataclass(frozen=True)
class ProgramService:
    """Programs of callers who are authorized, from the log."""

    log: EventLog
    commands: CommandHandler
    read: ReadModels
    clock: Clock

    def state(self, tenant_id: TenantId, athlete_id: UserId) -> Programs:
        """Return the programs of an athlete. Raises StorageUnavailable."""
        history = self.log.load(tenant_id, f"{PROGRAMS.category}-{athlete_id}")
        return PROGRAMS.fold(recorded.event for recorded in history)

    def get(self, tenant_id: TenantId, athlete_id: UserId, program_id: ProgramId) -> Program:
        """Return a program. Raises ProgramNotFound."""
        program = self.state(tenant_id, athlete_id).find(program_id)
        if program is None:
            raise commands.ProgramNotFound
        return program

    def execute(
        self, athlete_id: UserId, command: ProgramCommand, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Execute a command about programs of one athlete. Raises refusals."""
        request = Request(PROGRAMS, athlete_id, [command])
        return self.commands.execute(request, origin=origin, command_id=command_id)

    def start_day(
        self,
        athlete_id: UserId,
        program_id: ProgramId,
        day: int | None,
        *,
        at: datetime,
        time_zone: str,
        origin: Origin,
        command_id: UUID,
    ) -> tuple[SessionId, AppendResult]:
        """Begin a day in a new session, the next one by default. Later changes have no effect.

        Raises ProgramNotFound, ProgramOver, DayNotFound and InvalidValue.
        """
        tenant_id = origin.tenant_id
        session_id = SessionId(f"program.{uuid5(command_id, 'session')}")
        if done := self.log.done(tenant_id, command_id):
            return session_id, done
        program = self.get(tenant_id, athlete_id, program_id)
        if program.ended_at is not None:
            raise commands.ProgramOver
        number, days = day or program.next_day, tuple(days_of(program.weeks))
        if number is None or not 1 <= number <= len(days):
            raise commands.DayNotFound
        start = StartSession(
            athlete_id=athlete_id,
            workout_id=day_workout_id(program_id, number),
            at=at,
            time_zone=time_zone,
        )
        take = TakePrescription(lines=tuple(_line(each) for each in days[number - 1].exercises))
        request = Request(SESSION, session_id, [start, take])
        appended = self.commands.execute(request, origin=origin, command_id=command_id)
        return session_id, appended

    def back_test(
        self, tenant_id: TenantId, program: Program, exercise_id: ExerciseId, rule: Rule
    ) -> tuple[BackTestStep, ...]:
        """Run a rule over the athlete's latest sessions with an exercise of the program.

        Empty if the program does not have the exercise, or it was never performed.
        """
        planned = (each for day in days_of(program.weeks) for each in day.exercises)
        first = next((each for each in planned if each.exercise_id == exercise_id), None)
        if first is None:
            return ()
        page = self.read.page(
            EXERCISE_PERFORMANCE,
            tenant_id,
            window=Window(first=HISTORY),
            where={"athlete_id": program.athlete_id, "exercise_id": exercise_id, "shown": True},
            order_by="at",
            descending=True,
        )
        history = [_past(edge.row) for edge in reversed(page.edges)]
        # The history begins with its own loads, not with those that the program has reached.
        return back_test(rule, _without_load(first), history)


def _line(planned: PlannedExercise) -> PrescribedLine:
    return PrescribedLine(
        planned.exercise_id,
        planned.sets,
        planned.repetitions,
        planned.hold_s,
        planned.rest_s,
        planned.load_kg,
        planned.target_rpe,
    )


def _past(row: ExercisePerformance) -> PastExercise:
    sets = tuple(
        PerformedSet(each.repetitions, each.held_ms / 1000, each.load_kg, each.form)
        for each in row.sets
    )
    return PastExercise(row.session_id, row.at, sets)


def _without_load(planned: PlannedExercise) -> PlannedExercise:
    return replace(planned, load_kg=None)
