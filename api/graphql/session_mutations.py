"""What may be asked of a session through GraphQL: begin, count, complete."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from api.caller import ANONYMOUS, checked_id
from api.graphql.context import Context, Info
from api.graphql.errors import Problem, attempt
from api.graphql.fields import mutation
from api.graphql.mutations import (
    MutationInput,
    MutationPayload,
    command_id_of,
    execute,
    new_key,
    payload_fields,
    resolve_time,
)
from api.graphql.pagination import key_of
from api.graphql.session_types import CountSource, Session
from api.graphql.sessions import find_sessions
from api.ownership import authorize_session
from application.live.chunk import SessionKey
from application.sessions.closing import require_entered
from domain.ids import ExerciseId, SessionId, UserId, WorkoutId
from domain.motion.exercises.library import get_exercise
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span, Tempo


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
    """Who counts, with which pose model and version of the exercise definition.

    `learned` names what the counter had learned from examples, if it did.
    """

    source: CountSource
    model: str
    definition_version: int
    learned: str | None = None


@strawberry.input
class StartSetInput(MutationInput):
    """Sets are numbered from 1."""

    session_id: strawberry.ID
    set: int
    exercise_id: strawberry.ID
    counted_by: CountedByInput
    target_repetitions: int | None = None
    load_kg: float | None = None


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
    """Without `at` it ends now. `accuracy` is the mean form of the repetitions, 0..1."""

    session_id: strawberry.ID
    duration_ms: int
    at: datetime | None = None
    frames: int = 0
    frames_with_pose: int = 0
    accuracy: float | None = None
    calories_kcal: float = 0.0


@strawberry.type
class SessionPayload(MutationPayload):
    """The session after the change."""

    session: Session | None


SessionResult = Annotated[SessionPayload | Problem, strawberry.union("SessionResult")]


@strawberry.type
class SessionMutations:
    """The commands of a session, one field each."""

    @mutation("Begin to train.")
    def start_session(self, info: Info, input: StartSessionInput) -> SessionResult:
        """Start a session."""
        context = info.context

        def carry_out() -> SessionPayload:
            command_id = command_id_of(context, input)
            key = new_key(input.session_id, command_id, "session")
            command = _start(context, input)
            context.caller.require("write", "session", command.athlete_id)
            return _carried_out(context, input, key, command, command_id, command.athlete_id)

        return attempt(context, input.client_mutation_id, carry_out)

    @mutation("Begin a set.")
    def start_set(self, info: Info, input: StartSetInput) -> SessionResult:
        """Start a set."""
        return _change(info.context, input, input.session_id, lambda: _start_set(input))

    @mutation("Count a repetition of the set that is underway.")
    def count_repetition(
        self,
        info: Info,
        input: CountRepetitionInput,
    ) -> SessionResult:
        """Count a repetition."""
        return _change(info.context, input, input.session_id, lambda: _count(input))

    @mutation("Complete the set that is underway.")
    def complete_set(self, info: Info, input: CompleteSetInput) -> SessionResult:
        """Complete a set."""
        return _change(
            info.context,
            input,
            input.session_id,
            lambda: commands.CompleteSet(set=input.set, span=Span(input.start_ms, input.end_ms)),
        )

    @mutation("Complete the session.")
    def complete_session(
        self,
        info: Info,
        input: CompleteSessionInput,
    ) -> SessionResult:
        """Complete a session."""
        context = info.context
        return _change(context, input, input.session_id, lambda: _complete(context, input))


def _change(
    context: Context,
    asked: MutationInput,
    session_id: str,
    command: Callable[[], commands.SessionCommand],
) -> SessionPayload | Problem:
    def carry_out() -> SessionPayload:
        key = key_of("Session", session_id)
        authorize_session(context.caller, "write", key)
        return _carried_out(
            context, asked, key, command(), command_id_of(context, asked), ANONYMOUS
        )

    return attempt(context, asked.client_mutation_id, carry_out)


def _carried_out(
    context: Context,
    asked: MutationInput,
    key: str,
    command: commands.SessionCommand,
    command_id: UUID,
    actor: str,
) -> SessionPayload:
    appended = execute(context, SESSION, key, [command], command_id, actor)
    return SessionPayload(
        session=find_sessions(context, [key]).get(key),
        **payload_fields(asked, command_id, appended),
    )


def _start(context: Context, asked: StartSessionInput) -> commands.StartSession:
    workout = None if asked.workout_id is None else key_of("Workout", asked.workout_id)
    return commands.StartSession(
        athlete_id=UserId(checked_id(key_of("User", asked.athlete_id))),
        workout_id=None if workout is None else WorkoutId(checked_id(workout)),
        at=resolve_time(context, asked.at),
        time_zone=asked.time_zone,
    )


def _start_set(asked: StartSetInput) -> commands.StartSet:
    counter = asked.counted_by
    return commands.StartSet(
        set=asked.set,
        exercise_id=ExerciseId(get_exercise(asked.exercise_id).id),
        counted_by=CountedBy(
            counter.source.value, counter.model, counter.definition_version, counter.learned
        ),
        target_repetitions=asked.target_repetitions,
        load_kg=asked.load_kg,
    )


def _count(asked: CountRepetitionInput) -> commands.CountRepetition:
    tempo = asked.tempo
    return commands.CountRepetition(
        set=asked.set,
        number=asked.number,
        span=Span(asked.start_ms, asked.end_ms),
        tempo=None
        if tempo is None
        else Tempo(tempo.eccentric_s, tempo.bottom_pause_s, tempo.concentric_s, tempo.top_pause_s),
        range_of_motion_deg=asked.range_of_motion_deg,
        symmetry=asked.symmetry,
        form=asked.form,
        confidence=asked.confidence,
        faults=tuple(asked.faults),
        unjudged=None if asked.unjudged is None else tuple(asked.unjudged),
    )


def _complete(context: Context, asked: CompleteSessionInput) -> commands.CompleteSession:
    tenant_id, session_id = context.caller.tenant_id, SessionId(key_of("Session", asked.session_id))
    streamed = context.platform.live.latest_set(SessionKey(tenant_id, session_id))
    if streamed:
        require_entered(context.platform.history.events(tenant_id, session_id), streamed)
    return commands.CompleteSession(
        at=resolve_time(context, asked.at),
        duration_ms=asked.duration_ms,
        frames=asked.frames,
        frames_with_pose=asked.frames_with_pose,
        accuracy=asked.accuracy,
        calories_kcal=asked.calories_kcal,
    )
