"""Workouts in GraphQL: prescriptions, and how they are written and revised."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from api.caller import ANONYMOUS, checked_id
from api.graphql.consistency import reading
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
)
from api.graphql.pagination import Connection, Node, connection, global_id, key_of
from api.pagination import window
from domain.ids import ExerciseId, UserId, WorkoutId
from domain.motion.exercises.library import get_exercise
from domain.workouts import commands, events
from domain.workouts.workout import WORKOUT
from projections.workout_prescription import WORKOUT_PRESCRIPTION, WorkoutPrescription


@strawberry.type(description="One line of a prescription; a hold has a target in seconds.")
class PrescribedExercise:
    """An exercise, how often, and the rest in between."""

    exercise_id: strawberry.ID
    sets: int
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int

    @classmethod
    def of(cls, line: events.PrescribedExercise) -> "PrescribedExercise":
        """Tell a line."""
        return cls(
            exercise_id=strawberry.ID(line.exercise_id),
            sets=line.sets,
            target_repetitions=line.target_repetitions,
            target_hold_s=line.target_hold_s,
            rest_s=line.rest_s,
        )


@strawberry.type(description="A workout plan: exercises, sets and targets.")
class Workout(Node):
    """A prescription."""

    workout_id: strawberry.ID
    name: str
    author_id: strawberry.ID
    exercises: list[PrescribedExercise]
    prescribed_at: datetime
    revised_at: datetime | None

    @classmethod
    def of(cls, row: WorkoutPrescription) -> "Workout":
        """Tell a row of the read model."""
        return cls(
            id=global_id("Workout", row.id),
            workout_id=strawberry.ID(row.id),
            name=row.name,
            author_id=strawberry.ID(row.author_id),
            exercises=[PrescribedExercise.of(line) for line in row.exercises],
            prescribed_at=row.prescribed_at,
            revised_at=row.revised_at,
        )


def find_workouts(context: Context, keys: Collection[str]) -> dict[str, Workout]:
    """Find workouts by their own ids."""
    rows = context.platform.read.get_many(WORKOUT_PRESCRIPTION, context.tenant_id, keys)
    return {key: Workout.of(row) for key, row in rows.items()}


@strawberry.type
class WorkoutQueries:
    """Questions about workouts."""

    @reading("One workout, by either id.")
    def workout(self, info: Info, id: strawberry.ID) -> Workout | None:  # noqa: A002  Relay's name
        """Find a workout."""
        key = key_of("Workout", id)
        return find_workouts(info.context, [key]).get(key)

    @reading("Workouts, the newest first; at most 100 a page.")
    def workouts(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        author_id: strawberry.ID | None = None,
    ) -> Connection[Workout]:
        """List a page."""
        page = info.context.platform.read.page(
            WORKOUT_PRESCRIPTION,
            info.context.tenant_id,
            window=window(first, after, last, before),
            where={} if author_id is None else {"author_id": key_of("User", author_id)},
            order_by="prescribed_at",
            descending=True,
        )
        return connection(page, Workout.of)


@strawberry.input
class PrescribedExerciseInput:
    """Either `targetRepetitions` or `targetHoldS` is given."""

    exercise_id: strawberry.ID
    sets: int
    target_repetitions: int | None = None
    target_hold_s: int | None = None
    rest_s: int = 60


@strawberry.input
class PrescribeWorkoutInput(MutationInput):
    """Without `workoutId` one is made."""

    workout_id: strawberry.ID | None = None
    author_id: strawberry.ID
    name: str
    exercises: list[PrescribedExerciseInput]


@strawberry.input
class ReviseWorkoutInput(MutationInput):
    """The plan as it shall be."""

    workout_id: strawberry.ID
    name: str
    exercises: list[PrescribedExerciseInput]


@strawberry.type
class WorkoutPayload(MutationPayload):
    """The workout after the change."""

    workout: Workout | None


WorkoutResult = Annotated[WorkoutPayload | Problem, strawberry.union("WorkoutResult")]


@strawberry.type
class WorkoutMutations:
    """What may be asked of workouts."""

    @mutation("Write a plan.")
    def prescribe_workout(
        self,
        info: Info,
        input: PrescribeWorkoutInput,
    ) -> WorkoutResult:
        """Prescribe."""
        return attempt(
            info.context, input.client_mutation_id, lambda: _prescribe(info.context, input)
        )

    @mutation("Change a plan.")
    def revise_workout(
        self,
        info: Info,
        input: ReviseWorkoutInput,
    ) -> WorkoutResult:
        """Revise."""
        return attempt(info.context, input.client_mutation_id, lambda: _revise(info.context, input))


def _prescribe(context: Context, asked: PrescribeWorkoutInput) -> WorkoutPayload:
    command_id = command_id_of(context, asked)
    author = checked_id(key_of("User", asked.author_id))
    context.caller.require("write", "workout", UserId(author))
    command = commands.PrescribeWorkout(
        name=asked.name,
        author_id=UserId(author),
        exercises=_lines(asked.exercises),
        at=context.platform.clock(),
    )
    key = new_key(asked.workout_id, command_id, "workout")
    return _carry_out(context, asked, key, command, command_id, author)


def _revise(context: Context, asked: ReviseWorkoutInput) -> WorkoutPayload:
    command = commands.ReviseWorkout(
        name=asked.name, exercises=_lines(asked.exercises), at=context.platform.clock()
    )
    key = key_of("Workout", asked.workout_id)
    author = context.platform.owners.of_workout(context.tenant_id, WorkoutId(key))
    context.caller.require("write", "workout", author)
    return _carry_out(context, asked, key, command, command_id_of(context, asked), ANONYMOUS)


def _lines(asked: list[PrescribedExerciseInput]) -> tuple[events.PrescribedExercise, ...]:
    """Take the lines of a plan. Raises UnknownExercise."""
    return tuple(
        events.PrescribedExercise(
            exercise_id=ExerciseId(get_exercise(line.exercise_id).id),
            sets=line.sets,
            target_repetitions=line.target_repetitions,
            target_hold_s=line.target_hold_s,
            rest_s=line.rest_s,
        )
        for line in asked
    )


def _carry_out(
    context: Context,
    asked: MutationInput,
    key: str,
    command: commands.WorkoutCommand,
    command_id: UUID,
    actor: str,
) -> WorkoutPayload:
    appended = execute(context, WORKOUT, key, [command], command_id, actor)
    return WorkoutPayload(
        workout=find_workouts(context, [key]).get(key),
        **payload_fields(asked, command_id, appended),
    )
