"""Writes of a session: authorize, convert the input, execute. Called by REST and GraphQL.

An execution is a session that performs a prescription (C-17), and has the session's id.
"""

from typing import Final
from uuid import UUID, uuid5

from api.views import session_commands as inputs
from application.caller import ANONYMOUS, Caller, checked_id
from application.kernel.ports import AppendResult
from application.sessions.exercise_specs import exercise_specs
from application.sessions.service import Completion, SessionResult
from application.sessions.session_view import SessionView
from application.users.resource_access import athlete_of, authorize_session
from domain.ids import ExerciseId, SessionId, WorkoutId
from domain.sessions import commands, prescription_commands
from domain.sessions.moments import Moment

ATHLETE: Final = "athlete"
"""Athlete of a session if sign-in is not required and no athlete is named."""


def get_session(caller: Caller, session_id: str) -> SessionView:
    """Return a session as of the log. Raises SessionNotFound."""
    authorize_session(caller, "read", session_id)
    return caller.platform.sessions.get(caller.tenant_id, SessionId(session_id))


def start_session(
    caller: Caller, body: inputs.StartSession, command_id: UUID
) -> tuple[SessionId, AppendResult]:
    """Start a session without a prescription. Raises Forbidden and what the session refuses."""
    session_id = _new_id(body.session_id, command_id)
    appended = caller.platform.sessions.start(
        session_id,
        athlete_id=athlete_of(caller, body.athlete_id, body.athlete_id),
        workout_id=None if body.workout_id is None else WorkoutId(body.workout_id),
        at=body.at,
        time_zone=body.time_zone,
        origin=caller.origin(body.athlete_id),
        command_id=command_id,
    )
    return session_id, appended


def start_workout(caller: Caller, body: inputs.StartWorkout, command_id: UUID) -> SessionResult:
    """Start a session over a prescription. Raises WorkoutNotFound, SessionAlreadyStarted."""
    return caller.platform.sessions.start_workout(
        _new_id(body.session_id, command_id),
        athlete_id=athlete_of(caller, body.athlete_id, ATHLETE),
        workout_id=WorkoutId(body.workout_id),
        at=body.at,
        time_zone=body.time_zone,
        origin=caller.origin(ANONYMOUS if body.athlete_id is None else body.athlete_id),
        command_id=command_id,
    )


