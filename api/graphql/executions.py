"""Workouts performed through GraphQL, by the same door as over REST."""

from collections.abc import Callable
from typing import Annotated

import strawberry

from api import workouts as door
from api.exercise_progress import progress_after, progress_of
from api.graphql.consistency import reading
from api.graphql.context import Info
from api.graphql.errors import Problem, attempt
from api.graphql.execution_inputs import (
    BeginNextSetInput,
    CompleteWorkoutInput,
    ConfirmHealthKitInput,
    EndRestInput,
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
    MutationInput,
    MutationPayload,
    command_id_of,
    new_key,
    payload_fields,
    resolve_time,
)
from api.graphql.pagination import key_of
from application.sessions import performing
from application.sessions.performing import Facts, Wishes
from application.sessions.summary import summarize
from domain.ids import UserId
from domain.sessions import commands
from domain.values import within


@strawberry.type
class ExecutionPayload(MutationPayload):
    """The execution after the change."""

    execution: Execution


@strawberry.type
class WorkoutCompletedPayload(MutationPayload):
    """What the workout came to."""

    summary: WorkoutSummary


@strawberry.type
class HealthKitPayload(MutationPayload):
    """What is known of HealthKit now."""

    execution_id: strawberry.ID
    health_kit: HealthKit


ExecutionResult = Annotated[ExecutionPayload | Problem, strawberry.union("ExecutionResult")]
WorkoutCompletedResult = Annotated[
    WorkoutCompletedPayload | Problem, strawberry.union("WorkoutCompletedResult")
]
HealthKitResult = Annotated[HealthKitPayload | Problem, strawberry.union("HealthKitResult")]


@strawberry.type
class ExecutionQueries:
    """Questions about executions."""

    @field("An execution as it stands in the log.")
    def execution(self, info: Info, execution_id: strawberry.ID) -> Execution:
        """Tell an execution."""
        caller = info.context.caller
        told = door.look(caller, key_of("Session", execution_id))
        return Execution.of(told, caller.platform.clock())

    @field("What a completed execution came to.")
    def workout_summary(self, info: Info, execution_id: strawberry.ID) -> WorkoutSummary:
        """Tell a summary."""
        caller = info.context.caller
        told = door.look(caller, key_of("Session", execution_id))
        return WorkoutSummary.of(summarize(told), progress_after(caller, told))

    @reading("What an athlete did last in exercises, and their records.")
    def exercise_progress(
        self, info: Info, athlete_id: strawberry.ID, exercise_ids: list[strawberry.ID]
    ) -> list[ExerciseProgress]:
        """Tell progress; nothing of what was never performed."""
        caller, athlete = info.context.caller, UserId(key_of("User", athlete_id))
        if not caller.sees("session", athlete):
            return []
        within("exerciseIds", len(exercise_ids), 0, door.MOST_EXERCISES)
        return [ExerciseProgress.of(each) for each in progress_of(caller, athlete, exercise_ids)]


