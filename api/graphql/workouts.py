"""Workouts (prescriptions) in GraphQL."""

from collections.abc import Collection
from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, Node, connection, global_id, key_of
from api.graphql.repetitions import Tempo
from api.views import prescriptions
from api.views.prescriptions import WorkoutWritten
from application.kernel.pagination import window
from projections.workout_prescription import WORKOUT_PRESCRIPTION, WorkoutPrescription


@derived(prescriptions.LessonPart)
class LessonPart:
    """Segment of a version of a trainer's video that shows an exercise."""


@derived(prescriptions.PlanLine)
class PrescribedExercise:
    """One line of a prescription; a hold has a target in seconds."""

    tempo: Tempo | None


@derived(prescriptions.WorkoutPlan)
class Workout(Node):
    """A workout plan: exercises, sets and targets."""

    @classmethod
    def of(cls, plan: prescriptions.WorkoutPlan) -> "Workout":
        """Convert a workout as the caller may see it."""
        return convert(cls, plan, id=global_id("Workout", plan.workout_id))


def _visible(context: Context, rows: Collection[WorkoutPrescription]) -> dict[str, Workout]:
    plans = prescriptions.workout_plans(context.caller, rows)
    return {plan.workout_id: Workout.of(plan) for plan in plans}


def find_workouts(context: Context, keys: Collection[str]) -> dict[str, Workout]:
    """Return workouts by their ids within the tenant."""
    rows = context.platform.read.get_many(WORKOUT_PRESCRIPTION, context.tenant_id, keys)
    return _visible(context, rows.values())


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
            where={"listed": True}
            | ({} if author_id is None else {"author_id": key_of("User", author_id)}),
            order_by="prescribed_at",
            descending=True,
        )
        visible = _visible(info.context, [edge.row for edge in page.edges])
        return connection(page, lambda row: visible[row.id])


@strawberry.type
class WorkoutPayload(MutationPayload):
    """Workout after the change."""

    workout: Workout | None

    @classmethod
    def of(cls, context: Context, written: WorkoutWritten, **common: Any) -> "WorkoutPayload":
        """Return the payload of a command."""
        workout = find_workouts(context, [written.workout_id]).get(written.workout_id)
        return cls(workout=workout, **common)
