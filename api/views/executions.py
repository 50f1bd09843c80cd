"""Workout executions: their reads, and their commands with inputs and writes.

An execution is a session that performs a prescription (C-17), and has the session's id. The writes
of sets accept any session.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.caller import CurrentCaller, Id, NewId
from api.idempotency import CommandId
from api.views.base import StrictBody, documented, write
from api.views.session_commands import ATHLETE, Complete, LoadKg, complete, new_session_id
from api.views.workouts import (
    Execution,
    ExecutionWritten,
    HealthKit,
    HealthKitConfirmed,
    TargetRpe,
    WorkoutCompleted,
    WorkoutSummary,
)
from application.analytics.exercise_progress import progress_after
from application.caller import ANONYMOUS, Caller, checked_id
from application.sessions.service import SessionResult
from application.sessions.session_view import SessionView
from application.users.resource_access import athlete_of, authorize_session, require_workout
from domain.ids import ExerciseId, SessionId, WorkoutId
from domain.sessions import commands, feedback_commands, prescription_commands
from domain.sessions.moments import Moment
from domain.sessions.prescription_events import HealthKitObstacle
from domain.values import CountSource

AtMs = Annotated[
    int | None, Field(description="Since the session began; without it, the server's now.")
]


def get_execution(caller: CurrentCaller, execution_id: Id) -> Execution:
    """Get an execution from the log (always current)."""
    return Execution.of(_session(caller, execution_id), caller.platform.clock())


def get_summary(caller: CurrentCaller, execution_id: Id) -> WorkoutSummary:
    """Get a summary, with the state of HealthKit (C-46)."""
    session = _session(caller, execution_id)
    summary = caller.platform.sessions.summarize(caller.tenant_id, session)
    return WorkoutSummary.of(summary, progress_after(caller, session))


def _session(caller: Caller, execution_id: str) -> SessionView:
    authorize_session(caller, "read", execution_id)
    return caller.platform.sessions.get(caller.tenant_id, SessionId(execution_id))


class StartWorkout(StrictBody):
    """Perform a prescription; without `at` it begins now."""

    workout_id: NewId
    session_id: NewId | None = None
    athlete_id: NewId | None = None
    at: AwareDatetime | None = None
    time_zone: str = "UTC"


@write
def start_workout(
    caller: CurrentCaller, body: StartWorkout, command_id: CommandId
) -> ExecutionWritten:
    """Start an execution; later revisions of the prescription do not change it."""
    athlete, workout = athlete_of(caller, body.athlete_id, ATHLETE), WorkoutId(body.workout_id)
    require_workout(caller, athlete, workout, command_id)
    result = caller.platform.sessions.start_workout(
        new_session_id(body.session_id, command_id),
        athlete_id=athlete,
        workout_id=workout,
        at=body.at,
        time_zone=body.time_zone,
        origin=caller.origin(ANONYMOUS if body.athlete_id is None else body.athlete_id),
        command_id=command_id,
    )
    return ExecutionWritten.after(result, caller.platform.clock())


class BeginNextSet(StrictBody):
    """Begin the next set, or one of `exerciseId` in place of the prescribed exercise.

    With `set` only the set of this number begins: a repeated request begins it once, and a device
    that missed a set is refused.
    """

    set: int | None = None
    source: CountSource = "manual"
    model: str = Field("hand", description="Model that finds the landmarks; `hand` for no camera.")
    exercise_id: NewId | None = None
    load_kg: LoadKg | None = None
    at_ms: AtMs = None


@write
def begin_next_set(
    caller: CurrentCaller, execution_id: Id, body: BeginNextSet, command_id: CommandId
) -> ExecutionWritten:
    """Begin the next set of the prescription; ends the rest."""
    key = SessionId(checked_id(execution_id))
    specs = caller.platform.sessions.specs(caller.tenant_id, key, body.exercise_id)
    command = prescription_commands.BeginNextSet(
        exercise_id=None if body.exercise_id is None else ExerciseId(body.exercise_id),
        number=body.set,
        load_kg=body.load_kg,
        source=body.source,
        model=body.model,
        at=_moment(caller, body.at_ms),
        specs=specs,
    )
    return _perform(caller, execution_id, command, command_id)


class LogRepetitions(StrictBody):
    """Add repetitions that the athlete reports."""

    set: int
    repetitions: Annotated[int, documented(minimum=1, maximum=commands.MAX_LOGGED)] = 1
    at_ms: AtMs = None


@write
def log_repetitions(
    caller: CurrentCaller, execution_id: Id, body: LogRepetitions, command_id: CommandId
) -> ExecutionWritten:
    """Add repetitions that the athlete reports, in addition to those counted by camera."""
    command = commands.LogRepetitions(
        set=body.set, repetitions=body.repetitions, at=_moment(caller, body.at_ms)
    )
    return _perform(caller, execution_id, command, command_id)


class LogDuration(StrictBody):
    """Add a hold that the athlete reports; `atMs` is its end."""

    set: int
    duration_ms: int = Field(ge=0, le=86_400_000)
    at_ms: AtMs = None


@write
def log_duration(
    caller: CurrentCaller, execution_id: Id, body: LogDuration, command_id: CommandId
) -> ExecutionWritten:
    """Add a hold that the athlete reports."""
    command = commands.LogHold(
        set=body.set, duration_ms=body.duration_ms, at=_moment(caller, body.at_ms)
    )
    return _perform(caller, execution_id, command, command_id)


class UndoRepetition(StrictBody):
    """Remove the last repetition of this set."""

    set: int


@write
def undo_repetition(
    caller: CurrentCaller, execution_id: Id, body: UndoRepetition, command_id: CommandId
) -> ExecutionWritten:
    """Remove the last repetition that counts; no counter brings it back."""
    command = commands.OverruleRepetition(set=body.set, accepted=False)
    return _perform(caller, execution_id, command, command_id)


class OverruleRepetition(StrictBody):
    """Accept or reject a movement: by its `number`, or by `startMs` where it has none."""

    set: int
    accepted: bool
    number: int | None = None
    start_ms: int | None = None


@write
def overrule_repetition(
    caller: CurrentCaller, execution_id: Id, body: OverruleRepetition, command_id: CommandId
) -> ExecutionWritten:
    """Accept or reject a movement, also of a set that is over; the athlete has the last word."""
    command = commands.OverruleRepetition(
        set=body.set, accepted=body.accepted, number=body.number, start_ms=body.start_ms
    )
    return _perform(caller, execution_id, command, command_id)


class FinishSet(StrictBody):
    """Complete a set; without `startMs` it began when it was started."""

    set: int
    start_ms: int | None = None
    end_ms: AtMs = None


@write
def finish_set(
    caller: CurrentCaller, execution_id: Id, body: FinishSet, command_id: CommandId
) -> ExecutionWritten:
    """Complete a set; one that a camera streams is completed by its last frames."""
    command = commands.FinishSet(
        set=body.set, start_ms=body.start_ms, at=_moment(caller, body.end_ms)
    )
    return _perform(caller, execution_id, command, command_id)


class RateSet(StrictBody):
    """How hard a set felt; null takes a rating back."""

    set: int
    rpe: TargetRpe | None = None


@write
def rate_set(
    caller: CurrentCaller, execution_id: Id, body: RateSet, command_id: CommandId
) -> ExecutionWritten:
    """Rate how hard a set felt, also after the workout; no figure changes."""
    at = caller.platform.sessions.time(None)
    command = feedback_commands.RateSet(set=body.set, rpe=body.rpe, at=at)
    return _perform(caller, execution_id, command, command_id)


class SkipSets(StrictBody):
    """Skip the next set, or all sets left of its exercise."""

    what: Literal["set", "exercise"]
    line: int | None = Field(
        None,
        description="Line of the set or exercise, as in `next` when the athlete chose to skip it. "
        "If another one is next by now, nothing is skipped. Without it, the next one is skipped.",
    )
    round: int | None = Field(
        None, description="Round of the set, as in `next`; ignored for an exercise."
    )


@write
def skip_sets(
    caller: CurrentCaller, execution_id: Id, body: SkipSets, command_id: CommandId
) -> ExecutionWritten:
    """Skip the next set, or all sets left of its exercise."""
    command = prescription_commands.SkipSets(what=body.what, line=body.line, round=body.round)
    return _perform(caller, execution_id, command, command_id)


class StartRest(StrictBody):
    """Rest after the last set; again, to change its total length to `plannedS`."""

    planned_s: int | None = Field(None, description="Without it, as prescribed.")
    at_ms: AtMs = None


@write
def start_rest(
    caller: CurrentCaller, execution_id: Id, body: StartRest, command_id: CommandId
) -> ExecutionWritten:
    """Start a rest after the last set, or change its length (R-WKT-12)."""
    command = prescription_commands.StartRest(
        planned_s=body.planned_s, at=_moment(caller, body.at_ms)
    )
    return _perform(caller, execution_id, command, command_id)


class EndRest(StrictBody):
    """End the rest."""

    at_ms: AtMs = None


@write
def end_rest(
    caller: CurrentCaller, execution_id: Id, body: EndRest, command_id: CommandId
) -> ExecutionWritten:
    """End the rest; without one nothing happens."""
    command = prescription_commands.EndRest(at=_moment(caller, body.at_ms))
    return _perform(caller, execution_id, command, command_id)


@write
def complete_workout(
    caller: CurrentCaller, execution_id: Id, body: Complete, command_id: CommandId
) -> WorkoutCompleted:
    """Complete a workout whose sets are over. A retry returns the same summary (R-WKT-10)."""
    result = complete(caller, execution_id, body, command_id)
    return WorkoutCompleted.of(
        caller.platform.sessions.summarize(caller.tenant_id, result.session),
        progress_after(caller, result.session),
        position=result.appended.position,
        repeated=result.appended.repeated,
    )


class ConfirmHealthKit(StrictBody):
    """Report the result of writing the workout to HealthKit; a failure has a `reason`."""

    status: Literal["synced", "failed"]
    reason: HealthKitObstacle | None = None
    at: AwareDatetime | None = None


@write
def confirm_health_kit(
    caller: CurrentCaller, execution_id: Id, body: ConfirmHealthKit, command_id: CommandId
) -> HealthKitConfirmed:
    """Report the result of writing the workout to HealthKit (R-HLT-11); a retry may follow."""
    command = prescription_commands.ConfirmHealthKit(
        at=caller.platform.sessions.time(body.at), outcome=body.status, reason=body.reason
    )
    result = _execute(caller, execution_id, command, command_id)
    return HealthKitConfirmed(
        id=execution_id,
        health_kit=HealthKit.model_validate(result.session.health_kit),
        position=result.appended.position,
        repeated=result.appended.repeated,
    )


def _perform(
    caller: Caller, execution_id: str, command: commands.SessionCommand, command_id: UUID
) -> ExecutionWritten:
    """Execute a command and return the execution after it."""
    result = _execute(caller, execution_id, command, command_id)
    return ExecutionWritten.after(result, caller.platform.clock())


def _execute(
    caller: Caller, execution_id: str, command: commands.SessionCommand, command_id: UUID
) -> SessionResult:
    """Execute a command of a session that the caller may change."""
    authorize_session(caller, "write", execution_id)
    return caller.platform.sessions.perform(
        SessionId(checked_id(execution_id)), command, origin=caller.origin(), command_id=command_id
    )


def _moment(caller: Caller, given_ms: int | None) -> Moment:
    """Return milliseconds since the session began, or now."""
    return caller.platform.clock() if given_ms is None else given_ms
