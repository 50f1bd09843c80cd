"""Training programs over REST."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import program_changes, programs
from api.views.base import Body
from api.views.programs import (
    Program,
    ProgramBackTest,
    ProgramRule,
    Programs,
    ProgramTemplates,
)
from api.views.workouts import ExecutionWritten
from domain.programs.progression import RuleKind

router = APIRouter(
    prefix="/v1/programs", tags=["programs"], responses=problem_responses(403, 404, 422, 503)
)

CONFLICT: Final = problem_responses(409)


class ProgramWritten(Body):
    """Result of a command: the log has it up to `position`."""

    program_id: str
    position: int
    repeated: bool


@router.get("", operation_id="listPrograms", summary="List your programs")
def list_programs(caller: ReadingCaller) -> Programs:
    """Return your programs from the log: current ones, then the latest that have ended."""
    return programs.own_programs(caller)


@router.get("/templates", operation_id="listProgramTemplates", summary="List templates of programs")
def list_templates(_: CurrentCaller) -> ProgramTemplates:
    """Return all templates, from which programs can start."""
    return programs.program_templates()


@router.post(
    "",
    operation_id="createProgram",
    summary="Create a program",
    status_code=201,
    responses=CONFLICT,
)
def create(
    caller: CurrentCaller,
    command_id: CommandId,
    body: program_changes.CreateProgram,
    response: Response,
) -> ProgramWritten:
    """Create a program of your own; without `weeks` they are planned for the goal."""
    written = program_changes.create_program(caller, body, command_id)
    response.headers["Location"] = f"/v1/programs/{written.program_id}"
    return ProgramWritten.model_validate(written)


@router.get("/{program_id}", operation_id="getProgram", summary="Get a program")
def get_program(program_id: Id, caller: ReadingCaller) -> Program:
    """Return one of your programs, with each change by its rule and the reason."""
    return programs.get_program(caller, program_id)


@router.put(
    "/{program_id}", operation_id="reviseProgram", summary="Change a program", responses=CONFLICT
)
def revise(
    program_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: program_changes.ReviseProgram,
) -> ProgramWritten:
    """Change name and weeks. Days that were performed stay as they were."""
    written = program_changes.revise_program(caller, program_id, body, command_id)
    return ProgramWritten.model_validate(written)


@router.post(
    "/{program_id}/weeks",
    operation_id="extendProgram",
    summary="Plan more weeks of a program",
    responses=CONFLICT,
)
def extend(
    program_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: program_changes.ExtendProgram,
) -> ProgramWritten:
    """Add weeks: the latest full week again, with the targets reached; each fourth is a deload."""
    written = program_changes.extend_program(caller, program_id, body, command_id)
    return ProgramWritten.model_validate(written)


@router.put(
    "/{program_id}/rule",
    operation_id="changeProgramRule",
    summary="Change the progression rule of a program",
    responses=CONFLICT,
)
def change_rule(
    program_id: Id, caller: CurrentCaller, command_id: CommandId, body: ProgramRule
) -> ProgramWritten:
    """Switch another progression rule on."""
    written = program_changes.change_program_rule(caller, program_id, body, command_id)
    return ProgramWritten.model_validate(written)


@router.post(
    "/{program_id}/efforts",
    operation_id="reportProgramEffort",
    summary="Say how hard an exercise was",
    responses=CONFLICT,
)
def report_effort(
    program_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: program_changes.ReportProgramEffort,
) -> ProgramWritten:
    """Say how many repetitions you had in reserve; a rule by effort then changes later days."""
    written = program_changes.report_program_effort(caller, program_id, body, command_id)
    return ProgramWritten.model_validate(written)


@router.get(
    "/{program_id}/back-test",
    operation_id="backTestRule",
    summary="Run a rule over your own history",
)
def back_test(
    *,
    program_id: Id,
    caller: ReadingCaller,
    exercise_id: Annotated[Id, Query(alias="exerciseId")],
    kind: RuleKind = "linear",
    step_kg: Annotated[float, Query(alias="stepKg")] = 2.5,
    min_repetitions: Annotated[int, Query(alias="minRepetitions")] = 8,
    max_repetitions: Annotated[int, Query(alias="maxRepetitions")] = 12,
    percentage: float = 0.75,
    sessions: int = 1,
    min_form: Annotated[float | None, Query(alias="minForm")] = None,
    deload_after: Annotated[int, Query(alias="deloadAfter")] = 3,
    deload_share: Annotated[float, Query(alias="deloadShare")] = 0.9,
    load_step_kg: Annotated[float, Query(alias="loadStepKg")] = 0.5,
    reserve: int = 2,
) -> ProgramBackTest:
    """Show what a rule would have planned in your latest sessions with an exercise."""
    rule = ProgramRule(
        kind=kind,
        step_kg=step_kg,
        min_repetitions=min_repetitions,
        max_repetitions=max_repetitions,
        percentage=percentage,
        sessions=sessions,
        min_form=min_form,
        deload_after=deload_after,
        deload_share=deload_share,
        load_step_kg=load_step_kg,
        reserve=reserve,
    )
    return programs.back_test_rule(caller, program_id, exercise_id, rule)


@router.post(
    "/{program_id}/start",
    operation_id="startProgramDay",
    summary="Start a day of a program",
    status_code=201,
    responses=CONFLICT,
)
def start(
    program_id: Id,
    caller: CurrentCaller,
    command_id: CommandId,
    body: program_changes.StartProgramDay,
    response: Response,
) -> ExecutionWritten:
    """Start a day, the next one by default, as a workout execution."""
    written = program_changes.start_program_day(caller, program_id, body, command_id)
    response.headers["Location"] = f"/v1/workouts/{written.id}"
    return written


@router.delete("/{program_id}", operation_id="endProgram", summary="End a program")
def end(program_id: Id, caller: CurrentCaller, command_id: CommandId) -> ProgramWritten:
    """End a program. Sessions that were performed stay."""
    written = program_changes.end_program(caller, program_id, command_id)
    return ProgramWritten.model_validate(written)
