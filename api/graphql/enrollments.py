"""Enrollments in GraphQL."""

from collections.abc import Collection
from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, Node, connection, global_id, key_of
from api.views import enrollments as views
from api.views.enrollments import EnrollmentWritten
from application.kernel.pagination import window


@derived(views.ScheduledWorkout)
class ScheduledWorkout:
    """The next workout of an enrollment."""


@derived(views.Enrollment)
class Enrollment(Node):
    """A user's way through one version of a plan."""

    @classmethod
    def of(cls, view: views.Enrollment) -> "Enrollment":
        """Convert an enrollment."""
        return convert(cls, view, id=global_id("Enrollment", view.enrollment_id))


def find_enrollments(context: Context, keys: Collection[str]) -> dict[str, Enrollment]:
    """Return enrollments by their ids within the tenant."""
    found = views.find_enrollments(context.caller, keys)
    return {key: Enrollment.of(view) for key, view in found.items()}


@strawberry.type
class EnrollmentQueries:
    """Queries of enrollments."""

    @reading("One enrollment, by either id.")
    def enrollment(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002  Relay's name
    ) -> Enrollment | None:
        """Return an enrollment."""
        key = key_of("Enrollment", id)
        return find_enrollments(info.context, [key]).get(key)

    @reading("Your enrollments, the newest first; at most 100 a page.")
    def enrollments(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Enrollment]:
        """Return a page of enrollments."""
        page = views.enrollment_page(info.context.caller, window(first, after, last, before))
        return connection(page, lambda row: Enrollment.of(views.Enrollment.of(row)))


@strawberry.type
class EnrollmentPayload(MutationPayload):
    """Enrollment after the change."""

    enrollment: Enrollment | None

    @classmethod
    def of(cls, context: Context, written: EnrollmentWritten, **common: Any) -> "EnrollmentPayload":
        """Return the payload of a command."""
        key = written.enrollment_id
        return cls(enrollment=find_enrollments(context, [key]).get(key), **common)