@strawberry.type
class ExecutionMutations:
    """What may be asked of executions."""

    @mutation("Begin to perform a prescription.")
    def start_workout(self, info: Info, input: StartWorkoutInput) -> ExecutionResult:
        """Start an execution."""
        context, asked = info.context, input

        def carry_out() -> ExecutionPayload:
            command_id = command_id_of(context, asked)
            named = asked.execution_id and key_of("Session", asked.execution_id)
            wish = door.Start(
                session_id=new_key(named, command_id, "session"),
                workout_id=key_of("Workout", asked.workout_id),
                athlete_id=asked.athlete_id and key_of("User", asked.athlete_id),
                at=None if asked.at is None else resolve_time(context, asked.at),
                time_zone=asked.time_zone,
            )
            carried = door.start(context.caller, wish, command_id)
            told = Execution.of(carried.execution, context.platform.clock())
            return ExecutionPayload(
                execution=told, **payload_fields(asked, command_id, carried.appended)
            )

        return attempt(context, asked.client_mutation_id, carry_out)

    @mutation("Begin the next set; a rest ends with it.")
    def begin_next_set(self, info: Info, input: BeginNextSetInput) -> ExecutionResult:
        """Begin what comes next."""
        asked = input
        return _change(
            info,
            asked,
            asked.execution_id,
            lambda known, now_ms: performing.next_set(
                known,
                number=asked.set,
                exercise_id=asked.exercise_id,
                counted_by=door.counter(asked.source.value, asked.model),
                load_kg=asked.load_kg,
                at_ms=_or(asked.at_ms, now_ms),
            ),
        )

    @mutation("Log repetitions by hand.")
    def log_repetitions(self, info: Info, input: LogRepetitionsInput) -> ExecutionResult:
        """Count what the athlete says they did."""
        asked = input
        return _change(
            info,
            asked,
            asked.execution_id,
            lambda _known, now_ms: [
                commands.LogRepetitions(
                    set=asked.set,
                    repetitions=asked.repetitions,
                    at_ms=_or(asked.at_ms, now_ms),
                )
            ],
        )

    @mutation("Log how long was held.")
    def log_duration(self, info: Info, input: LogDurationInput) -> ExecutionResult:
        """Log time by hand."""
        asked = input
        return _change(
            info,
            asked,
            asked.execution_id,
            lambda _known, now_ms: [
                performing.held(asked.set, asked.duration_ms, _or(asked.at_ms, now_ms))
            ],
        )

    @mutation("Take the last repetition of a set back.")
    def undo_repetition(self, info: Info, input: UndoRepetitionInput) -> ExecutionResult:
        """Reject the last repetition that stands."""
        command = commands.OverruleRepetition(set=input.set, accepted=False)
        return _change(info, input, input.execution_id, lambda _known, _now: [command])

    @mutation("Say whether a movement was a repetition.")
    def overrule_repetition(self, info: Info, input: OverruleRepetitionInput) -> ExecutionResult:
        """Let the athlete have the last word."""
        command = commands.OverruleRepetition(
            set=input.set, accepted=input.accepted, number=input.number, start_ms=input.start_ms
        )
        return _change(info, input, input.execution_id, lambda _known, _now: [command])

    @mutation("Complete the set that is under way.")
    def finish_set(self, info: Info, input: FinishSetInput) -> ExecutionResult:
        """Complete a set."""
        asked = input
        return _change(
            info,
            asked,
            asked.execution_id,
            lambda known, now_ms: performing.finish_set(
                known,
                number=asked.set,
                start_ms=asked.start_ms,
                end_ms=_or(asked.end_ms, now_ms),
            ),
        )

    @mutation("Leave out what comes next.")
    def skip_sets(self, info: Info, input: SkipSetsInput) -> ExecutionResult:
        """Skip a set, or an exercise."""
        asked = input
        return _change(
            info,
            asked,
            asked.execution_id,
            lambda known, _now: performing.skip(known, what=asked.what.value),
        )

    @mutation("Rest after a set, or change how long.")
    def start_rest(self, info: Info, input: StartRestInput) -> ExecutionResult:
        """Begin a rest."""
        asked = input
        return _change(
            info,
            asked,
            asked.execution_id,
            lambda known, now_ms: performing.rest(
                known, planned_s=asked.planned_s, at_ms=_or(asked.at_ms, now_ms)
            ),
        )

    @mutation("Go on after a rest.")
    def end_rest(self, info: Info, input: EndRestInput) -> ExecutionResult:
        """End a rest."""
        asked = input
        return _change(
            info,
            asked,
            asked.execution_id,
            lambda known, now_ms: performing.end_rest(known, at_ms=_or(asked.at_ms, now_ms)),
        )

    @mutation("End the workout, and sum it up.")
    def complete_workout(self, info: Info, input: CompleteWorkoutInput) -> WorkoutCompletedResult:
        """Complete a workout."""
        context, asked = info.context, input

        def carry_out() -> WorkoutCompletedPayload:
            command_id = command_id_of(context, asked)
            ending = door.Ending(
                at=None if asked.at is None else resolve_time(context, asked.at),
                frames=asked.frames,
                frames_with_pose=asked.frames_with_pose,
                body_mass_kg=asked.body_mass_kg,
            )
            key = key_of("Session", asked.execution_id)
            carried = door.complete(context.caller, key, ending, command_id)
            progress = progress_after(context.caller, carried.execution)
            told = WorkoutSummary.of(summarize(carried.execution), progress)
            return WorkoutCompletedPayload(
                summary=told, **payload_fields(asked, command_id, carried.appended)
            )

        return attempt(context, asked.client_mutation_id, carry_out)

    @mutation("Say whether the device has written the workout to HealthKit.")
    def confirm_health_kit(self, info: Info, input: ConfirmHealthKitInput) -> HealthKitResult:
        """Take a device's word."""
        context, asked = info.context, input

        def carry_out() -> HealthKitPayload:
            command_id = command_id_of(context, asked)
            carried = door.confirm_healthkit(
                context.caller,
                key_of("Session", asked.execution_id),
                status=asked.status.value,
                reason=None if asked.reason is None else asked.reason.value,
                at=None if asked.at is None else resolve_time(context, asked.at),
                command_id=command_id,
            )
            return HealthKitPayload(
                execution_id=strawberry.ID(carried.execution.id),
                health_kit=HealthKit.of(carried.execution.health_kit),
                **payload_fields(asked, command_id, carried.appended),
            )

        return attempt(context, asked.client_mutation_id, carry_out)


def _or(given: int | None, now_ms: int) -> int:
    return now_ms if given is None else given


def _change(
    info: Info, asked: MutationInput, execution_id: str, wish: Callable[[Facts, int], Wishes]
) -> ExecutionPayload | Problem:
    context = info.context

    def carry_out() -> ExecutionPayload:
        command_id = command_id_of(context, asked)
        key = key_of("Session", execution_id)
        carried = door.carry_out(context.caller, key, wish, command_id)
        told = Execution.of(carried.execution, context.platform.clock())
        return ExecutionPayload(
            execution=told, **payload_fields(asked, command_id, carried.appended)
        )

    return attempt(context, asked.client_mutation_id, carry_out)
