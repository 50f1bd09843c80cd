"""Leaderboards in GraphQL: who did how much, by pseudonym, of those who want to be seen."""

import enum
from datetime import date
from typing import Annotated

import strawberry
from strawberry.relay import PageInfo

from api.graphql.consistency import reading
from api.graphql.context import Info
from api.graphql.pagination import Edge, connected
from api.leaderboards import LeaderboardQuery, leaderboard_for, month_comparison_for
from api.pagination import PAGE
from application.leaderboards import rankings
from application.leaderboards.rankings import Measure, RankedEntry, Stretch


@strawberry.enum
class LeaderboardMeasure(enum.Enum):
    """What is compared: STREAK is days in a row with training within the period."""

    REPETITIONS = "repetitions"
    SESSIONS = "sessions"
    FORM = "form"
    STREAK = "streak"


@strawberry.enum
class LeaderboardPeriod(enum.Enum):
    """A stretch of each athlete's own calendar; weeks begin on Monday."""

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


@strawberry.type(description="A member of leaderboards, by pseudonym.")
class LeaderboardEntry:
    """Of equals all have the same rank, and the next ones leave it out.

    `figure` is a number of repetitions, sessions or days; of form a share, 0..1. `mine`: whether
    it is whoever asks.
    """

    rank: int
    pseudonym: str
    figure: float
    mine: bool

    @classmethod
    def of(cls, placed: RankedEntry) -> "LeaderboardEntry":
        """Tell a row."""
        return cls(
            rank=placed.rank, pseudonym=placed.pseudonym, figure=placed.figure, mine=placed.mine
        )


@strawberry.type(description="Part of a leaderboard.")
class Leaderboard:
    """`start` and `end` are the first and the last day of its period.

    `entries` are all rows there are; `me` is that of whoever asks, on whichever page it is.
    """

    start: date
    end: date
    entries: int
    me: LeaderboardEntry | None
    edges: list[Edge[LeaderboardEntry]]
    page_info: PageInfo


@strawberry.type(description="How figures of several athletes lie.")
class Quartiles:
    """A quarter of the athletes have at most `lower`, half `median`, three quarters `upper`."""

    lower: float
    median: float
    upper: float

    @classmethod
    def of(cls, known: rankings.Quartiles | None) -> "Quartiles | None":
        """Tell them, where they are told."""
        if known is None:
            return None
        return cls(lower=known.lower, median=known.median, upper=known.upper)


@strawberry.type(description="What somebody did in a month.")
class OwnMonth:
    """`form` is a share, 0..1, null where none was measured."""

    repetitions: int
    form: float | None


@strawberry.type(description="A month of one's own beside that of the tenant's athletes.")
class MonthComparison:
    """Of those who agreed to be counted; null where those who have any are fewer than twenty."""

    month: date
    mine: OwnMonth
    repetitions: Quartiles | None
    form: Quartiles | None


@strawberry.type
class LeaderboardQueries:
    """Questions about several people."""

    @reading("Who did most, of those who want to be seen; at most 100 a page.")
    def leaderboard(
        self,
        info: Info,
        *,
        measure: LeaderboardMeasure = LeaderboardMeasure.REPETITIONS,
        period: LeaderboardPeriod = LeaderboardPeriod.WEEK,
        exercise: strawberry.ID | None = None,
        on: Annotated[
            date | None, strawberry.argument(description="A day of the period; else today.")
        ] = None,
        first: int = PAGE,
        after: str | None = None,
        around_me: Annotated[
            bool, strawberry.argument(description="Only the rows around one's own.")
        ] = False,
    ) -> Leaderboard:
        """List a page."""
        if on is None:
            info.context.may_keep = False  # tomorrow it is another one
        query = LeaderboardQuery(
            MEASURES[measure], STRETCHES[period], exercise, on, first, after, around_me
        )
        told = leaderboard_for(info.context.caller, query)
        edges = [Edge(cursor=row.cursor, node=LeaderboardEntry.of(row)) for row in told.board.rows]
        part = connected(edges, has_next=told.board.has_next, has_previous=told.board.has_previous)
        return Leaderboard(
            start=told.start,
            end=told.end,
            entries=told.board.entries,
            me=None if told.board.me is None else LeaderboardEntry.of(told.board.me),
            edges=part.edges,
            page_info=part.page_info,
        )

    @reading("How a month of one's own compares to those of the tenant's athletes.")
    def month_compared(
        self,
        info: Info,
        month: Annotated[
            date | None,
            strawberry.argument(description="A day of a month that is over; else the latest."),
        ] = None,
    ) -> MonthComparison:
        """Compare it."""
        info.context.may_keep = False  # which months are over, the clock says
        told = month_comparison_for(info.context.caller, month)
        return MonthComparison(
            month=told.month,
            mine=OwnMonth(repetitions=told.mine.repetitions, form=told.mine.form),
            repetitions=Quartiles.of(told.repetitions),
            form=Quartiles.of(told.form),
        )
