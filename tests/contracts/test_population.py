"""Contract of population figures: what they show of a tenant, and what they do not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.jobs.sql import SCHEMA
from adapters.published_figures.sql import SqlPublishedFigures
from adapters.read_models.population import SqlPopulation
from adapters.sql.engines import open_engine
from application.analytics.population import (
    CurrencyWeek,
    PlanWeek,
    Population,
    PopulationFigures,
    PopulationRangeInvalid,
    PopulationWeek,
    RetainedMonth,
    settled_day,
)
from application.leaderboards.rankings import FEWEST
from domain.enrollments.events import EnrollmentCompleted, EnrollmentCreated
from domain.guidance.events import (
    RecommendationClicked,
    RecommendationGenerated,
    RecommendationViewed,
)
from domain.ids import DEFAULT_TENANT, PlanId, SubscriptionId, TenantId, UserId
from domain.money import Money
from domain.payments.events import PartiallyRefunded, PaymentCompleted, PaymentCreated
from domain.users import events as users
from tests.adapters.analytics.sales import SCHEDULE
from tests.contracts.ranked_accounts import OTHER, delete, settle
from tests.projections.histories import AT, completed
from tests.projections.recommended import RECOMMENDED
from tests.projections.stores import Store

MONDAY = date(2030, 1, 7)
NOON = datetime(2030, 1, 7, 12, tzinfo=UTC)
NOW = datetime(2030, 5, 1, tzinfo=UTC)
JANUARY, FEBRUARY, MARCH = date(2030, 1, 1), date(2030, 2, 1), date(2030, 3, 1)
NOTHING = PopulationWeek(MONDAY, None, None, None, None, None, (), ())


@pytest.fixture
def figures(store: Store, tmp_path: Path) -> Iterator[PopulationFigures]:
    engine = open_engine(f"sqlite:///{tmp_path / 'published.db'}", schema=SCHEMA)
    yield PopulationFigures(SqlPopulation(store.database), SqlPublishedFigures(engine))
    engine.dispose()


def agreed(store: Store, *people: str, tenant: str = DEFAULT_TENANT) -> None:
    counted = users.ConsentGiven(purpose="population_insights", version="1", at=AT, source="rest")
    for who in people:
        settle(store, who, counted, tenant=tenant)


def train(
    store: Store, who: str, at: datetime = NOON, repetitions: int = 10, tenant: str = DEFAULT_TENANT
) -> str:
    stream = f"session-{len(store.log.recorded)}"
    store.log.add(stream, completed(at=at, athlete=who, repetitions=repetitions), tenant=tenant)
    return stream


def people(count: int, prefix: str = "a") -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


def report(
    store: Store,
    figures: PopulationFigures,
    since: date = MONDAY,
    until: date = date(2030, 1, 13),
    tenant: str = DEFAULT_TENANT,
) -> Population:
    store.follow()
    return figures.report(TenantId(tenant), since, until, NOW)


def test_training_of_a_week_is_counted_in_coarse_steps(
    store: Store, figures: PopulationFigures
) -> None:
    """R-PRG-08: 23 athletes are "20", and sums are rounded to a step of at least a twentieth."""
    agreed(store, *people(23))
    for who in people(23):
        train(store, who)
        train(store, who, NOON + timedelta(days=6), repetitions=11)
        train(store, who, NOON + timedelta(days=7), repetitions=500)
    (week,) = report(store, figures).weeks
    assert week == replace(NOTHING, athletes=20, sessions=45, repetitions=500)


def test_figures_of_fewer_than_twenty_who_consented_are_not_shown(
    store: Store, figures: PopulationFigures
) -> None:
    """C-41: neither people who did not consent, nor those of other tenants, make the twentieth."""
    agreed(store, *people(FEWEST - 1))
    agreed(store, "alien", tenant=OTHER)
    settle(store, "silent")
    for who in (*people(FEWEST - 1), "silent"):
        train(store, who)
    train(store, "alien", tenant=OTHER)
    assert report(store, figures).weeks == (NOTHING,)
    agreed(store, "last")
    train(store, "last")
    (week,) = report(store, figures).weeks
    assert (week.athletes, week.sessions, week.repetitions) == (20, 20, 200)


def test_a_sum_that_one_person_dominates_is_not_shown(
    store: Store, figures: PopulationFigures
) -> None:
    """C-41: nineteen accounts that somebody made up do not reveal the twentieth."""
    agreed(store, *people(FEWEST))
    for who in people(FEWEST - 1):
        train(store, who, repetitions=1)
    train(store, people(FEWEST)[-1], repetitions=400)
    (week,) = report(store, figures).weeks
    assert (week.athletes, week.sessions, week.repetitions) == (20, 20, None)


def test_a_week_is_computed_once(store: Store, figures: PopulationFigures) -> None:
    """C-41: whoever reads it before and after a deletion learns nothing; nor by other ranges."""
    agreed(store, *people(25))
    streams = {who: train(store, who) for who in people(25)}
    before = report(store, figures)
    for who, stream in list(streams.items())[:5]:
        delete(store, stream, who)
    assert report(store, figures).weeks == before.weeks
    wider = report(store, figures, MONDAY - timedelta(days=3), MONDAY + timedelta(days=9))
    assert [week for week in wider.weeks if week.week == MONDAY] == [*before.weeks]
    assert report(store, figures, MONDAY + timedelta(days=1)).weeks == ()
    assert report(store, figures, until=MONDAY + timedelta(days=5)).weeks == ()


def sells(store: Store, who: str, plan: str = "strong", *, pays: bool = False) -> None:
    subscription = SubscriptionId(f"of-{who}")
    enrolled = EnrollmentCreated(
        user_id=UserId(who),
        trainer_id=UserId("coach"),
        plan_id=PlanId(plan),
        plan_number=1,
        schedule=SCHEDULE,
        subscription_id=subscription,
        at=NOON,
    )
    store.log.add(f"enrollment-of-{who}", enrolled)
    if not pays:
        return
    price = Money(1999, "EUR")
    created = PaymentCreated(
        user_id=UserId(who), subscription_id=subscription, amount=price, region="EU",
        gateways=("stripe",), off_session=False, at=NOON,
    )  # fmt: skip
    paid = PaymentCompleted(attempt=1, reference="pi_1", amount=price, source="webhook", at=NOON)
    store.log.add(f"payment-by-{who}", created, paid)


def test_sales_of_a_week_are_by_plan_and_currency(store: Store, figures: PopulationFigures) -> None:
    """R-PRG-08: buyers count without a consent; plans of fewer than twenty are missing."""
    for who in people(45):
        sells(store, who, pays=who in people(25))
    sells(store, "eve", "other")
    back = PartiallyRefunded(
        attempt=1, amount=Money(999, "EUR"), returned=Money(999, "EUR"), at=NOON
    )
    store.log.add("payment-by-a0", back)
    (week,) = report(store, figures).weeks
    assert week.plans == (PlanWeek("strong", 45, 25),)
    # 25 of 19.99, less 9.99
    assert week.currencies == (CurrencyWeek("EUR", 24, 50_000),)


def test_a_second_round_of_a_plan_leaves_the_first_in_its_week(
    store: Store, figures: PopulationFigures
) -> None:
    """R-PRG-08: a user who enrolls again counts in both weeks."""
    for who in people(30):
        sells(store, who, pays=True)
        (created,) = (
            each.event
            for each in store.log.load(DEFAULT_TENANT, f"enrollment-of-{who}")
            if isinstance(each.event, EnrollmentCreated)
        )
        again = replace(created, at=NOON + timedelta(days=7))
        store.log.add(f"enrollment-of-{who}", EnrollmentCompleted(on=MONDAY), again)
    weeks = report(store, figures, until=date(2030, 1, 20)).weeks
    assert [week.plans for week in weeks] == [(PlanWeek("strong", 30, 30),)] * 2


def test_fewer_than_twenty_payers_are_not_shown(store: Store, figures: PopulationFigures) -> None:
    """C-41: the others who enrolled are."""
    for who in people(FEWEST):
        sells(store, who, pays=who != "a0")
    (week,) = report(store, figures).weeks
    assert (week.plans, week.currencies) == ((PlanWeek("strong", 20, None),), ())


def test_views_and_clicks_of_recommendations_are_counted(
    store: Store, figures: PopulationFigures
) -> None:
    """R-PRG-08, R-REC-08: in the week of the list; 20 of 30 viewers opened an item."""
    generated = next(each for each in RECOMMENDED if isinstance(each, RecommendationGenerated))
    agreed(store, *people(30))
    for who in people(30):
        facts = [
            replace(generated, user_id=UserId(who), at=NOON),
            RecommendationViewed(count=3, at=NOON),
            RecommendationClicked(kind="plan", item_id="strong", place=1, at=NOON),
        ]
        store.log.add(f"recommendation-{who}", *(facts if who in people(20) else facts[:2]))
    (week,) = report(store, figures).weeks
    assert (week.recommendations_viewed, week.recommendations_opened) == (90, 20)


def test_cohorts_show_how_many_came_back(store: Store, figures: PopulationFigures) -> None:
    """R-PRG-08: athletes by their first month; months of fewer than twenty are not shown."""
    agreed(store, *people(32), *people(19, "b"))
    february, march = NOON + timedelta(days=30), NOON + timedelta(days=60)
    for who in people(32):
        train(store, who)
    for who in people(21):
        train(store, who, march)
    for who in (*people(19), *people(19, "b")):
        train(store, who, february)
    (cohort,) = report(store, figures, JANUARY, date(2030, 3, 31)).cohorts
    assert cohort.cohort == JANUARY
    assert cohort.months == (
        RetainedMonth(JANUARY, 30),
        RetainedMonth(FEBRUARY, None),
        RetainedMonth(MARCH, 20),
    )
    train(store, "a30", march)
    assert report(store, figures, JANUARY, date(2030, 3, 31)).cohorts == (cohort,)
    assert report(store, figures, FEBRUARY, date(2030, 3, 30)).cohorts == ()


def test_retention_is_that_of_the_view(store: Store) -> None:
    """R-PRG-08: where everybody consented, `retention` of analysts has the same numbers."""
    agreed(store, *people(4))
    for who in people(4):
        train(store, who)
    train(store, "a1", NOON + timedelta(days=40))
    store.follow()
    shown = SqlPopulation(store.database).retention(DEFAULT_TENANT, JANUARY, NOW.date())
    with store.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT cohort, month, athletes FROM retention ORDER BY cohort, month"
        ).all()
    assert [(str(each.cohort), str(each.month), each.athletes) for each in shown] == [
        (str(cohort), str(month), athletes) for cohort, month, athletes in rows
    ]


def test_only_settled_weeks_are_shown(store: Store, figures: PopulationFigures) -> None:
    """C-41: two days after a week ended everywhere, workouts without a connection have arrived."""
    ends = datetime(2030, 1, 16, 12, tzinfo=UTC)
    assert settled_day(ends) == date(2030, 1, 13)
    agreed(store, *people(20))
    for who in people(20):
        train(store, who)
    store.follow()

    def weeks(now: datetime) -> list[int | None]:
        shown = figures.report(DEFAULT_TENANT, MONDAY, date(2030, 1, 20), now)
        return [week.athletes for week in shown.weeks]

    assert weeks(ends - timedelta(seconds=1)) == []
    assert weeks(ends) == [20]


@pytest.mark.parametrize("days", [-1, 800])
def test_a_range_that_ends_early_or_is_too_long_is_refused(
    figures: PopulationFigures, days: int
) -> None:
    with pytest.raises(PopulationRangeInvalid):
        figures.report(DEFAULT_TENANT, MONDAY, MONDAY + timedelta(days=days), NOW)