def start_set(
    caller: Caller, session_id: str, body: inputs.StartSet, command_id: UUID
) -> AppendResult:
    """Start a set by its number. Raises UnknownExercise and what the session refuses."""
    authorize_session(caller, "write", session_id)
    return caller.platform.sessions.start_set(
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


def begin_next_set(
    caller: Caller, session_id: str, body: inputs.BeginNextSet, command_id: UUID
) -> SessionResult:
    """Begin the next set of the prescription; ends the rest."""
    command = prescription_commands.BeginNextSet(
        exercise_id=None if body.exercise_id is None else ExerciseId(body.exercise_id),
        number=body.set,
        load_kg=body.load_kg,
        source=body.source,
        model=body.model,
        at=_moment(caller, body.at_ms),
        specs=exercise_specs(),
    )
    return perform(caller, session_id, command, command_id)


def log_repetitions(
    caller: Caller, session_id: str, body: inputs.LogRepetitions, command_id: UUID
) -> SessionResult:
    """Add repetitions that the athlete reports, in addition to those counted by camera."""
    command = commands.LogRepetitions(
        set=body.set, repetitions=body.repetitions, at=_moment(caller, body.at_ms)
    )
    return perform(caller, session_id, command, command_id)


def log_duration(
    caller: Caller, session_id: str, body: inputs.LogDuration, command_id: UUID
) -> SessionResult:
    """Add a hold that the athlete reports."""
    command = commands.LogHold(
        set=body.set, duration_ms=body.duration_ms, at=_moment(caller, body.at_ms)
    )
    return perform(caller, session_id, command, command_id)


def undo_repetition(
    caller: Caller, session_id: str, body: inputs.UndoRepetition, command_id: UUID
) -> SessionResult:
    """Remove the last repetition that counts; no counter brings it back."""
    command = commands.OverruleRepetition(set=body.set, accepted=False)
    return perform(caller, session_id, command, command_id)


def overrule_repetition(
    caller: Caller, session_id: str, body: inputs.OverruleRepetition, command_id: UUID
) -> SessionResult:
    """Accept or reject a movement, also of a set that is over."""
    command = commands.OverruleRepetition(
        set=body.set, accepted=body.accepted, number=body.number, start_ms=body.start_ms
    )
    return perform(caller, session_id, command, command_id)


def finish_set(
    caller: Caller, session_id: str, body: inputs.FinishSet, command_id: UUID
) -> SessionResult:
    """Complete a set; one that a camera streams is completed by its last frames."""
    command = commands.FinishSet(
        set=body.set, start_ms=body.start_ms, at=_moment(caller, body.end_ms)
    )
    return perform(caller, session_id, command, command_id)


def skip_sets(
    caller: Caller, session_id: str, body: inputs.SkipSets, command_id: UUID
) -> SessionResult:
    """Skip the next set, or all sets left of its exercise."""
    command = prescription_commands.SkipSets(what=body.what)
    return perform(caller, session_id, command, command_id)


def start_rest(
    caller: Caller, session_id: str, body: inputs.StartRest, command_id: UUID
) -> SessionResult:
    """Start a rest after the last set, or change its length (R-WKT-12)."""
    command = prescription_commands.StartRest(
        planned_s=body.planned_s, at=_moment(caller, body.at_ms)
    )
    return perform(caller, session_id, command, command_id)


def end_rest(
    caller: Caller, session_id: str, body: inputs.EndRest, command_id: UUID
) -> SessionResult:
    """End the rest; without one nothing happens."""
    command = prescription_commands.EndRest(at=_moment(caller, body.at_ms))
    return perform(caller, session_id, command, command_id)


def complete(
    caller: Caller, session_id: str, body: inputs.Complete, command_id: UUID
) -> SessionResult:
    """Complete a session once the log has all that was streamed. Raises SetUnderway."""
    authorize_session(caller, "write", session_id)
    completion = Completion(body.at, body.frames, body.frames_with_pose, body.body_mass_kg)
    return caller.platform.sessions.complete(
        SessionId(checked_id(session_id)),
        completion,
        origin=caller.origin(),
        command_id=command_id,
    )


def confirm_healthkit(
    caller: Caller, session_id: str, body: inputs.ConfirmHealthKit, command_id: UUID
) -> SessionResult:
    """Record the device's result. Raises HealthKitTooEarly, HealthKitNotRequested, InvalidValue."""
    command = prescription_commands.ConfirmHealthKit(
        at=caller.platform.sessions.time(body.at), outcome=body.status, reason=body.reason
    )
    return perform(caller, session_id, command, command_id)


def override_checks(
    caller: Caller, session_id: str, body: inputs.OverrideChecks, command_id: UUID
) -> AppendResult:
    """Record that a set began although camera checks failed; once for each set."""
    authorize_session(caller, "write", session_id)
    command = commands.OverrideChecks(set=body.set, checks=body.checks, at_ms=body.at_ms)
    return caller.platform.sessions.execute(
        SessionId(session_id), command, origin=caller.origin(), command_id=command_id
    )


def perform(
    caller: Caller, session_id: str, command: commands.SessionCommand, command_id: UUID
) -> SessionResult:
    """Execute a command of a session that the caller may change. Raises refusals."""
    authorize_session(caller, "write", session_id)
    return caller.platform.sessions.perform(
        SessionId(checked_id(session_id)), command, origin=caller.origin(), command_id=command_id
    )


def _new_id(chosen_id: str | None, command_id: UUID) -> SessionId:
    """Return the id that the client chose, or one that a retry leads to again."""
    return SessionId(
        str(uuid5(command_id, "session")) if chosen_id is None else checked_id(chosen_id)
    )


def _moment(caller: Caller, given_ms: int | None) -> Moment:
    """Return milliseconds since the session began, or now."""
    return caller.platform.clock() if given_ms is None else given_ms
