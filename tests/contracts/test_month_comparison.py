"""Contract of the comparison of months: what it reveals of a group, and what it does not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.jobs.sql import SCHEMA
from adapters.published_figures.sql import SqlPublishedFigures
from adapters.read_models.leaderboards import SqlBoards
from adapters.sql.engines import open_engine
from application.leaderboards.rankings import (
    FEWEST,
    Leaderboards,
    MonthNotOver,
    OwnMonth,
    Quartiles,
    last_month,
)
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.users import events as users
from tests.contracts.ranked_accounts import JANUARY, LUNGE, OTHER, SQUAT, settle, train
from tests.projections.histories import AT
from tests.projections.stores import Store

NOW = datetime(2030, 3, 5, 12, tzinfo=UTC)


@pytest.fixture
def leaderboards(store: Store, tmp_path: Path) -> Iterator[Leaderboards]:
    engine = open_engine(f"sqlite:///{tmp_path / 'published.db'}", schema=SCHEMA)
    yield Leaderboards(SqlBoards(store.database), SqlPublishedFigures(engine))
    engine.dispose()


def agreed(store: Store, count: int) -> None:
    """Create athletes who consented to comparison: 10, 20, 30 … repetitions, form 0.50, 0.51 …"""
    counted = users.ConsentGiven(purpose="population_insights", version="1", at=AT, source="rest")
    for number in range(1, count + 1):
        settle(store, f"a{number}", counted)
        train(store, f"a{number}", {SQUAT: 10 * number + 1}, form=0.49 + number / 100)


def test_a_month_is_compared_with_all_consenting_athletes(
    store: Store, leaderboards: Leaderboards
) -> None:
    """C-41: quartiles are means of five around the nearest rank, in steps of a fifth."""
    agreed(store, FEWEST)
    settle(store, "ada")
    train(store, "ada", {SQUAT: 3}, form=0.5)
    train(store, "ada", {SQUAT: 1, LUNGE: 5}, day=2, form=None)
    train(store, "ada", {SQUAT: 1}, day=60)
    store.follow()
    found = leaderboards.compared(DEFAULT_TENANT, date(2030, 1, 19), UserId("ada"), NOW)
    assert found.month == JANUARY
    assert found.mine == OwnMonth(9, 0.5)
    assert found.repetitions == Quartiles(60, 100, 150)
    assert found.form == Quartiles(0.55, 0.6, 0.65)


def test_fewer_than_twenty_athletes_are_never_compared(
    store: Store, leaderboards: Leaderboards
) -> None:
    """C-41: k >= 20 athletes of this tenant and month who consented and still have an account."""
    agreed(store, FEWEST - 1)
    counted = users.ConsentGiven(purpose="population_insights", version="1", at=AT, source="rest")
    settle(store, "idle", counted)
    settle(store, "gone", counted, users.UserErased(at=AT))
    settle(store, "away", counted, users.UserSuspended(at=AT))
    settle(store, "alien", counted, tenant=OTHER)
    train(store, "alien", {SQUAT: 9}, tenant=OTHER)
    settle(store, "silent")
    for who in ("gone", "away", "silent"):
        train(store, who, {SQUAT: 9})
    store.follow()
    found = leaderboards.compared(DEFAULT_TENANT, JANUARY, UserId("a1"), NOW)
    assert (found.repetitions, found.form) == (None, None)
    assert found.mine.repetitions == 11
    nothing = leaderboards.compared(DEFAULT_TENANT, date(2029, 5, 1), UserId("a1"), NOW)
    assert nothing.mine == OwnMonth(0, None)


def test_nineteen_made_up_athletes_do_not_reveal_the_twentieth(
    store: Store, leaderboards: Leaderboards
) -> None:
    """C-41: whoever they stand around, several months of that person give the same quartiles."""
    counted = users.ConsentGiven(purpose="population_insights", version="1", at=AT, source="rest")
    tenants = {TenantId(f"{OTHER}{repetitions}"): repetitions for repetitions in (62, 80, 99)}
    shown = []
    for tenant, repetitions in tenants.items():
        for number in range(1, FEWEST):
            settle(store, f"{tenant}-{number}", counted, tenant=tenant)
            own = 60 if number < 10 else 100
            train(store, f"{tenant}-{number}", {SQUAT: own}, tenant=tenant, form=own / 125)
        settle(store, f"{tenant}-ada", counted, tenant=tenant)
        train(store, f"{tenant}-ada", {SQUAT: repetitions}, tenant=tenant, form=repetitions / 125)
        store.follow()
        shown.append(leaderboards.compared(tenant, JANUARY, UserId(f"{tenant}-1"), NOW))
    assert shown[0].repetitions == Quartiles(60, 80, 100)
    assert {each.repetitions for each in shown} == {shown[0].repetitions}
    assert len({each.form for each in shown}) < len(shown)


def test_published_quartiles_do_not_change(store: Store, leaderboards: Leaderboards) -> None:
    """C-41: sequences of comparisons, between which accounts change, reveal no more than one."""
    agreed(store, FEWEST)
    store.follow()
    first = leaderboards.compared(DEFAULT_TENANT, JANUARY, UserId("a1"), NOW)
    for number in range(1, FEWEST):
        train(store, f"a{number}", {SQUAT: 500}, form=0.99)
    store.follow()
    again = leaderboards.compared(DEFAULT_TENANT, JANUARY, UserId("a1"), NOW)
    assert again.mine.repetitions == 511
    assert (again.repetitions, again.form) == (first.repetitions, first.form)
    assert leaderboards.compared(OTHER, JANUARY, UserId("a1"), NOW).repetitions is None


def test_form_is_compared_among_at_least_twenty(store: Store, leaderboards: Leaderboards) -> None:
    """C-41: a figure of fewer athletes would reveal theirs."""
    agreed(store, FEWEST - 1)
    counted = users.ConsentGiven(purpose="population_insights", version="1", at=AT, source="rest")
    settle(store, "formless", counted)
    train(store, "formless", {SQUAT: 9}, form=None)
    store.follow()
    found = leaderboards.compared(DEFAULT_TENANT, JANUARY, UserId("a1"), NOW)
    assert found.repetitions is not None
    assert found.form is None


def test_only_months_that_are_over_everywhere_are_compared(
    store: Store, leaderboards: Leaderboards
) -> None:
    """C-41: repeated queries within a month reveal nothing about new members."""
    ends = datetime(2030, 2, 1, 12, tzinfo=UTC)  # midnight in the time zone where a day ends last
    assert last_month(ends) == JANUARY
    assert last_month(ends - timedelta(seconds=1)) == date(2029, 12, 1)
    with pytest.raises(MonthNotOver):
        leaderboards.compared(DEFAULT_TENANT, JANUARY, UserId("ada"), ends - timedelta(seconds=1))
    assert leaderboards.compared(DEFAULT_TENANT, JANUARY, UserId("ada"), ends).form is None
