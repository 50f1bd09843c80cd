"""Commands of training programs: inputs and writes."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from pydantic import AwareDatetime, Field

from api.views.base import StrictBody, write
from api.views.programs import ProgramNote, ProgramRule, ProgramWeek
from api.views.supervision import own_id
from api.views.workouts import ExecutionWritten
from application.caller import ANONYMOUS, Caller, checked_id
from application.kernel.ports import AppendResult
from application.sessions.service import SessionResult
from domain.catalog.events import Level
from domain.ids import ExerciseId, ProgramId, UserId
from domain.programs import commands
from domain.programs.content import MAX_DAYS_A_WEEK, MAX_WEEKS, Day, PlannedExercise, Week
from domain.programs.events import About, ExerciseNote
from domain.programs.goals import Goal
from domain.programs.omitted import Line
from domain.programs.planning import PlanRequest, plan_weeks
from domain.programs.progression import MAX_RESERVE, NO_RULE
from domain.programs.templates import Template, find_template, weeks_of
from domain.values import InvalidValue

MAX_NAMES = 20
MAX_TEMPLATE = 64
WEEK_COUNT = 4
"""Weeks of a plan, unless asked for another number."""

DAYS_A_WEEK = 3
"""Days of a week of a plan, unless asked for another number."""


@dataclass(frozen=True, slots=True)
class ProgramWritten:
    """Result of a command: the log has it up to `position`."""

    program_id: str
    position: int
    repeated: bool


class CreateProgram(StrictBody):
    """A new program. Without `weeks` they are those of the template, or planned for the goal."""

    name: str = Field(min_length=1, max_length=commands.MAX_NAME_LENGTH)
    goal: Goal
    template: str | None = Field(
        default=None,
        max_length=MAX_TEMPLATE,
        description="Id of a template. Exercises that do not fit `equipment` and `spared` are"
        " replaced; without `rule`, its rule applies.",
    )
    level: Level | None = Field(
        default=None, description="Null: that of the template, or `beginner`."
    )
    equipment: tuple[str, ...] | None = Field(
        default=None,
        max_length=MAX_NAMES,
        description="What you have, such as `barbell`. Null: what the template needs, or nothing.",
    )
    spared: tuple[str, ...] = Field(
        default=(), max_length=MAX_NAMES, description="Body parts that hurt."
    )
    week_count: int | None = Field(
        default=None,
        ge=1,
        le=MAX_WEEKS,
        description="Weeks to plan. Null: as many as the template has, or 4.",
    )
    days_a_week: int | None = Field(
        default=None,
        ge=1,
        le=MAX_DAYS_A_WEEK,
        description="Days to plan. Null: 3. A template has its own days; another number is"
        " refused.",
    )
    weeks: tuple[ProgramWeek, ...] | None = Field(
        default=None,
        max_length=MAX_WEEKS,
        description="All weeks, without `weekCount` and `daysAWeek`.",
    )
    rule: ProgramRule | None = Field(
        default=None, description="Null: that of the template, or none."
    )
    notes: tuple[ProgramNote, ...] = Field(
        default=(), max_length=commands.MAX_NOTES, description="At most one to each exercise."
    )


class ReviseProgram(StrictBody):
    """Name and all weeks after the change; refused unless `revision` is the current one.

    An exercise of a day keeps its `targetRpe` if it is left out.
    """

    revision: int
    name: str = Field(min_length=1, max_length=commands.MAX_NAME_LENGTH)
    weeks: tuple[ProgramWeek, ...] = Field(max_length=MAX_WEEKS)
    notes: tuple[ProgramNote, ...] | None = Field(
        default=None, max_length=commands.MAX_NOTES, description="Null: they stay as they are."
    )


class ExtendProgram(StrictBody):
    """Weeks to plan after those of the program."""

    weeks: int = Field(default=4, ge=1, le=MAX_WEEKS, description="Weeks to add.")


class ReportProgramEffort(StrictBody):
    """How many more repetitions of an exercise you could have done in its hardest set."""

    day: int = Field(ge=1, description="A day that was performed, from 1.")
    exercise_id: str
    reserve: int = Field(ge=0, le=MAX_RESERVE, description="10 - RPE.")


class StartProgramDay(StrictBody):
    """Perform a day, the next one by default; without `at` it begins now."""

    day: int | None = Field(default=None, ge=1, description="From 1, over all weeks.")
    at: AwareDatetime | None = None
    time_zone: str = "UTC"


@write
def create_program(caller: Caller, body: CreateProgram, command_id: UUID) -> ProgramWritten:
    """Create a program of your own. At most 10 have not ended."""
    athlete, key = _athlete(caller), ProgramId(str(uuid5(command_id, "program")))
    template = None if body.template is None else find_template(body.template)
    level, equipment, default = body.level or "beginner", body.equipment or (), NO_RULE
    if template is not None:
        level, default = body.level or template.level, template.rule
        equipment = template.equipment if body.equipment is None else body.equipment
    count, days = body.week_count or WEEK_COUNT, body.days_a_week or DAYS_A_WEEK
    request = PlanRequest(body.goal, count, days, level, equipment, body.spared)
    if body.weeks is not None:
        _check_only_weeks(body)
        weeks = to_weeks(body.weeks)
    elif template is not None:
        _check_days(template, body.days_a_week)
        weeks = weeks_of(template, equipment=equipment, spared=body.spared, weeks=body.week_count)
    else:
        weeks = plan_weeks(request)
    command = commands.CreateProgram(
        program_id=key,
        athlete_id=athlete,
        about=About(body.name, body.goal, level, equipment, body.spared, to_notes(body.notes)),
        weeks=weeks,
        rule=default if body.rule is None else body.rule.to_rule(),
        at=caller.platform.clock(),
    )
    return _execute(caller, athlete, command, command_id)


@write
def revise_program(
    caller: Caller, program_id: str, body: ReviseProgram, command_id: UUID
) -> ProgramWritten:
    """Change a program. Days that were performed stay as they were."""
    command = commands.ReviseProgram(
        program_id=ProgramId(checked_id(program_id)),
        revision=body.revision,
        name=body.name,
        weeks=to_weeks(body.weeks),
        omitted=_omitted(body.weeks),
        notes=None if body.notes is None else to_notes(body.notes),
        at=caller.platform.clock(),
    )
    return _execute(caller, _athlete(caller), command, command_id)


@write
def extend_program(
    caller: Caller, program_id: str, body: ExtendProgram, command_id: UUID
) -> ProgramWritten:
    """Plan more weeks: the latest full week again, with the targets that you have reached."""
    command = commands.ExtendProgram(
        program_id=ProgramId(checked_id(program_id)),
        weeks=body.weeks,
        at=caller.platform.clock(),
    )
    return _execute(caller, _athlete(caller), command, command_id)


@write
def change_program_rule(
    caller: Caller, program_id: str, body: ProgramRule, command_id: UUID
) -> ProgramWritten:
    """Switch another progression rule on. A back-test shows first what it would have done."""
    command = commands.ChangeRule(
        program_id=ProgramId(checked_id(program_id)),
        rule=body.to_rule(),
        at=caller.platform.clock(),
    )
    return _execute(caller, _athlete(caller), command, command_id)


@write
def report_program_effort(
    caller: Caller, program_id: str, body: ReportProgramEffort, command_id: UUID
) -> ProgramWritten:
    """Say how hard an exercise was, once a day. A rule by effort then changes later days."""
    command = commands.ReportEffort(
        program_id=ProgramId(checked_id(program_id)),
        day=body.day,
        exercise_id=ExerciseId(checked_id(body.exercise_id)),
        reserve=body.reserve,
        at=caller.platform.clock(),
    )
    return _execute(caller, _athlete(caller), command, command_id)


@write
def end_program(caller: Caller, program_id: str, command_id: UUID) -> ProgramWritten:
    """End a program. Sessions that were performed stay."""
    key = ProgramId(checked_id(program_id))
    command = commands.EndProgram(program_id=key, at=caller.platform.clock())
    return _execute(caller, _athlete(caller), command, command_id)


@write
def start_program_day(
    caller: Caller, program_id: str, body: StartProgramDay, command_id: UUID
) -> ExecutionWritten:
    """Start a day of a program. Its completion lets the rule change later days."""
    athlete, platform = _athlete(caller), caller.platform
    caller.require("write", "session", athlete)
    session_id, appended = platform.programs.start_day(
        athlete,
        ProgramId(checked_id(program_id)),
        body.day,
        at=platform.sessions.time(body.at),
        time_zone=body.time_zone,
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    result = SessionResult(platform.sessions.get(caller.tenant_id, session_id), appended)
    return ExecutionWritten.after(result, platform.clock())


def to_notes(notes: tuple[ProgramNote, ...]) -> tuple[ExerciseNote, ...]:
    """Convert notes."""
    return tuple(each.to_note() for each in notes)


def to_weeks(weeks: tuple[ProgramWeek, ...]) -> tuple[Week, ...]:
    """Convert weeks."""
    return tuple(
        Week(
            tuple(
                Day(
                    tuple(
                        PlannedExercise(
                            ExerciseId(each.exercise_id),
                            each.sets,
                            each.repetitions,
                            each.hold_s,
                            each.load_kg,
                            each.rest_s,
                            each.target_rpe,
                        )
                        for each in day.exercises
                    )
                )
                for day in week.days
            ),
            week.is_deload,
        )
        for week in weeks
    )


def _omitted(weeks: tuple[ProgramWeek, ...]) -> frozenset[Line]:
    """Return the lines without a target of exertion, which is not the same as null."""
    days = (day for week in weeks for day in week.days)
    return frozenset(
        (number, line)
        for number, day in enumerate(days, 1)
        for line, exercise in enumerate(day.exercises, 1)
        if "target_rpe" not in exercise.model_fields_set
    )


def _check_only_weeks(body: CreateProgram) -> None:
    if body.week_count is not None or body.days_a_week is not None:
        raise InvalidValue("The weeks are given. Leave out weekCount and daysAWeek.")


def _check_days(template: Template, days_a_week: int | None) -> None:
    own = len(template.week.days)
    if days_a_week not in (None, own):
        raise InvalidValue(f"This template has {own} days a week. Leave out daysAWeek.")


def _athlete(caller: Caller) -> UserId:
    athlete = own_id(caller)
    caller.require("write", "program", athlete)
    return athlete


def _execute(
    caller: Caller, athlete: UserId, command: commands.ProgramCommand, command_id: UUID
) -> ProgramWritten:
    appended: AppendResult = caller.platform.programs.execute(
        athlete, command, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return ProgramWritten(command.program_id, appended.position, appended.repeated)
