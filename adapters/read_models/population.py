"""Population figures on SQL, computed from the rows of all people of a tenant.

The tables are read with the platform's rights; results contain no ids of people.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

import sqlalchemy as sa

from adapters.read_models.database import Database
from adapters.read_models.row_guard import Reader
from adapters.read_models.tables import RowTable, live_rounds, live_view
from application.analytics.population import WEEK, CohortMonth, Figure, PeopleSum
from domain.ids import TenantId
from projections.athlete_day import ATHLETE_DAY
from projections.participant import PARTICIPANT
from projections.payment import PAYMENT
from projections.recommendation import RECOMMENDATION

Query = sa.Select[*tuple[Any, ...]]

PEOPLE: Final = live_view(PARTICIPANT)
DAYS: Final = live_view(ATHLETE_DAY)
ENROLLMENTS: Final = live_rounds()
PAYMENTS: Final = live_view(PAYMENT)
RECOMMENDATIONS: Final = live_view(RECOMMENDATION)

EVERYTHING: Final = sa.null()
"""Group of figures that have none."""


class SqlPopulation:
    """Implements `PopulationReader` on SQL. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sums(
        self, tenant_id: TenantId, figure: Figure, start: date, end: date
    ) -> Sequence[PeopleSum]:
        main, other, query = _by_week(figure, start, end)
        with self._database.guarded(main, Reader(tenant_id, None)) as connection:
            result = (
                connection.execute_nested(query, _summed)
                if other is None
                else connection.execute_over(other, query, _summed)
            )
            rows = result.all()
        return [
            PeopleSum(
                week=_monday(row.week, start),
                of=row.group,
                people=row.people,
                total=int(row.total),
                largest=int(row.largest),
            )
            for row in rows
        ]

    def retention(self, tenant_id: TenantId, start: date, end: date) -> Sequence[CohortMonth]:
        days = DAYS.table.c
        query = _consenting(
            sa.select(days.athlete_id, days.month).where(days.sessions > 0), days.athlete_id
        )
        with self._database.guarded(DAYS, Reader(tenant_id, None)) as connection:
            rows = connection.execute_over(
                PEOPLE, query, lambda found: _retained(found, start, end)
            ).all()
        return [CohortMonth(row.cohort, row.month, row.athletes) for row in rows]


def _by_week(figure: Figure, start: date, end: date) -> tuple[RowTable, RowTable | None, Query]:
    """Return the tables of a figure, and the query for its value by week, group and person."""
    match figure:
        case "sessions" | "repetitions":
            days = DAYS.table.c
            query = _values(days.week, EVERYTHING, days.athlete_id, days[figure])
            query = query.where(days.week >= start, days.week < end, days.sessions > 0)
            return DAYS, PEOPLE, _consenting(query, days.athlete_id)
        case "recommendations_viewed" | "recommendations_opened":
            lists = RECOMMENDATIONS.table.c
            seen = lists.viewed if figure == "recommendations_viewed" else lists.clicked
            week = _week_of(lists.generated_at, start, end)
            query = _values(week, EVERYTHING, lists.user_id, seen)
            query = query.where(_within(lists.generated_at, start, end))
            return RECOMMENDATIONS, PEOPLE, _consenting(query, lists.user_id)
        case "payments" | "amount_minor":
            paid = PAYMENTS.table.c
            week = _week_of(paid.created_at, start, end)
            kept = paid.amount_minor - paid.returned_minor
            query = _values(
                week, paid.currency, paid.user_id, sa.literal(1) if figure == "payments" else kept
            )
            query = query.where(_within(paid.created_at, start, end), paid.status == "succeeded")
            return PAYMENTS, None, query
        case "enrollments" | "paid_enrollments":
            enrolled = ENROLLMENTS.table.c
            week = _week_of(enrolled.created_at, start, end)
            query = _values(week, enrolled.plan_id, enrolled.user_id, sa.literal(1))
            query = query.where(_within(enrolled.created_at, start, end))
            if figure == "enrollments":
                return ENROLLMENTS, None, query
            paid = PAYMENTS.table.c
            query = query.where(
                paid.subscription_id == enrolled.subscription_id, paid.status == "succeeded"
            )
            return ENROLLMENTS, PAYMENTS, query


def _values(
    week: sa.ColumnElement[Any],
    group: sa.ColumnElement[Any],
    person: sa.ColumnElement[Any],
    value: sa.ColumnElement[Any],
) -> Query:
    return sa.select(
        week.label("week"), group.label("group"), person.label("person"), value.label("value")
    )


def _consenting(query: Query, person: sa.ColumnElement[Any]) -> Query:
    """Limit a query to people who consented to statistics of several people.

    Their rows are found by their key, which is the id of the user: SQLite would otherwise read all
    people of the tenant for each row.
    """
    return query.where(PEOPLE.key == person, PEOPLE.table.c.compared.is_(True))


def _summed(found: sa.Subquery) -> Query:
    """Add up values by person, and then by week and group, of people who have more than 0."""
    one = found.c
    of_person = (
        sa.select(one.week, one.group, sa.func.sum(one.value).label("value"))
        .group_by(one.week, one.group, one.person)
        .having(sa.func.sum(one.value) > 0)
        .subquery()
    )
    each = of_person.c
    return sa.select(
        each.week,
        each.group,
        sa.func.count().label("people"),
        sa.func.sum(each.value).label("total"),
        sa.func.max(each.value).label("largest"),
    ).group_by(each.week, each.group)


def _retained(found: sa.Subquery, start: date, end: date) -> Query:
    """Count athletes by the month in which they first trained, and each month of training."""
    first = sa.func.min(found.c.month).over(partition_by=found.c.athlete_id)
    trained = (
        sa.select(found.c.athlete_id, found.c.month, first.label("cohort")).distinct().subquery()
    )
    return (
        sa.select(trained.c.cohort, trained.c.month, sa.func.count().label("athletes"))
        .where(trained.c.month >= start, trained.c.month < end)
        .group_by(trained.c.cohort, trained.c.month)
        .order_by(trained.c.cohort, trained.c.month)
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _within(at: sa.ColumnElement[Any], start: date, end: date) -> sa.ColumnElement[bool]:
    return sa.and_(at >= _midnight(start), at < _midnight(end))


def _week_of(at: sa.ColumnElement[Any], start: date, end: date) -> sa.ColumnElement[Any]:
    """Return the number of the week of a time, in UTC; both databases compare times alike."""
    weeks = range((end - start) // WEEK)
    return sa.case(
        *((at < _midnight(start + (number + 1) * WEEK), sa.literal(number)) for number in weeks)
    )


def _monday(week: date | int, start: date) -> date:
    return start + week * WEEK if isinstance(week, int) else week
