"""Contract of published figures of many people."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.published_figures.sql import SqlPublishedFigures
from adapters.sql.engines import open_engine
from application.leaderboards.rankings import Quartiles
from application.pose_coach.report import PUBLISHED, GroupFigures, PopulationMonth
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
REPORT = PopulationMonth(MAY, ALL, (replace(ALL, exercise="squat"),))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    url = f"sqlite:///{tmp_path / 'tables.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    engine = open_engine(url, schema=SCHEMA)
    yield engine
    engine.dispose()


def test_the_first_publication_of_a_month_counts(engine: sa.Engine) -> None:
    """C-41, R-PCH-22: two processes that compute a month at once return the same figures."""
    figures, other = SqlPublishedFigures(engine), SqlPublishedFigures(engine)
    assert figures.get(STUDIO, MAY, PUBLISHED, PopulationMonth) is None
    assert figures.add(STUDIO, MAY, PUBLISHED, REPORT) == REPORT
    later = replace(REPORT, overall=replace(ALL, athletes=25))
    assert other.add(STUDIO, MAY, PUBLISHED, later) == REPORT
    assert figures.get(STUDIO, MAY, PUBLISHED, PopulationMonth) == REPORT


def test_tenants_months_and_names_are_apart(engine: sa.Engine) -> None:
    """C-41, R-TEN-06."""
    figures = SqlPublishedFigures(engine)
    figures.add(STUDIO, MAY, "leaderboard_form", ALL.accuracy)
    assert figures.get(CLUB, MAY, "leaderboard_form", Quartiles) is None
    assert figures.get(STUDIO, date(2030, 6, 1), "leaderboard_form", Quartiles) is None
    assert figures.get(STUDIO, MAY, "leaderboard_repetitions", Quartiles) is None


EARLIER = (
    "CREATE TABLE leaderboard_quartiles (tenant_id text, month date, figure text, published text)",
    "CREATE TABLE pose_report_month (tenant_id text, month date, published text)",
    """INSERT INTO leaderboard_quartiles VALUES
    ('studio', '2030-05-01', 'form', '{"lower": 0.75, "median": 0.8, "upper": 0.85}')""",
    """INSERT INTO pose_report_month VALUES
    ('club', '2030-05-01', '{"month": "2030-05-01", "overall": null, "exercises": []}')""",
)


def test_figures_that_an_earlier_version_published_stay(engine: sa.Engine) -> None:
    """C-41, R-PCH-22: an upgrade does not compute a month again."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
        for statement in EARLIER:
            connection.exec_driver_sql(statement)
    for _ in range(2):  # and a later start changes nothing
        figures = SqlPublishedFigures(engine)
        assert figures.get(STUDIO, MAY, "leaderboard_form", Quartiles) == ALL.accuracy
        month = figures.get(CLUB, MAY, PUBLISHED, PopulationMonth)
        assert month == PopulationMonth(MAY, None, ())
