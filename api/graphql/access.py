"""Access to plans in GraphQL."""

from datetime import datetime

import strawberry

from api.graphql.context import Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import field
from api.graphql.inputs import to_utc
from api.graphql.pagination import key_of
from api.views import access as views


@derived(views.AccessFact)
class AccessFact:
    """An event on which access depends."""


@derived(views.PlanAccess)
class PlanAccess:
    """Whether a user has, or had, access to a plan, and the facts behind the answer."""


@strawberry.type
class AccessQueries:
    """Queries of access."""

    @field("Whether a user has, or had, access to a plan, and why. Default: you, now.")
    def has_access(
        self,
        info: Info,
        plan_id: strawberry.ID,
        user_id: strawberry.ID | None = None,
        as_of: datetime | None = None,
    ) -> PlanAccess:
        """Return the access with the facts behind it."""
        view = views.plan_access(
            info.context.caller,
            key_of("Plan", plan_id),
            None if user_id is None else key_of("User", user_id),
            None if as_of is None else to_utc(as_of),
        )
        return convert(PlanAccess, view)
