"""Workout executions over REST: start, perform set by set, complete (R-WKT-01).

`{execution_id}` is the id of the session that performs a prescription (C-17). The endpoints of sets
accept any session.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import executions
from api.views.session_commands import ATHLETE
from api.views.workouts import ExecutionWritten, ExerciseProgress, ExerciseProgressList
from application.analytics.exercise_progress import progress_of
from domain.ids import UserId

router = APIRouter(
    prefix="/v1/workouts", tags=["workouts"], responses=problem_responses(404, 422, 503)
)
progress = APIRouter(prefix="/v1", tags=["workouts"], responses=problem_responses(422, 503))

CONFLICT: Final = problem_responses(409)

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
    caller: CurrentCaller, command_id: CommandId, body: executions.StartWorkout, response: Response
) -> ExecutionWritten:
    """Start an execution; later revisions of the prescription do not change it."""
    written = executions.start_workout(caller, body, command_id)
    response.headers["Location"] = f"/v1/workouts/{written.id}"
    return written


router.get("/{execution_id}", operation_id="getWorkoutExecution", summary="Get an execution")(
    executions.get_execution
)
router.post(
    "/{execution_id}/next",
    operation_id="startNextSet",
    summary="Begin the next set",
    status_code=201,
    responses=CONFLICT,
)(executions.begin_next_set)
router.post(
    "/{execution_id}/repetitions",
    operation_id="logRepetitions",
    summary="Log repetitions manually",
    responses=CONFLICT,
)(executions.log_repetitions)
router.post(
    "/{execution_id}/duration",
    operation_id="logDuration",
    summary="Log a hold manually",
    responses=CONFLICT,
)(executions.log_duration)
router.post(
    "/{execution_id}/undo",
    operation_id="undoRepetition",
    summary="Remove the last repetition",
    responses=CONFLICT,
)(executions.undo_repetition)
router.post(
    "/{execution_id}/overrule",
    operation_id="overruleRepetition",
    summary="Accept or reject a movement",
    responses=CONFLICT,
)(executions.overrule_repetition)
router.post(
    "/{execution_id}/finish",
    operation_id="finishSet",
    summary="Complete the set",
    responses=CONFLICT,
)(executions.finish_set)
router.post(
    "/{execution_id}/rating",
    operation_id="rateSet",
    summary="Rate how hard a set felt",
    responses=CONFLICT,
)(executions.rate_set)
router.post(
    "/{execution_id}/skip",
    operation_id="skipSets",
    summary="Skip a set or an exercise",
    responses=CONFLICT,
)(executions.skip_sets)
router.post(
    "/{execution_id}/rest",
    operation_id="startRest",
    summary="Start a rest, or change its length",
    responses=CONFLICT,
)(executions.start_rest)
router.post(
    "/{execution_id}/rest/end",
    operation_id="endRest",
    summary="End the rest",
    responses=CONFLICT,
)(executions.end_rest)
router.post(
    "/{execution_id}/complete",
    operation_id="completeWorkout",
    summary="Complete a workout",
    responses=CONFLICT,
)(executions.complete_workout)
router.get(
    "/{execution_id}/summary",
    operation_id="getWorkoutSummary",
    summary="Get the summary of a workout",
    responses=CONFLICT,
)(executions.get_summary)
router.post(
    "/{execution_id}/healthkit-sync",
    operation_id="confirmHealthKit",
    summary="Report the result of writing to HealthKit",
    responses=CONFLICT,
)(executions.confirm_health_kit)


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
