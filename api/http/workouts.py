"""Workout executions over REST: start, perform set by set, complete (R-WKT-01).

`{execution_id}` is the id of the session that performs a prescription (C-17). The endpoints of sets
accept any session.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import session_commands as inputs
from api.views import session_writes
from api.views.session_writes import ATHLETE
from api.views.workouts import (
    Execution,
    ExecutionWritten,
    ExerciseProgress,
    ExerciseProgressList,
    HealthKit,
    HealthKitConfirmed,
    WorkoutCompleted,
    WorkoutSummary,
)
from application.analytics.exercise_progress import progress_after, progress_of
from application.caller import Caller
from application.sessions.service import SessionResult
from application.sessions.summary import summarize
from domain.ids import UserId

router = APIRouter(
    prefix="/v1/workouts", tags=["workouts"], responses=problem_responses(404, 422, 503)
)
progress = APIRouter(prefix="/v1", tags=["workouts"], responses=problem_responses(422, 503))

MAX_EXERCISES: Final = 50
"""Exercises of one request for progress."""


@router.post(
    "",
    operation_id="startWorkout",
    summary="Start a prescribed workout",
    status_code=201,
    responses=problem_responses(403, 409),
)
def start(
    caller: CurrentCaller, command_id: CommandId, body: inputs.StartWorkout, response: Response
) -> ExecutionWritten:
    """Start an execution; later revisions of the prescription do not change it."""
    result = session_writes.start_workout(caller, body, command_id)
    response.headers["Location"] = f"/v1/workouts/{result.session.id}"
    return _written(caller, result)


@router.get("/{execution_id}", operation_id="getWorkoutExecution", summary="Get an execution")
def execution(caller: CurrentCaller, execution_id: Id) -> Execution:
    """Get an execution from the log (always current)."""
    session = session_writes.get_session(caller, execution_id)
    return Execution.of(session, caller.platform.clock())


@router.post(
    "/{execution_id}/next",
    operation_id="startNextSet",
    summary="Begin the next set",
    status_code=201,
    responses=problem_responses(409),
)
def begin_next_set(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, body: inputs.BeginNextSet
) -> ExecutionWritten:
    """Begin the next set of the prescription; ends the rest."""
    return _written(caller, session_writes.begin_next_set(caller, execution_id, body, command_id))


@router.post(
    "/{execution_id}/repetitions",
    operation_id="logRepetitions",
    summary="Log repetitions manually",
    responses=problem_responses(409),
)
def log_repetitions(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, body: inputs.LogRepetitions
) -> ExecutionWritten:
    """Add repetitions that the athlete reports, in addition to those counted by camera."""
    return _written(caller, session_writes.log_repetitions(caller, execution_id, body, command_id))


@router.post(
    "/{execution_id}/duration",
    operation_id="logDuration",
    summary="Log a hold manually",
    responses=problem_responses(409),
)
def log_duration(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, body: inputs.LogDuration
) -> ExecutionWritten:
    """Add a hold that the athlete reports."""
    return _written(caller, session_writes.log_duration(caller, execution_id, body, command_id))


@router.post(
    "/{execution_id}/undo",
    operation_id="undoRepetition",
    summary="Remove the last repetition",
    responses=problem_responses(409),
)
def undo_repetition(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, body: inputs.UndoRepetition
) -> ExecutionWritten:
    """Remove the last repetition that counts; no counter brings it back."""
    return _written(caller, session_writes.undo_repetition(caller, execution_id, body, command_id))


@router.post(
    "/{execution_id}/overrule",
    operation_id="overruleRepetition",
    summary="Accept or reject a movement",
    responses=problem_responses(409),
)
def overrule_repetition(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, body: inputs.OverruleRepetition
) -> ExecutionWritten:
    """Accept or reject a movement, also of a set that is over; the athlete has the last word."""
    return _written(
        caller, session_writes.overrule_repetition(caller, execution_id, body, command_id)
    )


@router.post(
    "/{execution_id}/finish",
    operation_id="finishSet",
    summary="Complete the set",
    responses=problem_responses(409),
)
def finish_set(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, body: inputs.FinishSet
) -> ExecutionWritten:
    """Complete a set; one that a camera streams is completed by its last frames."""
    return _written(caller, session_writes.finish_set(caller, execution_id, body, command_id))


@router.post(
    "/{execution_id}/skip",
    operation_id="skipSets",
    summary="Skip a set or an exercise",
    responses=problem_responses(409),
)
def skip_sets(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, body: inputs.SkipSets
) -> ExecutionWritten:
    """Skip the next set, or all sets left of its exercise."""
    return _written(caller, session_writes.skip_sets(caller, execution_id, body, command_id))


@router.post(
    "/{execution_id}/rest",
    operation_id="startRest",
    summary="Start a rest, or change its length",
    responses=problem_responses(409),
)
def start_rest(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, body: inputs.StartRest
) -> ExecutionWritten:
    """Start a rest after the last set (R-WKT-12)."""
    return _written(caller, session_writes.start_rest(caller, execution_id, body, command_id))


@router.post(
    "/{execution_id}/rest/end",
    operation_id="endRest",
    summary="End the rest",
    responses=problem_responses(409),
)
def end_rest(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, body: inputs.EndRest
) -> ExecutionWritten:
    """End the rest; without one nothing happens."""
    return _written(caller, session_writes.end_rest(caller, execution_id, body, command_id))


@router.post(
    "/{execution_id}/complete",
    operation_id="completeWorkout",
    summary="Complete a workout",
    responses=problem_responses(409),
)
def complete(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, body: inputs.Complete
) -> WorkoutCompleted:
    """Complete a workout whose sets are over. A retry returns the same summary (R-WKT-10)."""
    result = session_writes.complete(caller, execution_id, body, command_id)
    return WorkoutCompleted.of(
        summarize(result.session),
        progress_after(caller, result.session),
        position=result.appended.position,
        repeated=result.appended.repeated,
    )


@router.get(
    "/{execution_id}/summary",
    operation_id="getWorkoutSummary",
    summary="Get the summary of a workout",
    responses=problem_responses(409),
)
def get_summary(caller: CurrentCaller, execution_id: Id) -> WorkoutSummary:
    """Get a summary, with the state of HealthKit (C-46)."""
    session = session_writes.get_session(caller, execution_id)
    return WorkoutSummary.of(summarize(session), progress_after(caller, session))


@router.post(
    "/{execution_id}/healthkit-sync",
    operation_id="confirmHealthKit",
    summary="Report the result of writing to HealthKit",
    responses=problem_responses(409),
)
def confirm_healthkit(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, body: inputs.ConfirmHealthKit
) -> HealthKitConfirmed:
    """Report after the workout, never during it (R-HLT-11); a failure may be retried."""
    result = session_writes.confirm_healthkit(caller, execution_id, body, command_id)
    return HealthKitConfirmed(
        id=execution_id,
        health_kit=HealthKit.model_validate(result.session.health_kit),
        position=result.appended.position,
        repeated=result.appended.repeated,
    )


@progress.get(
    "/exercise-progress",
    operation_id="getExerciseProgress",
    summary="Get the last results and records in exercises",
)
def exercise_progress(
    caller: ReadingCaller,
    exercise: Annotated[list[Id], Query(max_length=MAX_EXERCISES)],
    athlete: Annotated[Id | None, Query(description="Without it, the signed-in user.")] = None,
) -> ExerciseProgressList:
    """Get progress; exercises that were never performed are left out."""
    own = ATHLETE if caller.claims is None else caller.claims.user_id
    athlete_id = UserId(athlete or own)
    rows = progress_of(caller, athlete_id, exercise) if caller.sees("session", athlete_id) else ()
    return ExerciseProgressList(items=tuple(ExerciseProgress.model_validate(row) for row in rows))


def _written(caller: Caller, result: SessionResult) -> ExecutionWritten:
    return ExecutionWritten.after(result, caller.platform.clock())
