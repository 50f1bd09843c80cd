"""Workout executions in GraphQL; the writes are those of REST."""

from collections.abc import Callable
from typing import Annotated, TypeVar
from uuid import UUID

import strawberry
from pydantic import BaseModel

from api.graphql.consistency import reading
from api.graphql.context import Info
from api.graphql.errors import Problem, attempt
from api.graphql.execution_inputs import (
    BeginNextSetInput,
    CompleteWorkoutInput,
    ConfirmHealthKitInput,
    EndRestInput,
    ExecutionMutation,
    FinishSetInput,
    LogDurationInput,
    LogRepetitionsInput,
    OverruleRepetitionInput,
    SkipSetsInput,
    StartRestInput,
    StartWorkoutInput,
    UndoRepetitionInput,
)
from api.graphql.execution_types import Execution, ExerciseProgress, HealthKit, WorkoutSummary
from api.graphql.fields import field, mutation
from api.graphql.mutations import (
    MutationPayload,
    body_of,
    command_id_of,
    optional_time,
    payload_fields,
)
from api.graphql.pagination import key_of
from api.views import session_commands as inputs
from api.views import session_writes
from application.analytics.exercise_progress import progress_after, progress_of
from application.caller import Caller, checked_id
from application.sessions.service import SessionResult
from application.sessions.summary import summarize
from domain.ids import UserId
from domain.values import within

MAX_EXERCISES = 50
"""Exercises of one request for progress."""

B = TypeVar("B", bound=BaseModel)


@strawberry.type
class ExecutionPayload(MutationPayload):
    """The execution after the change."""

    execution: Execution


@strawberry.type
class WorkoutCompletedPayload(MutationPayload):
    """Summary of the completed workout."""

    summary: WorkoutSummary


@strawberry.type
class HealthKitPayload(MutationPayload):
    """HealthKit status."""

    execution_id: strawberry.ID
    health_kit: HealthKit


ExecutionResult = Annotated[ExecutionPayload | Problem, strawberry.union("ExecutionResult")]
WorkoutCompletedResult = Annotated[
    WorkoutCompletedPayload | Problem, strawberry.union("WorkoutCompletedResult")
]
HealthKitResult = Annotated[HealthKitPayload | Problem, strawberry.union("HealthKitResult")]


@strawberry.type
class ExecutionQueries:
    """Queries of executions."""

    @field("An execution as the log has it (always current).")
    def execution(self, info: Info, execution_id: strawberry.ID) -> Execution:
        """Get an execution."""
        caller = info.context.caller
        session = session_writes.get_session(caller, key_of("Session", execution_id))
        return Execution.of(session, caller.platform.clock())

    @field("The summary of a completed execution.")
    def workout_summary(self, info: Info, execution_id: strawberry.ID) -> WorkoutSummary:
        """Get a summary."""
        caller = info.context.caller
        session = session_writes.get_session(caller, key_of("Session", execution_id))
        return WorkoutSummary.of(summarize(session), progress_after(caller, session))

    @reading("The last results and records of an athlete in exercises.")
    def exercise_progress(
        self, info: Info, athlete_id: strawberry.ID, exercise_ids: list[strawberry.ID]
    ) -> list[ExerciseProgress]:
        """Get progress; exercises that were never performed are left out."""
        caller, athlete = info.context.caller, UserId(key_of("User", athlete_id))
        if not caller.sees("session", athlete):
            return []
        within("exerciseIds", len(exercise_ids), 0, MAX_EXERCISES)
        return [ExerciseProgress.of(each) for each in progress_of(caller, athlete, exercise_ids)]


