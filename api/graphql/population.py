"""Population figures in GraphQL."""

from datetime import date
from typing import Annotated

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Info
from api.graphql.derived_types import convert, derived
from api.views import population as views


@derived(views.PlanWeek)
class PlanWeek:
    """People who enrolled in a plan in a week."""


@derived(views.CurrencyWeek)
class CurrencyWeek:
    """Payments of a week in a currency that succeeded."""


@derived(views.PopulationWeek)
class PopulationWeek:
    """Figures of a week of at least twenty people each; null: not shown."""


@derived(views.RetainedMonth)
class RetainedMonth:
    """Athletes of a cohort who trained in a month; null: not shown, as they are under twenty."""


@derived(views.RetentionCohort)
class RetentionCohort:
    """Athletes who first trained in the month `cohort`, by month; the first has all of them."""


@derived(views.Population)
class Population:
    """Whole weeks and months of a range of days that are over and settled."""


@strawberry.type
class PopulationQueries:
    """Queries of population figures."""

    @reading("Figures of at least twenty people each, for analysts and administrators.")
    def population(
        self,
        info: Info,
        *,
        since: Annotated[
            date | None,
            strawberry.argument(description="First day. Default: half a year before the last."),
        ] = None,
        until: Annotated[
            date | None,
            strawberry.argument(description="Last day. Default: the latest settled one."),
        ] = None,
    ) -> Population:
        """Return the figures of a range of days."""
        info.context.may_keep = False  # it depends on today's date
        return convert(Population, views.population(info.context.caller, since, until))
