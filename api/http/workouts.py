"""Workouts are performed over REST: begun, gone through set by set, and completed (R-WKT-01).

`{execution_id}` is the id of the session that performs a prescription (C-17). What concerns sets
may be asked of any session.
"""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Query, Response

from api import workouts as door
from api.caller import Caller, CurrentCaller, Id
from api.exercise_progress import progress_after, progress_of
from api.http.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views.workout_inputs import (
    Beginning,
    Confirmation,
    Duration,
    Ending,
    NextSet,
    Overruling,
    Repetitions,
    RestEnd,
    Resting,
    SetEnd,
    Skipping,
    Undo,
)
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
from application.sessions import performing
from application.sessions.performing import Facts, Wishes
from application.sessions.summary import summarize
from domain.ids import UserId
from domain.sessions import commands

router = APIRouter(
    prefix="/v1/workouts", tags=["workouts"], responses=problem_responses(404, 422, 503)
)
progress = APIRouter(prefix="/v1", tags=["workouts"], responses=problem_responses(422, 503))


@router.post(
    "",
    operation_id="startWorkout",
    summary="Begin to perform a prescription",
    status_code=201,
    responses=problem_responses(403, 409),
)
def start(
    caller: CurrentCaller, command_id: CommandId, asked: Beginning, response: Response
) -> ExecutionWritten:
    """Start an execution."""
    named = asked.session_id or str(uuid5(command_id, "session"))
    carried = door.start(
        caller,
        door.Start(
            session_id=named,
            workout_id=asked.workout_id,
            athlete_id=asked.athlete_id,
            at=asked.at,
            time_zone=asked.time_zone,
        ),
        command_id,
    )
    response.headers["Location"] = f"/v1/workouts/{named}"
    return ExecutionWritten.after(carried, caller.platform.clock())


@router.get("/{execution_id}", operation_id="execution", summary="An execution as it stands")
def execution(caller: CurrentCaller, execution_id: Id) -> Execution:
    """Tell an execution from the log, which is never behind."""
    return Execution.of(door.look(caller, execution_id), caller.platform.clock())


@router.post(
    "/{execution_id}/next",
    operation_id="beginNextSet",
    summary="Begin the next set",
    status_code=201,
    responses=problem_responses(409),
)
def begin_next(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, asked: NextSet
) -> ExecutionWritten:
    """Begin what comes next of the prescription; a rest ends with it."""

    def wish(known: Facts, now_ms: int) -> Wishes:
        return performing.next_set(
            known,
            number=asked.set,
            exercise_id=asked.exercise_id,
            counted_by=door.counter(asked.source, asked.model),
            load_kg=asked.load_kg,
            at_ms=_or(asked.at_ms, now_ms),
        )

    return _done(caller, execution_id, wish, command_id)


@router.post(
    "/{execution_id}/repetitions",
    operation_id="logRepetitions",
    summary="Log repetitions by hand",
    responses=problem_responses(409),
)
def log_repetitions(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, asked: Repetitions
) -> ExecutionWritten:
    """Count what the athlete says they did, beside whatever a camera counts."""

    def wish(_known: Facts, now_ms: int) -> Wishes:
        at_ms = _or(asked.at_ms, now_ms)
        return [commands.LogRepetitions(set=asked.set, repetitions=asked.repetitions, at_ms=at_ms)]

    return _done(caller, execution_id, wish, command_id)


@router.post(
    "/{execution_id}/duration",
    operation_id="logDuration",
    summary="Log how long was held",
    responses=problem_responses(409),
)
def log_duration(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, asked: Duration
) -> ExecutionWritten:
    """Log time by hand."""

    def wish(_known: Facts, now_ms: int) -> Wishes:
        return [performing.held(asked.set, asked.duration_ms, _or(asked.at_ms, now_ms))]

    return _done(caller, execution_id, wish, command_id)


@router.post(
    "/{execution_id}/undo",
    operation_id="undoRepetition",
    summary="Take the last repetition back",
    responses=problem_responses(409),
)
def undo(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, asked: Undo
) -> ExecutionWritten:
    """Reject the last repetition that stands; whoever counts does not bring it back."""
    command = commands.OverruleRepetition(set=asked.set, accepted=False)
    return _done(caller, execution_id, lambda _known, _now: [command], command_id)


@router.post(
    "/{execution_id}/overrule",
    operation_id="overruleRepetition",
    summary="Say whether a movement was a repetition",
    responses=problem_responses(409),
)
def overrule(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, asked: Overruling
) -> ExecutionWritten:
    """Accept or reject a movement, also of a set that is over; the athlete has the last word."""
    command = commands.OverruleRepetition(
        set=asked.set, accepted=asked.accepted, number=asked.number, start_ms=asked.start_ms
    )
    return _done(caller, execution_id, lambda _known, _now: [command], command_id)


