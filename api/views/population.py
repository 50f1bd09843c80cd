"""Population figures for analysts and administrators: weeks and cohorts, and their file."""

import csv
import io
from collections.abc import Iterator
from datetime import date

from pydantic import Field

from api.views.base import Body
from api.views.session_commands import ATHLETE
from application.caller import Caller
from domain.ids import UserId

HEADINGS = ("Start", "Figure", "Of", "Value")
NOT_SHOWN = "not shown"


class PlanWeek(Body):
    """People who enrolled in a plan in a week."""

    plan_id: str
    enrolled: int = Field(description="People, rounded down to a multiple of five.")
    paid: int | None = Field(description="Those of them who have paid; null: not shown.")


class CurrencyWeek(Body):
    """Payments of a week in a currency that succeeded."""

    currency: str
    payments: int
    amount_minor: int | None = Field(
        description="In the smallest unit of the currency, without what was returned; null: not"
        " shown."
    )


class PopulationWeek(Body):
    """Figures of a week of at least twenty people each; null: not shown.

    A figure is not shown if it comes from fewer than twenty people, or if one of them makes up more
    than a fifth of it. Numbers of people are rounded down to a multiple of five, sums to a step of
    at least a twentieth. Plans and currencies of fewer people are missing.
    """

    week: date = Field(description="Its Monday.")
    athletes: int | None = Field(description="People who completed a session.")
    sessions: int | None
    repetitions: int | None
    recommendations_viewed: int | None = Field(description="Recommended items that people saw.")
    recommendations_opened: int | None = Field(description="Recommended items that people opened.")
    plans: tuple[PlanWeek, ...]
    currencies: tuple[CurrencyWeek, ...]


class RetainedMonth(Body):
    """Athletes of a cohort who trained in a month; null: not shown, as they are under twenty."""

    month: date
    athletes: int | None


class RetentionCohort(Body):
    """Athletes who first trained in the month `cohort`, by month; the first has all of them."""

    cohort: date
    months: tuple[RetainedMonth, ...]


class Population(Body):
    """Whole weeks and months from `since` to `until`, both included, that are over and settled.

    Training and recommendations count people who consented to statistics of twenty or more people;
    enrollments and payments everybody. Once something of a week or month is shown, it stays so.
    """

    since: date
    until: date
    weeks: tuple[PopulationWeek, ...]
    cohorts: tuple[RetentionCohort, ...]


def population(caller: Caller, since: date | None, until: date | None) -> Population:
    """Return the figures of a range of days, by default of the last half year.

    Raises Forbidden and PopulationRangeInvalid.
    """
    caller.require("read", "population", None)
    platform = caller.platform
    report = platform.population.report(caller.tenant_id, since, until, platform.clock())
    return Population.model_validate(report)


def export_population(caller: Caller, since: date | None, until: date | None) -> str:
    """Return the figures as CSV (RFC 4180), with a line in the caller's access log.

    Raises what `population` raises.
    """
    report = population(caller, since, until)
    who = UserId(ATHLETE) if caller.claims is None else caller.claims.user_id
    caller.platform.privacy().access.note_export(
        who, "population", origin=caller.origin(), request_id=caller.request_id
    )
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(HEADINGS)
    lines.writerows(_rows(report))
    return written.getvalue()


def _rows(report: Population) -> Iterator[tuple[object, ...]]:
    def row(start: date, figure: str, of: str, value: int | None) -> tuple[object, ...]:
        return start.isoformat(), figure, of, NOT_SHOWN if value is None else value

    for week in report.weeks:
        yield row(week.week, "athletes", "", week.athletes)
        yield row(week.week, "sessions", "", week.sessions)
        yield row(week.week, "repetitions", "", week.repetitions)
        yield row(week.week, "recommendations viewed", "", week.recommendations_viewed)
        yield row(week.week, "recommendations opened", "", week.recommendations_opened)
        for plan in week.plans:
            yield row(week.week, "enrolled", plan.plan_id, plan.enrolled)
            yield row(week.week, "enrolled and paid", plan.plan_id, plan.paid)
        for paid in week.currencies:
            yield row(week.week, "payments", paid.currency, paid.payments)
            yield row(week.week, "amount in minor units", paid.currency, paid.amount_minor)
    for cohort in report.cohorts:
        for month in cohort.months:
            yield row(month.month, "retention of cohort", cohort.cohort.isoformat(), month.athletes)
