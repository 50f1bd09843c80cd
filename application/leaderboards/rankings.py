"""Rankings: leaderboards by pseudonym within a tenant, for athletes who opted in (C-41)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import floor, log10
from typing import Final, Literal, Protocol

from application.kernel.published_figures import PublishedFigures
from domain.ids import ExerciseId, TenantId, UserId
from domain.kernel import Rejected
from domain.users.pseudonyms import folded

Measure = Literal["repetitions", "sessions", "form", "streak"]
"""Ranked figure: repetitions, sessions, the best form of a set (0..1), or days in a row with
training within the period. Only verified repetitions and holds count, as
`domain.sessions.verification` defines them."""

Stretch = Literal["day", "week", "month"]
"""Period of a leaderboard, in each athlete's local calendar (C-52). Weeks begin on Monday."""

Compared = Literal["repetitions", "form"]
"""Monthly figure that is compared with the group's."""

FEWEST: Final = 20
"""Minimum group size for group figures; smaller groups get none (C-41)."""

TIME_ZONES_BEHIND: Final = timedelta(hours=12)
"""Time by which the last local day ends after the UTC day."""

STEPS: Final[Mapping[Compared, float]] = {"repetitions": 10.0, "form": 0.05}
"""Group figures are rounded to these steps or larger ones."""

COARSEST: Final = 5
"""A sum is rounded to a step of at least this part of it."""

BESIDE: Final = 2
"""People on each side of a quartile whose mean it is, with the person at its rank."""


class AroundAndAfter(Rejected):
    """`aroundMe` cannot be combined with a cursor."""

    code = "leaderboards.around_and_after"
    kind = "invalid"


class MonthNotOver(Rejected):
    """A month can be compared once it has ended in every time zone."""

    code = "leaderboards.month_not_over"
    kind = "invalid"


@dataclass(frozen=True, slots=True)
class RankingQuery:
    """Query for a leaderboard: `start` is the first day of its period.

    Without an exercise, all count. `viewer` is the caller. The page is either the `first` rows
    after a cursor or, with `around`, as many rows centered on the viewer.
    """

    measure: Measure
    stretch: Stretch
    start: date
    exercise: ExerciseId | None
    viewer: UserId
    first: int
    after: str | None = None
    around: bool = False


@dataclass(frozen=True, slots=True)
class RankedEntry:
    """A row of a leaderboard. Ties share a rank, and the ranks after them are skipped.

    `mine`: it is the viewer's row. Nothing else identifies a person.
    """

    cursor: str
    rank: int
    pseudonym: str
    figure: float
    mine: bool


@dataclass(frozen=True, slots=True)
class Board:
    """A page of a leaderboard; `entries` counts all rows, `me` is the viewer's, if any."""

    rows: tuple[RankedEntry, ...]
    has_next: bool
    has_previous: bool
    entries: int
    me: RankedEntry | None


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Quartiles of a group: a quarter is at most `lower`, half `median`, three quarters `upper`."""

    lower: float
    median: float
    upper: float

    def stepped(self, step: float) -> "Quartiles":
        """Round to the nearest multiples of a step."""

        def near(value: float) -> float:
            return round(round(value / step) * step, 6)

        return Quartiles(near(self.lower), near(self.median), near(self.upper))

    def coarse(self, least: float) -> "Quartiles":
        """Round sums to steps of at least a fifth of each, and no less than `least`."""
        lower, median, upper = (
            round(value / step) * step
            for value in (self.lower, self.median, self.upper)
            for step in (coarse_step(value, least),)
        )
        return Quartiles(lower, median, upper)


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """An athlete's month; `form` is weighted as in `Total`, None if none was measured."""

    repetitions: int
    form: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The caller's month next to the quartiles of the tenant's athletes who opted in.

    The quartiles are None for groups smaller than FEWEST.
    """

    month: date
    mine: OwnMonth
    repetitions: Quartiles | None
    form: Quartiles | None


class RankingReader(Protocol):
    """Reads leaderboards of one tenant. Raises what `ReadModels` raises."""

    def board(self, tenant_id: TenantId, query: RankingQuery) -> Board:
        """Return a page. Raises CursorInvalid."""
        ...

    def is_taken(self, tenant_id: TenantId, looks_like: str, viewer: UserId) -> bool:
        """Whether another user has a pseudonym with this folded form."""
        ...

    def own(self, tenant_id: TenantId, month: date, viewer: UserId) -> OwnMonth:
        """Sum up one athlete's month."""
        ...

    def quartiles(
        self, tenant_id: TenantId, month: date, of: Compared, fewest: int
    ) -> Quartiles | None:
        """Return the quartiles of the athletes who opted in; None for fewer than `fewest`.

        Each is the mean of five athletes around its nearest rank, and so nobody's own value.
        """
        ...


