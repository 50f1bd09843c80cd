"""Leaderboards in GraphQL."""

import enum
from datetime import date
from typing import Annotated

import strawberry
from strawberry.relay import PageInfo

from api.graphql.consistency import reading
from api.graphql.context import Info
from api.graphql.derived_types import convert, derived
from api.graphql.fields import use
from api.graphql.pagination import Edge, connection_of
from api.views import leaderboards as views
from application.kernel.pagination import PAGE
from application.leaderboards.rankings import Measure, Stretch
from application.leaderboards.service import LeaderboardQuery, leaderboard_for, month_comparison_for


@strawberry.enum
class LeaderboardMeasure(enum.Enum):
    """Measure to rank by. STREAK: consecutive days with training within the period."""

    REPETITIONS = "repetitions"
    SESSIONS = "sessions"
    FORM = "form"
    STREAK = "streak"


@strawberry.enum
class LeaderboardPeriod(enum.Enum):
    """Period in each athlete's own calendar; weeks start on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


MEASURES: dict[LeaderboardMeasure, Measure] = {
    LeaderboardMeasure.REPETITIONS: "repetitions",
    LeaderboardMeasure.SESSIONS: "sessions",
    LeaderboardMeasure.FORM: "form",
    LeaderboardMeasure.STREAK: "streak",
}
STRETCHES: dict[LeaderboardPeriod, Stretch] = {
    LeaderboardPeriod.DAY: "day",
    LeaderboardPeriod.WEEK: "week",
    LeaderboardPeriod.MONTH: "month",
}


@derived(
    views.LeaderboardRow,
    description="A member on a leaderboard, by pseudonym. Only verified results count.",
)
class LeaderboardEntry:
    """Row of a leaderboard."""


@strawberry.type(description="A page of a leaderboard.")
class Leaderboard:
    """`start` and `end` are the first and last day of its period.

    `entries` is the number of rows; `me` is the caller's row, whether or not it is on this page.
    """

    start: date
    end: date
    entries: int
    me: LeaderboardEntry | None
    edges: list[Edge[LeaderboardEntry]]
    page_info: PageInfo


@derived(views.Quartiles)
class Quartiles:
    """Distribution of a figure over several athletes.

    A quarter of the athletes have at most `lower`, half `median`, three quarters `upper`.
    """


@derived(views.OwnMonth)
class OwnMonth:
    """Your verified figures of a month; `form` is a ratio, 0..1, or null if none was measured."""


@derived(views.MonthComparison)
class MonthComparison:
    """Your month compared with those of the tenant's athletes who consented.

    `repetitions` and `form` are null if fewer than twenty athletes have a figure. Each quartile is
    the mean of five people, rounded, and is computed once.
    """


Month = Annotated[
    date | None,
    strawberry.argument(description="A day of a complete month. Default: the last one."),
]


@strawberry.type
class LeaderboardQueries:
    """Queries of leaderboards."""

    @reading("Get a leaderboard; at most 100 rows a page.")
    def leaderboard(
        self,
        info: Info,
        *,
        measure: LeaderboardMeasure = LeaderboardMeasure.REPETITIONS,
        period: LeaderboardPeriod = LeaderboardPeriod.WEEK,
        exercise: strawberry.ID | None = None,
        day: Annotated[
            date | None,
            strawberry.argument(name="date", description="A day of the period. Default: today."),
        ] = None,
        on: Annotated[
            date | None,
            strawberry.argument(description="Old name.", deprecation_reason=use("date")),
        ] = None,
        first: int = PAGE,
        after: str | None = None,
        around_me: Annotated[
            bool, strawberry.argument(description="Only the rows around yours.")
        ] = False,
    ) -> Leaderboard:
        """Return a page."""
        day = day or on
        if day is None:
            info.context.may_keep = False  # it depends on today's date
        query = LeaderboardQuery(
            MEASURES[measure], STRETCHES[period], exercise, day, first, after, around_me
        )
        page = leaderboard_for(info.context.caller, query)
        edges = [
            Edge(cursor=row.cursor, node=convert(LeaderboardEntry, row)) for row in page.board.rows
        ]
        part = connection_of(
            edges, has_next=page.board.has_next, has_previous=page.board.has_previous
        )
        return convert(
            Leaderboard,
            page,
            entries=page.board.entries,
            me=None if page.board.me is None else convert(LeaderboardEntry, page.board.me),
            edges=part.edges,
            page_info=part.page_info,
        )

    @reading("Compare a month of yours with those of the tenant's athletes.")
    def month_comparison(self, info: Info, month: Month = None) -> MonthComparison:
        """Compare a month."""
        return _month_comparison(info, month)

    @reading("Compare a month.", instead="monthComparison")
    def month_compared(self, info: Info, month: Month = None) -> MonthComparison:
        """Compare a month."""
        return _month_comparison(info, month)


def _month_comparison(info: Info, month: date | None) -> MonthComparison:
    info.context.may_keep = False  # it depends on today's date
    page = month_comparison_for(info.context.caller, month)
    return convert(MonthComparison, page)
