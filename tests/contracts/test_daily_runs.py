"""Contract of the record of daily work."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.jobs.daily_runs import SqlDailyRuns
from adapters.jobs.sql import SCHEMA, SqlJobStore
from adapters.sql.engines import open_engine
from domain.ids import TenantId

TENANT, CLUB = TenantId("gym"), TenantId("club")
MONDAY = date(2030, 1, 7)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    url = f"sqlite:///{tmp_path / 'tables.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    engine = open_engine(url, schema=SCHEMA)
    SqlJobStore(engine)  # they share a schema, which exists before the table does
    yield engine
    engine.dispose()


@pytest.fixture
def runs(engine: sa.Engine) -> SqlDailyRuns:
    return SqlDailyRuns(engine)


def test_a_tenant_has_a_last_day(runs: SqlDailyRuns) -> None:
    """R-TEN-12"""
    assert runs.last(TENANT) is None
    runs.done(TENANT, MONDAY)
    runs.done(CLUB, MONDAY)
    runs.done(TENANT, TUESDAY)
    assert (runs.last(TENANT), runs.last(CLUB)) == (TUESDAY, MONDAY)


def test_processes_that_start_together_make_the_table_once(engine: sa.Engine) -> None:
    """R-TEN-12: also of a database of version 0.1."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE daily_work (tenant_id TEXT PRIMARY KEY)")
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(SqlDailyRuns, [engine] * 8))
    stores[0].done(TENANT, MONDAY)
    assert {store.last(TENANT) for store in stores} == {MONDAY}
    assert "daily_work" not in sa.inspect(engine).get_table_names()
