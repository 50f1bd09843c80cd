"""Population figures: what the people of a tenant did by week, and how many came back by month.

Each figure comes from at least `FEWEST` people, none of whom makes up more than a fifth of it, or
it is not shown. Numbers of people are rounded down to steps of five. Sums are rounded to a step of
at least a twentieth, so that a reader who knows all others still does not know one person's part.
Figures are of whole weeks and months, without a filter by person. Once something of one is shown,
nothing changes it: whoever reads it again after somebody joined, left or deleted a session learns
nothing about that person.

Training and recommendations count people who consented to statistics of several people. Enrollments
and payments count everybody: they are the books of the seller.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, Protocol

from application.kernel.published_figures import PublishedFigures
from application.leaderboards.rankings import FEWEST, TIME_ZONES_BEHIND, coarse_step
from domain.ids import TenantId
from domain.kernel import Rejected
from domain.values import within_calendar

Figure = Literal[
    "sessions",
    "repetitions",
    "enrollments",
    "paid_enrollments",
    "payments",
    "amount_minor",
    "recommendations_viewed",
    "recommendations_opened",
]
"""Sum of a week. Enrollments are by plan, payments and amounts by currency. An amount is in the
smallest unit of its currency, without what was returned."""

FIGURES: Final[tuple[Figure, ...]] = (
    "sessions",
    "repetitions",
    "enrollments",
    "paid_enrollments",
    "payments",
    "amount_minor",
    "recommendations_viewed",
    "recommendations_opened",
)

WEEK: Final = timedelta(days=7)
ONE_DAY: Final = timedelta(days=1)

SETTLED: Final = timedelta(days=2)
"""Time after the end of a period, in which workouts without a connection arrive."""

USUAL_WEEKS: Final = 26
MOST_WEEKS: Final = 105
"""Weeks of a report: two years."""

LARGEST_PART: Final = 5
"""One person makes up at most this part of a sum."""

SUM_PARTS: Final = 20
"""A sum is rounded to a step of at least this part of it."""

PEOPLE_STEP: Final = 5

WEEKS: Final = "population_week"
MONTHS: Final = "population_retention"
"""Names among the published figures."""


class PopulationRangeInvalid(Rejected):
    """A report begins on or before its last day, and has at most 105 weeks."""

    code = "analytics.range_invalid"
    kind = "invalid"


@dataclass(frozen=True, slots=True)
class PeopleSum:
    """Exact sum over people who have more than 0; `largest` is that of one person.

    `of` is the plan or the currency, None for sums of everything.
    """

    week: date
    of: str | None
    people: int
    total: int
    largest: int


@dataclass(frozen=True, slots=True)
class CohortMonth:
    """How many of those who first trained in the month `cohort` trained in `month`."""

    cohort: date
    month: date
    athletes: int


@dataclass(frozen=True, slots=True)
class RetentionMonth:
    """The cohorts of which at least twenty athletes trained in a month, as they are shown."""

    cohorts: tuple[CohortMonth, ...]


class PopulationReader(Protocol):
    """Reads exact figures of one tenant. Raises what `ReadModels` raises."""

    def sums(
        self, tenant_id: TenantId, figure: Figure, start: date, end: date
    ) -> Sequence[PeopleSum]:
        """Return a figure of the weeks from the Monday `start` up to, not including, `end`."""
        ...

    def retention(self, tenant_id: TenantId, start: date, end: date) -> Sequence[CohortMonth]:
        """Return the cohorts in the months from `start` up to, not including, `end`."""
        ...


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """People who enrolled in a plan, and those of them who paid; None: not shown."""

    plan_id: str
    enrolled: int
    paid: int | None


@dataclass(frozen=True, slots=True)
class CurrencyWeek:
    """Payments in a currency, and what they came to; None: not shown."""

    currency: str
    payments: int
    amount_minor: int | None


@dataclass(frozen=True, slots=True)
class PopulationWeek:
    """Figures of a week; None: not shown. Plans and currencies of fewer people are missing."""

    week: date
    athletes: int | None
    sessions: int | None
    repetitions: int | None
    recommendations_viewed: int | None
    recommendations_opened: int | None
    plans: tuple[PlanWeek, ...]
    currencies: tuple[CurrencyWeek, ...]

    @property
    def shows_something(self) -> bool:
        """Whether any figure of the week is shown."""
        viewed = self.recommendations_viewed
        return (self.athletes, viewed, self.plans, self.currencies) != (None, None, (), ())


@dataclass(frozen=True, slots=True)
class RetainedMonth:
    """Athletes of a cohort who trained in a month; None: not shown."""

    month: date
    athletes: int | None


@dataclass(frozen=True, slots=True)
class RetentionCohort:
    """Athletes who first trained in the month `cohort`, by month, beginning with that month."""

    cohort: date
    months: tuple[RetainedMonth, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """Weeks and cohorts of a range of days, which has both ends."""

    since: date
    until: date
    weeks: tuple[PopulationWeek, ...]
    cohorts: tuple[RetentionCohort, ...]


@dataclass(frozen=True)
class PopulationFigures:
    """Reports population figures to callers who are authorized."""

    reader: PopulationReader
    published: PublishedFigures

    def report(
        self, tenant_id: TenantId, since: date | None, until: date | None, now: datetime
    ) -> Population:
        """Return the whole weeks and months of a range of days that are over and settled.

        By default it is the last half year. Raises PopulationRangeInvalid and InvalidValue.
        """
        last_day = settled_day(now)
        first, last = _range(since, until, last_day)
        end = min(last, last_day) + ONE_DAY
        mondays = _mondays(first, end)
        months = _months(first.replace(day=1), end)
        return Population(
            since=first,
            until=last,
            weeks=tuple(self._weeks(tenant_id, mondays)),
            cohorts=tuple(self._cohorts(tenant_id, months)),
        )

    def _weeks(self, tenant_id: TenantId, mondays: Sequence[date]) -> Iterable[PopulationWeek]:
        found = {
            monday: self.published.get(tenant_id, monday, WEEKS, PopulationWeek)
            for monday in mondays
        }
        missing = [monday for monday, week in found.items() if week is None]
        if missing:
            start, end = missing[0], missing[-1] + WEEK
            sums: dict[Figure, Sequence[PeopleSum]] = {
                figure: self.reader.sums(tenant_id, figure, start, end) for figure in FIGURES
            }
            for monday in missing:
                week = to_week(monday, sums)
                if week.shows_something:
                    week = self.published.add(tenant_id, monday, WEEKS, week)
                found[monday] = week
        return (week for week in found.values() if week is not None)

    def _cohorts(self, tenant_id: TenantId, months: Sequence[date]) -> Iterable[RetentionCohort]:
        """Return the cohorts that began in these months and are large enough."""
        found = {
            month: self.published.get(tenant_id, month, MONTHS, RetentionMonth) for month in months
        }
        missing = [month for month, cohorts in found.items() if cohorts is None]
        if missing:
            exact = self.reader.retention(tenant_id, missing[0], _next_month(missing[-1]))
            for month in missing:
                shown = to_retention(month, exact)
                if shown.cohorts:
                    shown = self.published.add(tenant_id, month, MONTHS, shown)
                found[month] = shown
        athletes = {
            (each.cohort, month): each.athletes
            for month, shown in found.items()
            for each in (() if shown is None else shown.cohorts)
        }
        for cohort in months:
            if (cohort, cohort) in athletes:
                later = (month for month in months if month >= cohort)
                yield RetentionCohort(
                    cohort,
                    tuple(RetainedMonth(month, athletes.get((cohort, month))) for month in later),
                )


def settled_day(now: datetime) -> date:
    """Return the latest day that is over in every time zone, and whose workouts have arrived."""
    return (now.astimezone(UTC) - TIME_ZONES_BEHIND - SETTLED).date() - ONE_DAY


def to_week(monday: date, sums: Mapping[Figure, Sequence[PeopleSum]]) -> PopulationWeek:
    """Return what may be shown of a week."""
    of_week = {
        figure: {each.of: each for each in found if each.week == monday}
        for figure, found in sums.items()
    }

    def whole(figure: Figure) -> PeopleSum | None:
        return of_week[figure].get(None)

    plans = (
        (plan, people_of(enrolled), people_of(of_week["paid_enrollments"].get(plan)))
        for plan, enrolled in sorted(of_week["enrollments"].items(), key=lambda each: str(each[0]))
    )
    currencies = (
        (currency, sum_of(paid), sum_of(of_week["amount_minor"].get(currency)))
        for currency, paid in sorted(of_week["payments"].items(), key=lambda each: str(each[0]))
    )
    return PopulationWeek(
        week=monday,
        athletes=people_of(whole("sessions")),
        sessions=sum_of(whole("sessions")),
        repetitions=sum_of(whole("repetitions")),
        recommendations_viewed=sum_of(whole("recommendations_viewed")),
        recommendations_opened=sum_of(whole("recommendations_opened")),
        plans=tuple(
            PlanWeek(str(plan), enrolled, paid)
            for plan, enrolled, paid in plans
            if enrolled is not None
        ),
        currencies=tuple(
            CurrencyWeek(str(currency), payments, amount)
            for currency, payments, amount in currencies
            if payments is not None
        ),
    )


def to_retention(month: date, exact: Sequence[CohortMonth]) -> RetentionMonth:
    """Return what may be shown of the cohorts in a month."""
    return RetentionMonth(
        tuple(
            CohortMonth(each.cohort, month, _step_of_people(each.athletes))
            for each in exact
            if each.month == month and each.athletes >= FEWEST
        )
    )


def people_of(exact: PeopleSum | None) -> int | None:
    """Return the number of people as it may be shown."""
    if exact is None or exact.people < FEWEST:
        return None
    return _step_of_people(exact.people)


def sum_of(exact: PeopleSum | None) -> int | None:
    """Return a sum as it may be shown."""
    if exact is None or exact.people < FEWEST or exact.largest * LARGEST_PART > exact.total:
        return None
    step = int(coarse_step(exact.total, 1, SUM_PARTS))
    return round(exact.total / step) * step


def _step_of_people(people: int) -> int:
    return people // PEOPLE_STEP * PEOPLE_STEP


def _range(since: date | None, until: date | None, last_day: date) -> tuple[date, date]:
    for day in (since, until):
        if day is not None:
            within_calendar(day)
    last = last_day if until is None else until
    first = last + ONE_DAY - USUAL_WEEKS * WEEK if since is None else since
    if first > last or last - first > MOST_WEEKS * WEEK:
        raise PopulationRangeInvalid
    return first, last


def _mondays(first: date, end: date) -> list[date]:
    """Return the Mondays of the weeks from `first` on that end before `end`."""
    monday = first + timedelta(days=-first.weekday() % 7)
    return [
        monday + number * WEEK
        for number in range(MOST_WEEKS + 1)
        if monday + (number + 1) * WEEK <= end
    ]


def _months(first: date, end: date) -> list[date]:
    """Return the first days of the months from `first` on that end before `end`."""
    months: list[date] = []
    while _next_month(first) <= end:
        months.append(first)
        first = _next_month(first)
    return months


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