@strawberry.type
class ExecutionMutations:
    """Mutations of executions."""

    @mutation("Start a prescribed workout.")
    def start_workout(self, info: Info, input: StartWorkoutInput) -> ExecutionResult:
        """Start an execution."""
        context, mutation_input = info.context, input

        def carry_out() -> ExecutionPayload:
            command_id = command_id_of(context, mutation_input)
            execution_id = mutation_input.execution_id and key_of(
                "Session", mutation_input.execution_id
            )
            body = body_of(
                inputs.StartWorkout,
                mutation_input,
                session_id=execution_id and checked_id(execution_id),
                workout_id=checked_id(key_of("Workout", mutation_input.workout_id)),
                athlete_id=mutation_input.athlete_id
                and checked_id(key_of("User", mutation_input.athlete_id)),
                at=optional_time(context, mutation_input.at),
            )
            result = session_writes.start_workout(context.caller, body, command_id)
            session = Execution.of(result.session, context.platform.clock())
            return ExecutionPayload(
                execution=session, **payload_fields(mutation_input, command_id, result.appended)
            )

        return attempt(context, mutation_input.client_mutation_id, carry_out)

    @mutation("Begin the next set; ends the rest.")
    def begin_next_set(self, info: Info, input: BeginNextSetInput) -> ExecutionResult:
        """Begin the next set."""
        return _change(info, input, inputs.BeginNextSet, session_writes.begin_next_set)

    @mutation("Log repetitions manually.")
    def log_repetitions(self, info: Info, input: LogRepetitionsInput) -> ExecutionResult:
        """Add repetitions that the athlete reports."""
        return _change(info, input, inputs.LogRepetitions, session_writes.log_repetitions)

    @mutation("Log a hold manually.")
    def log_duration(self, info: Info, input: LogDurationInput) -> ExecutionResult:
        """Add a hold that the athlete reports."""
        return _change(info, input, inputs.LogDuration, session_writes.log_duration)

    @mutation("Remove the last repetition of a set.")
    def undo_repetition(self, info: Info, input: UndoRepetitionInput) -> ExecutionResult:
        """Remove the last repetition that counts."""
        return _change(info, input, inputs.UndoRepetition, session_writes.undo_repetition)

    @mutation("Accept or reject a movement as a repetition.")
    def overrule_repetition(self, info: Info, input: OverruleRepetitionInput) -> ExecutionResult:
        """Apply the athlete's decision."""
        return _change(info, input, inputs.OverruleRepetition, session_writes.overrule_repetition)

    @mutation("Complete the set that is under way.")
    def finish_set(self, info: Info, input: FinishSetInput) -> ExecutionResult:
        """Complete a set."""
        return _change(info, input, inputs.FinishSet, session_writes.finish_set)

    @mutation("Skip the next set, or all sets left of its exercise.")
    def skip_sets(self, info: Info, input: SkipSetsInput) -> ExecutionResult:
        """Skip sets."""
        return _change(info, input, inputs.SkipSets, session_writes.skip_sets)

    @mutation("Start a rest after a set, or change its length.")
    def start_rest(self, info: Info, input: StartRestInput) -> ExecutionResult:
        """Start a rest."""
        return _change(info, input, inputs.StartRest, session_writes.start_rest)

    @mutation("End the rest.")
    def end_rest(self, info: Info, input: EndRestInput) -> ExecutionResult:
        """End the rest."""
        return _change(info, input, inputs.EndRest, session_writes.end_rest)

    @mutation("Complete a workout; the server computes its figures.")
    def complete_workout(self, info: Info, input: CompleteWorkoutInput) -> WorkoutCompletedResult:
        """Complete a workout."""
        context, mutation_input = info.context, input

        def carry_out() -> WorkoutCompletedPayload:
            command_id = command_id_of(context, mutation_input)
            key = key_of("Session", mutation_input.execution_id)
            body = body_of(
                inputs.Complete, mutation_input, at=optional_time(context, mutation_input.at)
            )
            result = session_writes.complete(context.caller, key, body, command_id)
            progress = progress_after(context.caller, result.session)
            summary = WorkoutSummary.of(summarize(result.session), progress)
            return WorkoutCompletedPayload(
                summary=summary, **payload_fields(mutation_input, command_id, result.appended)
            )

        return attempt(context, mutation_input.client_mutation_id, carry_out)

    @mutation("Report the result of writing the workout to HealthKit.")
    def confirm_health_kit(self, info: Info, input: ConfirmHealthKitInput) -> HealthKitResult:
        """Record the device's result."""
        context, mutation_input = info.context, input

        def carry_out() -> HealthKitPayload:
            command_id = command_id_of(context, mutation_input)
            key = key_of("Session", mutation_input.execution_id)
            body = body_of(
                inputs.ConfirmHealthKit,
                mutation_input,
                at=optional_time(context, mutation_input.at),
            )
            result = session_writes.confirm_healthkit(context.caller, key, body, command_id)
            return HealthKitPayload(
                execution_id=strawberry.ID(result.session.id),
                health_kit=HealthKit.of(result.session.health_kit),
                **payload_fields(mutation_input, command_id, result.appended),
            )

        return attempt(context, mutation_input.client_mutation_id, carry_out)


def _change(
    info: Info,
    mutation_input: ExecutionMutation,
    model: type[B],
    write: Callable[[Caller, str, B, UUID], SessionResult],
) -> ExecutionPayload | Problem:
    context = info.context

    def carry_out() -> ExecutionPayload:
        command_id = command_id_of(context, mutation_input)
        key = key_of("Session", mutation_input.execution_id)
        result = write(context.caller, key, body_of(model, mutation_input), command_id)
        session = Execution.of(result.session, context.platform.clock())
        return ExecutionPayload(
            execution=session, **payload_fields(mutation_input, command_id, result.appended)
        )

    return attempt(context, mutation_input.client_mutation_id, carry_out)
