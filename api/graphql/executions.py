"""Workout executions in GraphQL."""

from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert
from api.graphql.execution_types import Execution, ExerciseProgress, HealthKit, WorkoutSummary
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import key_of
from api.views import executions
from api.views.workouts import ExecutionWritten, HealthKitConfirmed, WorkoutCompleted
from application.analytics.exercise_progress import progress_of
from domain.ids import UserId
from domain.values import within

MAX_EXERCISES = 50
"""Exercises of one request for progress."""


@strawberry.type
class ExecutionPayload(MutationPayload):
    """The execution after the change."""

    execution: Execution

    @classmethod
    def of(cls, _: Context, written: ExecutionWritten, **common: Any) -> "ExecutionPayload":
        """Return the payload of a command."""
        return cls(execution=convert(Execution, written), **common)


@strawberry.type
class WorkoutCompletedPayload(MutationPayload):
    """Summary of the completed workout."""

    summary: WorkoutSummary

    @classmethod
    def of(
        cls, _: Context, completed: WorkoutCompleted, **common: Any
    ) -> "WorkoutCompletedPayload":
        """Return the payload of a command."""
        return cls(summary=convert(WorkoutSummary, completed), **common)


@strawberry.type
class HealthKitPayload(MutationPayload):
    """HealthKit status."""

    execution_id: strawberry.ID
    health_kit: HealthKit

    @classmethod
    def of(cls, _: Context, confirmed: HealthKitConfirmed, **common: Any) -> "HealthKitPayload":
        """Return the payload of a command."""
        health_kit = convert(HealthKit, confirmed.health_kit)
        return cls(execution_id=strawberry.ID(confirmed.id), health_kit=health_kit, **common)


@strawberry.type
class ExecutionQueries:
    """Queries of executions."""

    @field("An execution as the log has it (always current).")
    def execution(self, info: Info, execution_id: strawberry.ID) -> Execution:
        """Get an execution."""
        key = key_of("Session", execution_id)
        return convert(Execution, executions.get_execution(info.context.caller, key))

    @field("The summary of a completed execution.")
    def workout_summary(self, info: Info, execution_id: strawberry.ID) -> WorkoutSummary:
        """Get a summary."""
        key = key_of("Session", execution_id)
        return convert(WorkoutSummary, executions.get_summary(info.context.caller, key))

    @reading("The last results and records of an athlete in exercises.")
    def exercise_progress(
        self, info: Info, athlete_id: strawberry.ID, exercise_ids: list[strawberry.ID]
    ) -> list[ExerciseProgress]:
        """Get progress; exercises that were never performed are left out."""
        caller, athlete = info.context.caller, UserId(key_of("User", athlete_id))
        if not caller.sees("session", athlete):
            return []
        within("exerciseIds", len(exercise_ids), 0, MAX_EXERCISES)
        return [
            convert(ExerciseProgress, each) for each in progress_of(caller, athlete, exercise_ids)
        ]
