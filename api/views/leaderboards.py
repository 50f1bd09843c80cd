"""Leaderboards, and the comparison of a month with those of others."""

from datetime import date

from pydantic import Field

from api.views.base import Body


class LeaderboardRow(Body):
    """A member, by pseudonym. Equal members share a rank, and the following ranks are skipped."""

    rank: int
    pseudonym: str
    figure: float = Field(
        description="Verified repetitions, or sessions or days with verified results; for form a "
        "ratio, 0..1."
    )
    mine: bool = Field(description="Whether this is your row.")


class Quartiles(Body):
    """A quarter of the athletes have at most `lower`, half `median`, three quarters `upper`."""

    lower: float
    median: float
    upper: float


class OwnMonth(Body):
    """Your verified figures of a month; `form` is a ratio, 0..1, or null if none was measured."""

    repetitions: int
    form: float | None


class MonthComparison(Body):
    """Your month compared with those of all athletes of the tenant who consented.

    `repetitions` and `form` are null if fewer than twenty athletes have a figure. Each quartile is
    the mean of five people, rounded, and is computed once.
    """

    month: date
    mine: OwnMonth
    repetitions: Quartiles | None
    form: Quartiles | None
