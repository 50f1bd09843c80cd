"""Commands that perform a session: their inputs, and their writes for REST and GraphQL."""

from typing import Annotated, Final
from uuid import UUID, uuid5

from pydantic import AwareDatetime, Field

from api.caller import CurrentCaller, Id, NewId
from api.idempotency import CommandId
from api.views.base import Body, StrictBody, documented, write
from api.views.sessions import Performance, Tempo
from api.views.workouts import HealthKitToWrite
from application.caller import Caller, checked_id
from application.kernel.ports import AppendResult
from application.sessions.service import Completion, SessionResult
from application.users.resource_access import athlete_of, authorize_session
from domain import values
from domain.ids import SessionId, WorkoutId
from domain.sessions import commands
from domain.sessions.prescription_commands import MAX_LOAD_KG
from domain.values import ClaimSource, CountSource, Span

ATHLETE: Final = "athlete"
"""Athlete of a session if sign-in is not required and no athlete is named."""


LoadKg = Annotated[float, documented(minimum=0, maximum=MAX_LOAD_KG)]


class Written(Body):
    """Result of a command: the log has it up to `position`."""

    session_id: str
    position: int
    repeated: bool

    @classmethod
    def of(cls, session_id: str, appended: AppendResult) -> "Written":
        """Return the result of a command."""
        return cls(session_id=session_id, position=appended.position, repeated=appended.repeated)


class Summary(Written):
    """Summary of a completed session (R-WKT-04)."""

    duration_ms: int
    sets: int
    repetitions: int
    verified_repetitions: int = Field(
        description="Counted by Kinelog itself; only these count for leaderboards and awards."
    )
    accuracy: float | None
    performance: Performance | None
    calories_kcal: float
    cues: tuple[str, ...]
    health_kit: HealthKitToWrite


class StartSession(StrictBody):
    """Start a session. Without `sessionId` one is made; without `at` it begins now."""

    session_id: NewId | None = None
    athlete_id: NewId
    workout_id: NewId | None = None
    at: AwareDatetime | None = None
    time_zone: str = "UTC"


@write
def start_session(caller: CurrentCaller, body: StartSession, command_id: CommandId) -> Written:
    """Start a session."""
    session_id = new_session_id(body.session_id, command_id)
    appended = caller.platform.sessions.start(
        session_id,
        athlete_id=athlete_of(caller, body.athlete_id, body.athlete_id),
        workout_id=None if body.workout_id is None else WorkoutId(body.workout_id),
        at=body.at,
        time_zone=body.time_zone,
        origin=caller.origin(body.athlete_id),
        command_id=command_id,
    )
    return Written.of(session_id, appended)


class StartSet(StrictBody):
    """Start a set by its number, from 1."""

    set: int
    exercise_id: str
    model: str = Field(description="Model that finds the landmarks.")
    source: CountSource = Field(
        "server", description="Who will count; `server` for frames that you will send."
    )
    target_repetitions: (
        Annotated[int, documented(minimum=1, maximum=commands.MAX_TARGET)] | None
    ) = None
    load_kg: LoadKg | None = None


@write
def start_set(
    caller: CurrentCaller, session_id: Id, body: StartSet, command_id: CommandId
) -> Written:
    """Start a set. Without this, a set starts with its first frames."""
    authorize_session(caller, "write", session_id)
    appended = caller.platform.sessions.start_set(
        SessionId(checked_id(session_id)),
        number=body.set,
        exercise_id=body.exercise_id,
        source=body.source,
        model=body.model,
        target_repetitions=body.target_repetitions,
        load_kg=body.load_kg,
        origin=caller.origin(),
        command_id=command_id,
    )
    return Written.of(session_id, appended)


class CountRepetition(StrictBody):
    """Repetitions of a set are numbered from 1; times are ms since the session began.

    It is stored as the client's claim: unverified, and without effect on form, leaderboards and
    awards. Send frames instead to have repetitions counted.
    """

    set: int
    number: int
    start_ms: int
    end_ms: int
    tempo: Tempo | None = None
    range_of_motion_deg: float | None = None
    symmetry: float | None = None
    form: float | None = None
    confidence: float = 1.0
    faults: tuple[str, ...] = ()
    unjudged: tuple[str, ...] | None = None
    source: ClaimSource = Field("device", description="Who counted: the device, or a person.")


