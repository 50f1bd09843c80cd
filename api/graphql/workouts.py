"""GraphQL queries and mutations of workouts (prescriptions)."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

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
from application.caller import ANONYMOUS, checked_id
from application.kernel.pagination import window
from domain.ids import ExerciseId, UserId, WorkoutId
from domain.motion.exercises.library import get_exercise
from domain.workouts import commands, events
from domain.workouts.workout import WORKOUT
from projections.workout_prescription import WORKOUT_PRESCRIPTION, WorkoutPrescription


@strawberry.type(description="One line of a prescription; a hold has a target in seconds.")
class PrescribedExercise:
    """Line of a prescription: an exercise, its sets and the rest between them."""

    exercise_id: strawberry.ID
    sets: int
    target_repetitions: int | None
    target_hold_s: int | None
    rest_s: int

    @classmethod
    def of(cls, line: events.PrescribedExercise) -> "PrescribedExercise":
        """Convert a prescribed exercise."""
        return cls(
            exercise_id=strawberry.ID(line.exercise_id),
            sets=line.sets,
            target_repetitions=line.target_repetitions,
            target_hold_s=line.target_hold_s,
            rest_s=line.rest_s,
        )


@strawberry.type(description="A workout plan: exercises, sets and targets.")
class Workout(Node):
    """Prescription of exercises."""

    workout_id: strawberry.ID
    name: str
    author_id: strawberry.ID
    exercises: list[PrescribedExercise]
    prescribed_at: datetime
    revised_at: datetime | None

    @classmethod
    def of(cls, row: WorkoutPrescription) -> "Workout":
        """Convert a row of the read model."""
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
    """Return workouts by their ids within the tenant."""
    rows = context.platform.read.get_many(WORKOUT_PRESCRIPTION, context.tenant_id, keys)
    return {key: Workout.of(row) for key, row in rows.items()}


@strawberry.type
class WorkoutQueries:
    """Queries of workouts."""

    @reading("One workout, by either id.")
    def workout(self, info: Info, id: strawberry.ID) -> Workout | None:  # noqa: A002  Relay's name
        """Return a workout."""
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
        """Return a page of workouts."""
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
    """Line of a prescription, with either `targetRepetitions` or `targetHoldS`."""

    exercise_id: strawberry.ID
    sets: int
    target_repetitions: int | None = None
    target_hold_s: int | None = None
    rest_s: int = 60


@strawberry.input
class PrescribeWorkoutInput(MutationInput):
    """New workout. Without `workoutId` an id is generated."""

    workout_id: strawberry.ID | None = None
    author_id: strawberry.ID
    name: str
    exercises: list[PrescribedExerciseInput]


@strawberry.input
class ReviseWorkoutInput(MutationInput):
    """New content of a workout."""

    workout_id: strawberry.ID
    name: str
    exercises: list[PrescribedExerciseInput]


@strawberry.type
class WorkoutPayload(MutationPayload):
    """Workout after the change."""

    workout: Workout | None


WorkoutResult = Annotated[WorkoutPayload | Problem, strawberry.union("WorkoutResult")]


@strawberry.type
class WorkoutMutations:
    """Mutations of workouts."""

    @mutation("Write a plan.")
    def prescribe_workout(
        self,
        info: Info,
        input: PrescribeWorkoutInput,
    ) -> WorkoutResult:
        """Prescribe a workout."""
        return attempt(
            info.context, input.client_mutation_id, lambda: _prescribe(info.context, input)
        )

    @mutation("Change a plan.")
    def revise_workout(
        self,
        info: Info,
        input: ReviseWorkoutInput,
    ) -> WorkoutResult:
        """Revise a workout."""
        return attempt(info.context, input.client_mutation_id, lambda: _revise(info.context, input))


def _prescribe(context: Context, mutation_input: PrescribeWorkoutInput) -> WorkoutPayload:
    command_id = command_id_of(context, mutation_input)
    author = checked_id(key_of("User", mutation_input.author_id))
    context.caller.require("write", "workout", UserId(author))
    command = commands.PrescribeWorkout(
        name=mutation_input.name,
        author_id=UserId(author),
        exercises=_lines(mutation_input.exercises),
        at=context.platform.clock(),
    )
    key = new_key(mutation_input.workout_id, command_id, "workout")
    return _carry_out(context, mutation_input, key, command, command_id, author)


def _revise(context: Context, mutation_input: ReviseWorkoutInput) -> WorkoutPayload:
    command = commands.ReviseWorkout(
        name=mutation_input.name,
        exercises=_lines(mutation_input.exercises),
        at=context.platform.clock(),
    )
    key = key_of("Workout", mutation_input.workout_id)
    author = context.platform.owners.of_workout(context.tenant_id, WorkoutId(key))
    context.caller.require("write", "workout", author)
    return _carry_out(
        context, mutation_input, key, command, command_id_of(context, mutation_input), ANONYMOUS
    )


def _lines(mutation_input: list[PrescribedExerciseInput]) -> tuple[events.PrescribedExercise, ...]:
    """Convert the lines of a prescription. Raises UnknownExercise."""
    return tuple(
        events.PrescribedExercise(
            exercise_id=ExerciseId(get_exercise(line.exercise_id).id),
            sets=line.sets,
            target_repetitions=line.target_repetitions,
            target_hold_s=line.target_hold_s,
            rest_s=line.rest_s,
        )
        for line in mutation_input
    )


def _carry_out(
    context: Context,
    mutation_input: MutationInput,
    key: str,
    command: commands.WorkoutCommand,
    command_id: UUID,
    actor: str,
) -> WorkoutPayload:
    appended = execute(context, WORKOUT, key, [command], command_id, actor)
    return WorkoutPayload(
        workout=find_workouts(context, [key]).get(key),
        **payload_fields(mutation_input, command_id, appended),
    )
