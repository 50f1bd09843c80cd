"""Contract of the failed events of queues without a bus."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.jobs.failed_events import SqlFailedEvents
from adapters.jobs.sql import SCHEMA, SqlJobStore
from adapters.sql.engines import open_engine
from application.kernel.log_queue import FailedEvent

AT = datetime(2030, 1, 1, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
FAILED = FailedEvent(
    position=7,
    reason="RuntimeError",
    stack="videos.py, line 120",
    attempts=8,
    retries=0,
    failed_at=AT,
    due_at=LATER,
)


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
def failed(engine: sa.Engine) -> SqlFailedEvents:
    return SqlFailedEvents(engine, "videos")


def test_a_failed_event_is_kept_for_its_queue(engine: sa.Engine, failed: SqlFailedEvents) -> None:
    """R-EVT-19"""
    others = SqlFailedEvents(engine, "emails")
    failed.store(FAILED)
    others.store(replace(FAILED, reason="ValueError"))
    assert failed.list() == [FAILED]
    others.delete([FAILED.position])
    assert (failed.list(), others.list()) == ([FAILED], [])


def test_a_repeated_failure_replaces_the_former_one(failed: SqlFailedEvents) -> None:
    """R-EVT-19"""
    again = replace(FAILED, attempts=9, retries=1, due_at=LATER + timedelta(hours=1))
    failed.store(FAILED)
    failed.store(again)
    assert (failed.list(), failed.count()) == ([again], 1)


def test_the_event_that_is_due_for_longest_comes_first(failed: SqlFailedEvents) -> None:
    """R-EVT-19"""
    earlier = replace(FAILED, position=9, due_at=LATER - timedelta(minutes=1))
    failed.store(FAILED)
    failed.store(earlier)
    assert failed.due(AT) is None
    assert failed.due(LATER) == earlier
    failed.delete([9])
    assert failed.due(LATER) == FAILED


def test_events_are_due_at_once_when_they_are_replayed(failed: SqlFailedEvents) -> None:
    """R-EVT-19"""
    other = replace(FAILED, position=9)
    failed.store(FAILED)
    failed.store(other)
    failed.retry([9], AT)
    assert failed.due(AT) == replace(other, due_at=AT)
    assert failed.list()[0] == FAILED
