"""Contract of the published months of the pose coach's report."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.pose_coach.published_months import SqlPublishedMonths
from adapters.sql.engines import open_engine
from application.leaderboards.rankings import Quartiles
from application.pose_coach.report import GroupFigures, PopulationMonth
from domain.ids import TenantId

STUDIO, CLUB = TenantId("studio"), TenantId("club")
MAY = date(2030, 5, 1)
ALL = GroupFigures(
    None,
    20,
    Quartiles(1, 2, 3),
    Quartiles(40, 50, 60),
    Quartiles(0.75, 0.8, 0.85),
    Quartiles(300, 600, 900),
)
PUBLISHED = PopulationMonth(MAY, ALL, (replace(ALL, exercise="squat"),))


@pytest.fixture(params=["sqlite", "postgresql"])
def months(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlPublishedMonths]:
    url = f"sqlite:///{tmp_path / 'tables.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    engine: sa.Engine = open_engine(url, schema=SCHEMA)
    yield SqlPublishedMonths(engine)
    engine.dispose()


def test_the_first_publication_of_a_month_counts(months: SqlPublishedMonths) -> None:
    """C-41, R-PCH-22: two processes that compute a month at once return the same figures."""
    assert months.get(STUDIO, MAY) is None
    assert months.add(STUDIO, PUBLISHED) == PUBLISHED
    other = replace(PUBLISHED, overall=replace(ALL, athletes=25))
    assert months.add(STUDIO, other) == PUBLISHED
    assert months.get(STUDIO, MAY) == PUBLISHED


def test_tenants_and_months_are_apart(months: SqlPublishedMonths) -> None:
    """C-41, R-TEN-06."""
    months.add(STUDIO, PUBLISHED)
    assert months.get(CLUB, MAY) is None
    assert months.get(STUDIO, date(2030, 6, 1)) is None
