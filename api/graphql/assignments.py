"""Workouts that trainers assign to athletes, in GraphQL."""

from typing import Any

import strawberry

from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, connection, key_of
from api.graphql.workouts import PrescribedExercise
from api.views import assignments as views
from api.views.assignments import AssignmentWritten
from application.kernel.pagination import window


@derived(views.Assignment)
class Assignment:
    """A workout that a trainer assigned to an athlete."""

    exercises: list[PrescribedExercise]


@strawberry.type
class AssignmentQueries:
    """Queries of assigned workouts."""

    @field("Workouts that trainers have assigned to you: open ones by day, then ended ones.")
    def own_assignments(self, info: Info, *, open_only: bool = False) -> list[Assignment]:
        """Return assigned workouts from the log, or only those that are not over."""
        found = views.own_assignments(info.context.caller, open_only=open_only)
        return [convert(Assignment, each) for each in found.items]

    @field("Assigned workouts that you did, declined, or that were withdrawn: the latest first.")
    def ended_assignments(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Assignment]:
        """Return a page of ended workouts from the log; at most 100 a page."""
        wanted = window(first, after, last, before)
        page = views.ended_assignments(info.context.caller, wanted)
        return connection(page, lambda view: convert(Assignment, view))

    @field("Workouts that you have assigned to an athlete: open ones by day, then ended ones.")
    def assignments(self, info: Info, athlete_id: strawberry.ID) -> list[Assignment]:
        """Return assigned workouts from the log."""
        found = views.athlete_assignments(info.context.caller, key_of("Athlete", athlete_id))
        return [convert(Assignment, each) for each in found.items]


@strawberry.type
class AssignmentPayload(MutationPayload):
    """Assigned workout after the change."""

    assignment: Assignment | None

    @classmethod
    def of(cls, context: Context, written: AssignmentWritten, **common: Any) -> "AssignmentPayload":
        """Return the payload of a command."""
        view = views.find_assignment(context.caller, written.athlete_id, written.assignment_id)
        return cls(assignment=None if view is None else convert(Assignment, view), **common)
