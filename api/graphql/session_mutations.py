"""Mutations of a session: start, count, complete."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from api.graphql.context import Context, Info
from api.graphql.errors import Problem, attempt
from api.graphql.fields import mutation
from api.graphql.mutations import (
    MutationInput,
    MutationPayload,
    body_of,
    command_id_of,
    execute,
    optional_time,
    payload_fields,
)
from api.graphql.pagination import key_of
from api.graphql.session_types import CountSource, Session
from api.graphql.sessions import find_sessions
from api.views import session_commands as inputs
from api.views import session_writes
from application.caller import checked_id
from application.kernel.ports import AppendResult
from application.users.resource_access import authorize_session
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import InvalidValue, Span, Tempo


@strawberry.input
class StartSessionInput(MutationInput):
    """Without `sessionId` one is made; without `at` it begins now."""

    session_id: strawberry.ID | None = None
    athlete_id: strawberry.ID
    workout_id: strawberry.ID | None = None
    at: datetime | None = None
    time_zone: str = "UTC"


@strawberry.input
class CountedByInput:
    """Deprecated. Only `source` and `model` are used; the server knows the rest."""

    source: CountSource
    model: str
    definition_version: int
    learned: str | None = None


IGNORED = "Ignored: the server computes it."


@strawberry.input
class StartSetInput(MutationInput):
    """Sets are numbered from 1. Name the `model` that finds the landmarks."""

    session_id: strawberry.ID
    set: int
    exercise_id: strawberry.ID
    model: str | None = None
    source: CountSource | None = None
    target_repetitions: int | None = None
    load_kg: float | None = None
    counted_by: CountedByInput | None = strawberry.field(
        default=None, deprecation_reason="Use `source` and `model`."
    )


@strawberry.input
class TempoInput:
    """Seconds of the four phases of a repetition."""

    eccentric_s: float
    bottom_pause_s: float
    concentric_s: float
    top_pause_s: float


@strawberry.input
class CountRepetitionInput(MutationInput):
    """Repetitions of a set are numbered from 1; times are ms since the session began."""

    session_id: strawberry.ID
    set: int
    number: int
    start_ms: int
    end_ms: int
    tempo: TempoInput | None = None
    range_of_motion_deg: float | None = None
    symmetry: float | None = None
    form: float | None = None
    confidence: float = 1.0
    faults: list[str] = strawberry.field(default_factory=list[str])
    unjudged: list[str] | None = None


@strawberry.input
class CompleteSetInput(MutationInput):
    """When the set began and ended, in ms since the session began."""

    session_id: strawberry.ID
    set: int
    start_ms: int
    end_ms: int


@strawberry.input
class CompleteSessionInput(MutationInput):
    """Without `at` it ends now; without a mass, that of the profile or a reference person's."""

    session_id: strawberry.ID
    at: datetime | None = None
    frames: int = 0
    frames_with_pose: int = 0
    body_mass_kg: float | None = None
    duration_ms: int | None = strawberry.field(default=None, deprecation_reason=IGNORED)
    accuracy: float | None = strawberry.field(default=None, deprecation_reason=IGNORED)
    calories_kcal: float | None = strawberry.field(default=None, deprecation_reason=IGNORED)


@strawberry.type
class SessionPayload(MutationPayload):
    """The session after the change."""

    session: Session | None


SessionResult = Annotated[SessionPayload | Problem, strawberry.union("SessionResult")]


