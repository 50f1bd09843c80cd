"""docs/analysts.md describes the views of the database, and its queries run."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from adapters.analytics.database import Analytics
from adapters.analytics.event_counts import PostgresEventCounts
from adapters.analytics.rollups import PostgresRollUps
from adapters.analytics.windows import PostgresWindows
from adapters.clock import new_id
from adapters.event_log.postgres import PostgresEventLog
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from application.analytics.ports import Step
from application.analytics.rollups import RollupRequest, message, roll_up
from application.kernel.bus import Delivery
from application.kernel.ports import Change
from application.kernel.projection_runner import build_missing
from domain.achievements.events import BadgeEarned
from domain.ids import DEFAULT_TENANT as TENANT
from domain.ids import ExerciseId, SessionId
from domain.kernel import Origin
from domain.sessions.events import ExercisePerformed, FaultSeen, PerformedSet, SessionDeleted
from projections.registry import ALL
from tests.adapters.analytics.reading import as_analyst
from tests.adapters.analytics.sales import CHANGES
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.application.analytics.examples import seen
from tests.erasure import nobody_is_erased
from tests.golden.examples import CODEC
from tests.plugins.services import Service
from tests.projections.histories import (
    ADA,
    AT,
    completed,
    frames_appended,
    repetition,
    set_completed,
    set_started,
    started,
)
from tests.projections.recommended import RECOMMENDED

SQUAT = ExerciseId("squat")
PAGE = (Path(__file__).parents[3] / "docs" / "analysts.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^### analytics\.(\w+)\n\n(.+)\n\n(\|(?:.+\n)+)", re.MULTILINE)
COLUMN = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
QUERIES = re.findall(r"^```sql\n(.+?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COLUMNS_OF_VIEWS = """
SELECT c.relname, obj_description(c.oid), a.attname, i.data_type, col_description(c.oid, a.attnum)
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
JOIN information_schema.columns AS i
    ON i.table_schema = 'analytics' AND i.table_name = c.relname AND i.column_name = a.attname
WHERE c.relnamespace = 'analytics'::regnamespace AND c.relkind = 'v'
ORDER BY c.relname, a.attnum
"""


@pytest.fixture(scope="module")
def filled(postgres: Service) -> Iterator[str]:
    """Database with the events of one trained athlete, processed by the workers."""
    with upgraded_database(postgres.address) as url:
        log = PostgresEventLog(url, clock=lambda: AT, new_id=new_id, codec=CODEC)
        fault = FaultSeen(set=1, repetition=1, fault="knees_in", cue="Knees out", at_ms=5)
        facts = [started(), set_started(), repetition(1), fault, repetition(2), set_completed(2)]
        origin = Origin(tenant_id=TENANT, actor="ada", correlation_id=new_id())
        performed = ExercisePerformed(
            athlete_id=ADA, exercise_id=SQUAT, sets=(PerformedSet(1, 2, 0, None, 0.9),), at=AT
        )
        ended = replace(completed(), exercises=(SQUAT,))
        change = Change("session-s1", 0, [*facts, performed, ended])
        first = BadgeEarned(
            badge="first_workout",
            measure="workouts",
            least=1.0,
            figure=1.0,
            session_id=SessionId("s1"),
            at=AT,
        )
        earned = Change(f"achievements-{ADA}", 0, [first])
        recorded = Change("recording-s1", 0, [frames_appended(0), frames_appended(15)])
        opened = Change("recommendation-r", 0, [*RECOMMENDED])
        log.append([change, earned, recorded, opened, *CHANGES], origin=origin, command_id=new_id())
        delayed = Change("session-s2", 0, [started(at=AT.replace(year=2020))])
        gone = SessionDeleted(at=AT, trained=None)
        deleted = Change("session-s3", 0, [started(), *facts[1:], gone])
        log.append([delayed, deleted], origin=origin, command_id=new_id())
        database = Database(url)
        build_missing(log, SqlProjectionStore(database), ALL)
        database.close()
        work_off(log, url)
        log.close()
        yield url


def work_off(log: PostgresEventLog, url: str) -> None:
    """Process the events as the workers do."""
    analytics = Analytics.at(url)
    recorded = log.scan(after=0, limit=99)
    reported = [seen(each) for each in recorded]
    windows = PostgresWindows(analytics, is_erased=nobody_is_erased)
    windows.take(Step("analysts", "events", {}, {0: 1}, reported))
    for each in recorded:
        PostgresEventCounts(analytics).count(
            each.origin.tenant_id,
            each.stream,
            each.version,
            day=each.recorded_at.date(),
            name=each.event.event_name,
        )
    delivery = Delivery(message(RollupRequest(TENANT, AT.date())), 0, 0)
    roll_up(delivery, PostgresRollUps(analytics))
    analytics.close()


def test_the_page_has_every_view_column_by_column(filled: str) -> None:
    """R-DAT-02: the page lists the names, types and comments of the columns in the database."""
    written = [
        (view, about, *column)
        for view, about, columns in SECTION.findall(PAGE)
        for column in COLUMN.findall(columns)
    ]
    with psycopg.connect(filled) as connection:
        expected = connection.execute(COLUMNS_OF_VIEWS).fetchall()
    assert len(expected) > 50
    assert sorted(written) == sorted(expected)


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_of_the_page_finds_something(query: str, filled: str) -> None:
    """R-DAT-02, R-PRG-09"""
    with as_analyst(filled) as connection:
        assert connection.execute(query.encode()).fetchall()


def test_faults_of_deleted_sessions_are_left_out(filled: str) -> None:
    """R-DAT-02: also of sessions whose exercise was corrected, which are stored anew."""
    (query,) = (each for each in QUERIES if "r.faults" in each)
    with as_analyst(filled) as connection:
        assert connection.execute(query.encode()).fetchall() == [("squat", "knees_in", 2)]


def test_the_page_asks_something_of_every_view() -> None:
    views = {view for view, *_ in SECTION.findall(PAGE)}
    assert {
        view for view in views if not any(f"analytics.{view}" in query for query in QUERIES)
    } == set()