@dataclass(frozen=True)
class Leaderboards:
    """Use cases of leaderboards and group comparison; they identify nobody."""

    boards: RankingReader
    published: PublishedFigures

    def board(self, tenant_id: TenantId, query: RankingQuery) -> Board:
        """Return a page. Raises AroundAndAfter, CursorInvalid, PageInvalid."""
        if query.around and query.after is not None:
            raise AroundAndAfter
        return self.boards.board(tenant_id, query)

    def is_taken(self, tenant_id: TenantId, pseudonym: str, viewer: UserId) -> bool:
        """Whether another member has a pseudonym that looks like this one."""
        return self.boards.is_taken(tenant_id, folded(pseudonym), viewer)

    def compared(
        self, tenant_id: TenantId, month: date, viewer: UserId, now: datetime
    ) -> Comparison:
        """Compare a past month with the group's. Raises MonthNotOver.

        Once enough athletes have a figure, its quartiles are published, and nothing changes them:
        a caller who reads them again after somebody joined or left learns nothing. Each is a
        rounded mean of five athletes. So a caller who made up all others of the group still does
        not know a person's figure.
        """
        first = month.replace(day=1)
        if first > last_month(now):
            raise MonthNotOver
        return Comparison(
            month=first,
            mine=self.boards.own(tenant_id, first, viewer),
            repetitions=self._publish(tenant_id, first, "repetitions"),
            form=self._publish(tenant_id, first, "form"),
        )

    def _publish(self, tenant_id: TenantId, month: date, of: Compared) -> Quartiles | None:
        """Return the published quartiles; publish them if the group is large enough by now."""
        name = f"leaderboard_{of}"
        published = self.published.get(tenant_id, month, name, Quartiles)
        if published is not None:
            return published
        exact = self.boards.quartiles(tenant_id, month, of, FEWEST)
        if exact is None:
            return None
        step = STEPS[of]
        rounded = exact.coarse(step) if of == "repetitions" else exact.stepped(step)
        return self.published.add(tenant_id, month, name, rounded)


def coarse_step(value: float, least: float, parts: int = COARSEST) -> float:
    """Return the step of a sum, at least that part of it: `least`, or 1, 2 or 5 times ten^n."""
    wanted = value / parts
    if wanted <= least:
        return least
    power = 10.0 ** floor(log10(wanted))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= wanted)


def last_month(now: datetime) -> date:
    """Return the first day of the latest month that is over in every time zone."""
    this = (now.astimezone(UTC) - TIME_ZONES_BEHIND).date().replace(day=1)
    return (this - timedelta(days=1)).replace(day=1)


def first_day(stretch: Stretch, day: date) -> date:
    """Return the first day of the period that contains a day."""
    starts: dict[Stretch, date] = {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
    }
    return starts[stretch]


def last_day(stretch: Stretch, day: date) -> date:
    """Return the last day of the period that contains a day."""
    start = first_day(stretch, day)
    match stretch:
        case "day":
            return start
        case "week":
            return start + timedelta(days=6)
        case "month":
            next_month = (start + timedelta(days=31)).replace(day=1)
            return next_month - timedelta(days=1)
