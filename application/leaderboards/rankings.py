"""Who did how much, of those who want to be seen: by pseudonym, and within their tenant (C-41)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, Protocol

from domain.ids import ExerciseId, TenantId, UserId
from domain.kernel import Rejected
from domain.users.pseudonyms import folded

Measure = Literal["repetitions", "sessions", "form", "streak"]
"""What is compared: repetitions, sessions, the best form of a set (0..1), or days in a row with
training within the period."""

Stretch = Literal["day", "week", "month"]
"""How long a leaderboard is, in each athlete's own calendar (C-52). Weeks begin on Monday."""

Compared = Literal["repetitions", "form"]
"""What of a month is compared with that of all."""

FEWEST: Final = 20
"""Athletes whose figures are told together; of fewer, none are (C-41)."""

TIME_ZONES_BEHIND: Final = timedelta(hours=12)
"""So much later than by UTC a day ends where it ends last."""

REPETITIONS_STEP: Final = 5.0
FORM_STEP: Final = 0.01
"""Figures of all are told in these steps, so that one athlete more or less is seldom seen."""


class AroundAndAfter(Rejected):
    """The page around oneself is asked for without a cursor."""

    code = "leaderboards.around_and_after"
    kind = "invalid"


class MonthNotOver(Rejected):
    """Athletes are compared over whole months that are over everywhere."""

    code = "leaderboards.month_not_over"
    kind = "invalid"


@dataclass(frozen=True, slots=True)
class RankingQuery:
    """Which leaderboard is wanted: `start` is the first day of its period.

    Without an exercise all count. `viewer` is who looks at it. Either the `first` rows after a
    cursor are wanted, or with `around` as many in whose middle the viewer is.
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
    """A row of a leaderboard; of equals all have the same rank, and the next ones leave it out.

    `mine`: it is that of whoever looks. Nothing else tells who anybody is.
    """

    cursor: str
    rank: int
    pseudonym: str
    figure: float
    mine: bool


@dataclass(frozen=True, slots=True)
class Board:
    """A page of a leaderboard; `entries` are all rows there are, `me` the viewer's, if any."""

    rows: tuple[RankedEntry, ...]
    has_next: bool
    has_previous: bool
    entries: int
    me: RankedEntry | None


@dataclass(frozen=True, slots=True)
class Quartiles:
    """A quarter of a group has at most `lower`, half of it `median`, three quarters `upper`."""

    lower: float
    median: float
    upper: float

    def stepped(self, step: float) -> "Quartiles":
        """Give the nearest multiples of a step."""

        def near(value: float) -> float:
            return round(round(value / step) * step, 6)

        return Quartiles(near(self.lower), near(self.median), near(self.upper))


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """What somebody did in a month; `form` is weighted by repetitions, None where none has one."""

    repetitions: int
    form: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One's own month beside that of the tenant's athletes who agreed to be counted.

    None of the others where they are fewer than FEWEST.
    """

    month: date
    mine: OwnMonth
    repetitions: Quartiles | None
    form: Quartiles | None


class RankingReader(Protocol):
    """Reads leaderboards of one tenant. Raises what `ReadModels` does."""

    def board(self, tenant_id: TenantId, query: RankingQuery) -> Board:
        """Tell a page. Raises CursorInvalid."""
        ...

    def is_taken(self, tenant_id: TenantId, looks_like: str, viewer: UserId) -> bool:
        """Whether somebody but the viewer has a pseudonym that, folded, is this one."""
        ...

    def own(self, tenant_id: TenantId, month: date, viewer: UserId) -> OwnMonth:
        """Sum up one athlete's month."""
        ...

    def quartiles(
        self, tenant_id: TenantId, month: date, of: Compared, fewest: int
    ) -> Quartiles | None:
        """Compare the athletes who agreed to it; None where they are fewer."""
        ...


@dataclass(frozen=True)
class Leaderboards:
    """What is told of several people, and of none of them by name."""

    boards: RankingReader

    def board(self, tenant_id: TenantId, query: RankingQuery) -> Board:
        """Tell a page. Raises AroundAndAfter, CursorInvalid, PageInvalid."""
        if query.around and query.after is not None:
            raise AroundAndAfter
        return self.boards.board(tenant_id, query)

    def is_taken(self, tenant_id: TenantId, pseudonym: str, viewer: UserId) -> bool:
        """Whether another member has a pseudonym that looks like this one."""
        return self.boards.is_taken(tenant_id, folded(pseudonym), viewer)

    def compared(
        self, tenant_id: TenantId, month: date, viewer: UserId, now: datetime
    ) -> Comparison:
        """Compare a month that is over. Raises MonthNotOver.

        Only whole past months, in steps: whoever asks twice, with one athlete more in the group,
        does not learn what that one did.
        """
        first = month.replace(day=1)
        if first > last_month(now):
            raise MonthNotOver
        repetitions = self.boards.quartiles(tenant_id, first, "repetitions", FEWEST)
        form = self.boards.quartiles(tenant_id, first, "form", FEWEST)
        return Comparison(
            month=first,
            mine=self.boards.own(tenant_id, first, viewer),
            repetitions=None if repetitions is None else repetitions.stepped(REPETITIONS_STEP),
            form=None if form is None else form.stepped(FORM_STEP),
        )


def last_month(now: datetime) -> date:
    """Give the first day of the latest month that is over everywhere."""
    this = (now.astimezone(UTC) - TIME_ZONES_BEHIND).date().replace(day=1)
    return (this - timedelta(days=1)).replace(day=1)


def first_day(stretch: Stretch, day: date) -> date:
    """Give the first day of the period that a day is in."""
    starts: dict[Stretch, date] = {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
    }
    return starts[stretch]


def last_day(stretch: Stretch, day: date) -> date:
    """Give the last day of the period that a day is in."""
    start = first_day(stretch, day)
    match stretch:
        case "day":
            return start
        case "week":
            return start + timedelta(days=6)
        case "month":
            next_month = (start + timedelta(days=31)).replace(day=1)
            return next_month - timedelta(days=1)


def quartile_places(count: int) -> Sequence[int]:
    """Say which of so many, in order from 1, stand at the quartiles: the nearest ranks.

    The smallest place p with p / count >= 1/4, 1/2 and 3/4 (definition 1 of Hyndman and Fan, Sample
    Quantiles in Statistical Packages, The American Statistician 50, 1996).
    """
    return [-(-count * quarter // 4) for quarter in (1, 2, 3)]