@strawberry.type
class SessionMutations:
    """The commands of a session, one field each."""

    @mutation("Start a session.")
    def start_session(self, info: Info, input: StartSessionInput) -> SessionResult:
        """Start a session."""
        context = info.context

        def carry_out() -> SessionPayload:
            command_id = command_id_of(context, input)
            body = body_of(
                inputs.StartSession,
                input,
                session_id=input.session_id and checked_id(input.session_id),
                athlete_id=checked_id(key_of("User", input.athlete_id)),
                workout_id=input.workout_id and checked_id(key_of("Workout", input.workout_id)),
                at=optional_time(context, input.at),
            )
            key, appended = session_writes.start_session(context.caller, body, command_id)
            return _payload(context, input, key, command_id, appended)

        return attempt(context, input.client_mutation_id, carry_out)

    @mutation("Start a set.")
    def start_set(self, info: Info, input: StartSetInput) -> SessionResult:
        """Start a set."""
        caller = info.context.caller

        def write(key: str, command_id: UUID) -> AppendResult:
            return session_writes.start_set(caller, key, _start_set(input), command_id)

        return _change(info.context, input, input.session_id, write)

    @mutation("Count a repetition of the set that is underway.")
    def count_repetition(
        self,
        info: Info,
        input: CountRepetitionInput,
    ) -> SessionResult:
        """Count a repetition."""
        return _change(
            info.context, input, input.session_id, _enter(info.context, lambda: _count(input))
        )

    @mutation("Complete the set that is under way.")
    def complete_set(self, info: Info, input: CompleteSetInput) -> SessionResult:
        """Complete a set."""

        def command() -> commands.SessionCommand:
            return commands.CompleteSet(set=input.set, span=Span(input.start_ms, input.end_ms))

        return _change(info.context, input, input.session_id, _enter(info.context, command))

    @mutation("Complete the session; the server computes its figures.")
    def complete_session(
        self,
        info: Info,
        input: CompleteSessionInput,
    ) -> SessionResult:
        """Complete a session."""
        context = info.context

        def write(key: str, command_id: UUID) -> AppendResult:
            at = optional_time(context, input.at)
            body = body_of(inputs.Complete, input, at=at)
            return session_writes.complete(context.caller, key, body, command_id).appended

        return _change(context, input, input.session_id, write)


Write = Callable[[str, UUID], AppendResult]
"""Executes a command of the session with this id, under this command id."""


def _change(
    context: Context, mutation_input: MutationInput, session_id: str, write: Write
) -> SessionPayload | Problem:
    def carry_out() -> SessionPayload:
        key, command_id = key_of("Session", session_id), command_id_of(context, mutation_input)
        return _payload(context, mutation_input, key, command_id, write(key, command_id))

    return attempt(context, mutation_input.client_mutation_id, carry_out)


def _enter(context: Context, command: Callable[[], commands.SessionCommand]) -> Write:
    """Return a write of a command that only GraphQL offers."""

    def write(key: str, command_id: UUID) -> AppendResult:
        authorize_session(context.caller, "write", key)
        return execute(context, SESSION, key, [command()], command_id)

    return write


def _payload(
    context: Context,
    mutation_input: MutationInput,
    key: str,
    command_id: UUID,
    appended: AppendResult,
) -> SessionPayload:
    return SessionPayload(
        session=find_sessions(context, [key]).get(key),
        **payload_fields(mutation_input, command_id, appended),
    )


def _start_set(mutation_input: StartSetInput) -> inputs.StartSet:
    """Convert the input; an old client names source and model in `countedBy`."""
    counter = mutation_input.counted_by
    model = mutation_input.model or (counter and counter.model)
    source = mutation_input.source or (counter and counter.source) or CountSource.SERVER
    if not model:
        raise InvalidValue("Name the model that finds the landmarks.")
    return body_of(inputs.StartSet, mutation_input, model=model, source=source.value)


def _count(mutation_input: CountRepetitionInput) -> commands.CountRepetition:
    tempo = mutation_input.tempo
    return commands.CountRepetition(
        set=mutation_input.set,
        number=mutation_input.number,
        span=Span(mutation_input.start_ms, mutation_input.end_ms),
        tempo=None
        if tempo is None
        else Tempo(tempo.eccentric_s, tempo.bottom_pause_s, tempo.concentric_s, tempo.top_pause_s),
        range_of_motion_deg=mutation_input.range_of_motion_deg,
        symmetry=mutation_input.symmetry,
        form=mutation_input.form,
        confidence=mutation_input.confidence,
        faults=tuple(mutation_input.faults),
        unjudged=None if mutation_input.unjudged is None else tuple(mutation_input.unjudged),
    )
