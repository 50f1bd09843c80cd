"""Queries across sessions and health profiles in the analytics store of the pose coach."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.pose_coach.analytics import PROFILES, SqlAnalytics
from application.pose_coach.stores import ProfileRecord, SessionRecord
from tests.contracts.pose_coach_rigs import HERE, analytics_in_files, analytics_in_mysql

QUERY = """
SELECT profile.userId, COUNT(session.id), COALESCE(SUM(session.reps), 0)
FROM user_health_profiles AS profile
LEFT JOIN workout_sessions AS session ON session.user_id = profile.userId
GROUP BY profile.userId ORDER BY profile.userId
"""


@pytest.fixture(params=["files", "MySQL"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlAnalytics]:
    with ExitStack() as opened:
        if request.param == "files":
            rig = opened.enter_context(analytics_in_files(tmp_path))
        else:
            server = request.getfixturevalue("mariadb")
            rig = opened.enter_context(analytics_in_mysql(server.address))
        assert isinstance(rig.store, SqlAnalytics)
        yield rig.store


def test_a_query_joins_sessions_and_health_profiles(store: SqlAnalytics) -> None:
    """R-HLT-15, R-DAT-05, R-TEN-16: profiles without sessions too, and none that was deleted."""
    at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    for user, sessions in (("ada", 2), ("bob", 1), ("cyd", 0)):
        store.save_profile(HERE, user)
        for number in range(sessions):
            session = SessionRecord(
                f"{user}{number}", user, "squat", 10, 0.9, at.isoformat(), 60, ()
            )
            store.save(HERE, session, at)
    assert rows(store) == [("ada", 2, 20), ("bob", 1, 10), ("cyd", 0, 0)]
    store.delete_profile(HERE, "ada")
    assert rows(store) == [("bob", 1, 10), ("cyd", 0, 0)]


def rows(store: SqlAnalytics) -> list[tuple[str, int, int]]:
    with store._databases.reading(HERE) as connection:
        return [
            (user, count, int(reps)) for user, count, reps in connection.execute(sa.text(QUERY))
        ]


def test_a_table_of_an_earlier_version_gets_the_missing_columns(store: SqlAnalytics) -> None:
    """R-PCH-14: its profiles stay, and are filled with the next sessions of their users."""
    at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    store.save_profile(HERE, "ada", ProfileRecord(True, 7, at.isoformat()))
    with store._databases.writing(HERE) as connection:
        for column in ("isCompared", "healthRecords", "lastSync"):
            connection.execute(sa.text(f"ALTER TABLE user_health_profiles DROP COLUMN {column}"))
    store.close()  # it is opened again by the next version
    assert rows(store) == [("ada", 0, 0)]
    assert profiles(store) == [("ada", 0, 0, None)]
    store.save_profile(HERE, "ada", ProfileRecord(True, 7, "2026"))
    assert profiles(store) == [("ada", 1, 7, "2026")]


def profiles(store: SqlAnalytics) -> list[tuple[object, ...]]:
    with store._databases.reading(HERE) as connection:
        return [tuple(row) for row in connection.execute(sa.select(PROFILES))]