@write
def count_repetition(
    caller: CurrentCaller, session_id: Id, body: CountRepetition, command_id: CommandId
) -> Written:
    """Record a repetition that the client counted in the set under way."""
    tempo = body.tempo
    command = commands.CountRepetition(
        set=body.set,
        number=body.number,
        span=Span(body.start_ms, body.end_ms),
        tempo=None if tempo is None else values.Tempo(**tempo.model_dump()),
        range_of_motion_deg=body.range_of_motion_deg,
        symmetry=body.symmetry,
        form=body.form,
        confidence=body.confidence,
        faults=body.faults,
        unjudged=body.unjudged,
        source=body.source,
    )
    return _execute(caller, session_id, command, command_id)


class CompleteSet(StrictBody):
    """When the set began and ended, in ms since the session began."""

    set: int
    start_ms: int
    end_ms: int


@write
def complete_set(
    caller: CurrentCaller, session_id: Id, body: CompleteSet, command_id: CommandId
) -> Written:
    """Complete the set that is under way."""
    command = commands.CompleteSet(set=body.set, span=Span(body.start_ms, body.end_ms))
    return _execute(caller, session_id, command, command_id)


class Complete(StrictBody):
    """Data that only the client has. Default mass: that of the profile, else a reference."""

    at: AwareDatetime | None = None
    frames: int = 0
    frames_with_pose: int = 0
    body_mass_kg: float | None = Field(
        None, description="Without it, that of the profile, or a reference person's."
    )
    streamed_sets: int = Field(
        0,
        ge=0,
        description="The highest `set` of the answers to chunks. A server process that has not "
        "heard of the session waits until the log has it: `session.set_underway`.",
    )


@write
def complete_session(
    caller: CurrentCaller, session_id: Id, body: Complete, command_id: CommandId
) -> Summary:
    """Complete a session whose sets are over. A retry returns the same summary."""
    result = complete(caller, session_id, body, command_id)
    summary = caller.platform.sessions.summarize(caller.tenant_id, result.session)
    return Summary(
        session_id=session_id,
        position=result.appended.position,
        repeated=result.appended.repeated,
        duration_ms=summary.duration_ms,
        sets=summary.set_count,
        repetitions=summary.repetition_count,
        verified_repetitions=summary.verified_repetition_count,
        accuracy=summary.accuracy,
        performance=None
        if summary.performance is None
        else Performance.model_validate(summary.performance),
        calories_kcal=summary.calories.kcal,
        cues=tuple(dict.fromkeys(each.cue for each in summary.feedback_details)),
        health_kit=HealthKitToWrite.model_validate(summary.health_kit),
    )


class OverrideChecks(StrictBody):
    """Name the camera checks that failed, and the time in ms since the session began."""

    set: int
    checks: tuple[str, ...] = Field(description="Of `light`, `body`, `view` and `people`.")
    at_ms: int


@write
def override_checks(
    caller: CurrentCaller, session_id: Id, body: OverrideChecks, command_id: CommandId
) -> Written:
    """Record that the set under way began although camera checks failed; once for each set."""
    command = commands.OverrideChecks(set=body.set, checks=body.checks, at_ms=body.at_ms)
    return _execute(caller, session_id, command, command_id)


def complete(caller: Caller, session_id: str, body: Complete, command_id: UUID) -> SessionResult:
    """Complete a session once the log has all that was streamed. Raises SetUnderway."""
    authorize_session(caller, "write", session_id)
    completion = Completion(
        at=body.at,
        frames=body.frames,
        frames_with_pose=body.frames_with_pose,
        body_mass_kg=body.body_mass_kg,
        streamed_sets=body.streamed_sets,
    )
    return caller.platform.sessions.complete(
        SessionId(checked_id(session_id)),
        completion,
        origin=caller.origin(),
        command_id=command_id,
    )


def new_session_id(chosen_id: str | None, command_id: UUID) -> SessionId:
    """Return the id that the client chose, or one that a retry leads to again."""
    return SessionId(
        str(uuid5(command_id, "session")) if chosen_id is None else checked_id(chosen_id)
    )


def _execute(
    caller: Caller, session_id: str, command: commands.SessionCommand, command_id: UUID
) -> Written:
    """Execute a command of a session that the caller may change."""
    authorize_session(caller, "write", session_id)
    appended = caller.platform.sessions.execute(
        SessionId(checked_id(session_id)), command, origin=caller.origin(), command_id=command_id
    )
    return Written.of(session_id, appended)
