"""Contract of leases for daily work."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from adapters.jobs.daily_leases import SqlDailyLeases
from adapters.jobs.sql import SCHEMA, SqlJobStore
from adapters.sql.engines import open_engine
from domain.ids import TenantId

ONE, OTHER = UUID(int=101), UUID(int=102)
TENANT, CLUB = TenantId("gym"), TenantId("club")
MONDAY = date(2030, 1, 7)
TUESDAY = MONDAY + timedelta(days=1)
LONG_S = 3600.0


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    url = f"sqlite:///{tmp_path / 'tables.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    engine = open_engine(url, schema=SCHEMA)
    SqlJobStore(engine)  # they share a schema, which is there before the table is
    yield engine
    engine.dispose()


@pytest.fixture
def leases(engine: sa.Engine) -> SqlDailyLeases:
    return SqlDailyLeases(engine)


def test_the_work_of_a_day_has_one_owner_until_it_is_done(leases: SqlDailyLeases) -> None:
    """R-TEN-12"""
    assert leases.take(TENANT, ONE, MONDAY, LONG_S) == "taken"
    assert leases.take(TENANT, OTHER, MONDAY, LONG_S) == "held"
    assert leases.take(CLUB, OTHER, MONDAY, LONG_S) == "taken"
    leases.done(TENANT, ONE, MONDAY)
    assert leases.take(TENANT, OTHER, MONDAY, LONG_S) == "done"
    assert leases.take(TENANT, OTHER, TUESDAY, LONG_S) == "taken"
    assert leases.take(TENANT, ONE, MONDAY, LONG_S) == "done"


def test_a_silent_holder_loses_its_lease(leases: SqlDailyLeases) -> None:
    """R-TEN-12"""
    leases.take(TENANT, ONE, MONDAY, 0.0)
    assert leases.take(TENANT, OTHER, MONDAY, LONG_S) == "taken"
    assert not leases.keep(TENANT, ONE, LONG_S)
    leases.done(TENANT, ONE, MONDAY)  # it is not theirs any more
    assert leases.take(TENANT, ONE, MONDAY, LONG_S) == "held"


def test_renewing_extends_a_lease(leases: SqlDailyLeases) -> None:
    """R-TEN-12"""
    leases.take(TENANT, ONE, MONDAY, 0.0)
    assert leases.keep(TENANT, ONE, LONG_S)
    assert leases.take(TENANT, OTHER, MONDAY, LONG_S) == "held"


def test_concurrent_claims_of_a_lease_have_one_winner(engine: sa.Engine) -> None:
    """R-TEN-12: also where the table is not there yet."""

    def come(_number: int) -> str:
        return SqlDailyLeases(engine).take(TENANT, uuid4(), MONDAY, LONG_S)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(come, range(8)))
    assert sorted(answers) == [*["held"] * 7, "taken"]
