"""Connections of the SQLite log: what they keep between calls."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.sqlite import SqliteEventLog
from domain.ids import DEFAULT_TENANT
from tests.adapters.event_log.writing import append

READ_OR_WRITTEN = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_INSERT}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteEventLog]:
    log = SqliteEventLog(tmp_path / "log.sqlite", clock=utc_now, new_id=new_id)
    yield log
    log.close()


def use(log: SqliteEventLog, version: int) -> None:
    """Run each frequent statement of a log."""
    append(log, "user-1", version)
    log.load(DEFAULT_TENANT, "user-1")
    log.load_many(DEFAULT_TENANT, ["user-1"])
    log.scan(after=0, limit=1)
    log.done(DEFAULT_TENANT, uuid4())


def test_statements_are_prepared_once(log: SqliteEventLog) -> None:
    """The `eventsourcing` library's own connections prepare each statement again."""
    prepared: list[int] = []

    def note(action: int, *_: object) -> int:
        prepared.append(action)
        return sqlite3.SQLITE_OK

    reading = log._recorder.datastore.get_connection(commit=False)
    with reading as connection:  # the only one, as one thread uses the log
        connection._sqlite_conn.set_authorizer(note)
    use(log, 0)
    assert set(prepared) >= READ_OR_WRITTEN
    prepared.clear()
    use(log, 1)
    assert not READ_OR_WRITTEN & set(prepared)
