"""Stored events that cannot be read: damaged ones, and those of a newer release."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import psycopg
import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.codec import EventUnknown
from adapters.event_log.sqlite import SqliteEventLog
from adapters.event_log.sqlite_encoded_reader import SqliteEncodedLog
from application.kernel.ports import (
    DamagedEvent,
    EventLog,
    EventNotDecoded,
    EventUnreadable,
    StorageUnavailable,
)
from domain.ids import DEFAULT_TENANT
from tests.adapters.event_log.writing import FACT, append

INSERT: Final = """INSERT INTO {events} (
    originator_id, originator_version, topic, schema_version, state, event_id, tenant_id, actor,
    correlation_id, causation_id, recorded_at, previous_hash, hash
) SELECT
    originator_id, 2, {value}, 1, {value}, event_id, tenant_id, actor,
    correlation_id, causation_id, recorded_at, previous_hash, hash
FROM {events}"""

Store = Callable[[str, bytes], object]
"""Stores a second event of the stream, under a name and with a payload."""


@pytest.fixture(params=["sqlite", "postgresql"])
def log_and_store(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[EventLog, Store]]:
    """A log with an event, and what stores the second one, which bypasses the log."""
    if request.param == "postgresql":
        log: EventLog = request.getfixturevalue("postgres_log")
        append(log, "user-1", 0)
        with psycopg.connect(request.getfixturevalue("url"), autocommit=True) as owner:
            into = INSERT.format(events="kinelog.events", value="%s").encode()
            yield log, lambda name, payload: owner.execute(into, [name, payload])
        return
    path = tmp_path / "log.sqlite3"
    with (
        closing(SqliteEventLog(path, clock=utc_now, new_id=new_id)) as log,
        closing(sqlite3.connect(path, isolation_level=None)) as file,
    ):
        append(log, "user-1", 0)
        into_file = INSERT.format(events="events", value="?")
        yield log, lambda name, payload: file.execute(into_file, [name, payload])


@pytest.mark.parametrize(
    ("name", "payload", "refusal"),
    [("user.abducted", b"{}", EventUnknown), ("user.created", b"{", EventUnreadable)],
)
def test_an_unreadable_event_is_reported_and_not_skipped(
    log_and_store: tuple[EventLog, Store], name: str, payload: bytes, refusal: type[EventNotDecoded]
) -> None:
    log, store = log_and_store
    store(name, payload)
    place = f"{name}.*version 2 of default/user-1, at position .*kinelog audit verify"
    with pytest.raises(refusal, match=place):
        log.load(DEFAULT_TENANT, "user-1")
    with pytest.raises(refusal, match=place):
        log.scan(after=0, limit=9)


def test_a_damaged_event_is_kept_for_read_models(log_and_store: tuple[EventLog, Store]) -> None:
    """R-EVT-19: they quarantine its stream, and no other."""
    log, store = log_and_store
    store("user.created", b"{")
    for history in (
        log.load(DEFAULT_TENANT, "user-1", keep_damaged=True),
        log.scan(after=0, limit=9, keep_damaged=True),
    ):
        whole, damaged = history
        assert (whole.event, damaged.stream, damaged.version) == (FACT, "user-1", 2)
        assert isinstance(damaged.event, DamagedEvent)
        assert "version 2 of default/user-1" in damaged.event.reason


def test_read_models_wait_for_the_release_that_knows_an_event(
    log_and_store: tuple[EventLog, Store],
) -> None:
    """R-EVT-19: it is no damage."""
    log, store = log_and_store
    store("user.abducted", b"{}")
    with pytest.raises(EventUnknown):
        log.load(DEFAULT_TENANT, "user-1", keep_damaged=True)
    with pytest.raises(EventUnknown):
        log.scan(after=0, limit=9, keep_damaged=True)


@pytest.mark.parametrize(
    "damage",
    [
        "event_id = x'00'",
        "correlation_id = 7",
        "causation_id = 'x'",
        "recorded_at = 9223372036854775807",
        "recorded_at = 'x'",
    ],
)
def test_a_damaged_envelope_is_reported_and_not_skipped(tmp_path: Path, damage: str) -> None:
    """SQLite stores values of any type and length in any column."""
    path = tmp_path / "log.sqlite3"
    place = "default/user-1, at position 1: kinelog audit verify"
    with (
        closing(SqliteEventLog(path, clock=utc_now, new_id=new_id)) as log,
        closing(SqliteEncodedLog(path)) as encoded,
        closing(sqlite3.connect(path, isolation_level=None)) as file,
    ):
        append(log, "user-1", 0)
        append(log, "user-2", 0)
        file.execute("DROP TRIGGER events_refuse_update")
        file.execute(f"UPDATE events SET {damage} WHERE position = 1")  # noqa: S608  constants
        with pytest.raises(EventUnreadable, match=place):
            log.load(DEFAULT_TENANT, "user-1")
        with pytest.raises(EventUnreadable, match=place):
            log.scan(after=0, limit=9)
        with pytest.raises(EventUnreadable, match=place):
            encoded.scan(after=0, limit=9)
        assert len(log.load(DEFAULT_TENANT, "user-2")) == 1


@pytest.mark.parametrize("column", ["actor", "topic", "tenant_id"])
def test_text_that_is_not_utf_8_is_damage_of_the_file(tmp_path: Path, column: str) -> None:
    path = tmp_path / "log.sqlite3"
    with (
        closing(SqliteEventLog(path, clock=utc_now, new_id=new_id)) as log,
        closing(sqlite3.connect(path, isolation_level=None)) as file,
    ):
        append(log, "user-1", 0)
        file.execute("DROP TRIGGER events_refuse_update")
        file.execute(f"UPDATE events SET {column} = CAST(x'ff' AS TEXT)")  # noqa: S608  constants
        with pytest.raises(StorageUnavailable, match="the file is damaged"):
            log.scan(after=0, limit=9)
