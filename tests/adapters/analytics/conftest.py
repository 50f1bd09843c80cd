"""Upgraded database with the analysts' tables for each module, emptied before each test."""

from collections.abc import Iterator

import psycopg
import pytest

from adapters.analytics.database import Analytics
from tests.adapters.event_log.postgres_databases import empty, upgraded_database
from tests.plugins.services import Service

EMPTY = """
SELECT kinelog.show_to_analysts(model, false)
FROM unnest(ARRAY[
    'session_summary', 'exercise_set', 'repetition', 'athlete_day', 'achievement', 'leaderboards',
    'session_frames', 'enrollment', 'enrollment_rounds', 'payment', 'recommendation'
]) AS model;
DROP SCHEMA IF EXISTS read CASCADE;
TRUNCATE analytics.worker_position, analytics.session_standing, analytics.session_minute,
    analytics.exercise_hour, analytics.training_day, analytics.roll_up_due, analytics.roll_up,
    analytics.counted_stream, analytics.event_count
"""


@pytest.fixture(scope="module")
def analysts_database(postgres: Service) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        yield url


@pytest.fixture
def url(analysts_database: str) -> str:
    empty(analysts_database)
    with psycopg.connect(analysts_database, autocommit=True) as connection:
        connection.execute(EMPTY)
    return analysts_database


@pytest.fixture
def analytics(url: str) -> Iterator[Analytics]:
    opened = Analytics.at(url)
    yield opened
    opened.close()