@router.post(
    "/{execution_id}/finish",
    operation_id="finishSet",
    summary="Complete the set",
    responses=problem_responses(409),
)
def finish(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, asked: SetEnd
) -> ExecutionWritten:
    """Complete a set; one whose frames come in is completed by the last of them."""

    def wish(known: Facts, now_ms: int) -> Wishes:
        end_ms = _or(asked.end_ms, now_ms)
        return performing.finish_set(
            known, number=asked.set, start_ms=asked.start_ms, end_ms=end_ms
        )

    return _done(caller, execution_id, wish, command_id)


@router.post(
    "/{execution_id}/skip",
    operation_id="skipSets",
    summary="Leave out what comes next",
    responses=problem_responses(409),
)
def skip(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, asked: Skipping
) -> ExecutionWritten:
    """Skip a set, or an exercise."""
    return _done(
        caller,
        execution_id,
        lambda known, _now: performing.skip(known, what=asked.what),
        command_id,
    )


@router.post(
    "/{execution_id}/rest",
    operation_id="startRest",
    summary="Rest, or change how long",
    responses=problem_responses(409),
)
def rest(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, asked: Resting
) -> ExecutionWritten:
    """Begin a rest after the last set (R-WKT-12)."""

    def wish(known: Facts, now_ms: int) -> Wishes:
        at_ms = _or(asked.at_ms, now_ms)
        return performing.rest(known, planned_s=asked.planned_s, at_ms=at_ms)

    return _done(caller, execution_id, wish, command_id)


@router.post(
    "/{execution_id}/rest/end",
    operation_id="endRest",
    summary="Go on after a rest",
    responses=problem_responses(409),
)
def end_rest(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, asked: RestEnd
) -> ExecutionWritten:
    """End a rest; without one nothing happens."""
    return _done(
        caller,
        execution_id,
        lambda known, now_ms: performing.end_rest(known, at_ms=_or(asked.at_ms, now_ms)),
        command_id,
    )


@router.post(
    "/{execution_id}/complete",
    operation_id="completeWorkout",
    summary="End the workout, and sum it up",
    responses=problem_responses(409),
)
def complete(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, asked: Ending
) -> WorkoutCompleted:
    """Complete a workout whose sets are over; again, it has the same summary (R-WKT-10)."""
    ending = door.Ending(**asked.model_dump())
    carried = door.complete(caller, execution_id, ending, command_id)
    return WorkoutCompleted.of(
        summarize(carried.execution),
        progress_after(caller, carried.execution),
        position=carried.appended.position,
        repeated=carried.appended.repeated,
    )


@router.get(
    "/{execution_id}/summary",
    operation_id="workoutSummary",
    summary="What a workout came to",
    responses=problem_responses(409),
)
def summed_up(caller: CurrentCaller, execution_id: Id) -> WorkoutSummary:
    """Tell a summary; whether HealthKit has the workout is in it (C-46)."""
    told = door.look(caller, execution_id)
    return WorkoutSummary.of(summarize(told), progress_after(caller, told))


@router.post(
    "/{execution_id}/healthkit-sync",
    operation_id="confirmHealthKit",
    summary="Say whether the device has written the workout to HealthKit",
    responses=problem_responses(409),
)
def healthkit_sync(
    caller: CurrentCaller, command_id: CommandId, execution_id: Id, asked: Confirmation
) -> HealthKitConfirmed:
    """Confirm, after the workout and never during it (R-HLT-11); what failed may yet be synced."""
    carried = door.confirm_healthkit(
        caller,
        execution_id,
        status=asked.status,
        reason=asked.reason,
        at=asked.at,
        command_id=command_id,
    )
    return HealthKitConfirmed(
        id=execution_id,
        health_kit=HealthKit.model_validate(carried.execution.health_kit),
        position=carried.appended.position,
        repeated=carried.appended.repeated,
    )


@progress.get(
    "/exercise-progress",
    operation_id="exerciseProgress",
    summary="What an athlete did last in exercises, and their records",
)
def exercise_progress(
    caller: ReadingCaller,
    exercise: Annotated[list[Id], Query(max_length=door.MOST_EXERCISES)],
    athlete: Annotated[Id | None, Query(description="Without it, whoever has signed in.")] = None,
) -> ExerciseProgressList:
    """Tell what the next workout begins with; nothing of what was never performed."""
    own = door.ATHLETE if caller.claims is None else caller.claims.user_id
    whose = UserId(athlete or own)
    told = progress_of(caller, whose, exercise) if caller.sees("session", whose) else ()
    return ExerciseProgressList(items=tuple(ExerciseProgress.model_validate(each) for each in told))


def _or(given: int | None, now_ms: int) -> int:
    return now_ms if given is None else given


def _done(
    caller: Caller, execution_id: str, wish: Callable[[Facts, int], Wishes], command_id: UUID
) -> ExecutionWritten:
    carried = door.carry_out(caller, execution_id, wish, command_id)
    return ExecutionWritten.after(carried, caller.platform.clock())
