"""Contract of the states of the pose coach's sinks: in a file and in PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest

from adapters.pose_coach.sink_states import SqlSinkStates, open_file_states, open_server_states
from application.kernel.ports import StorageUnavailable
from application.pose_coach.restored_log import LogMark
from application.pose_coach.sink_states import PROFILE, SinkEntry, Status
from domain.ids import TenantId, UserId
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.plugins.services import Service
from tools.local_services.databases import fresh_database

HERE, THERE = TenantId("here"), TenantId("there")
ADA, EVE = UserId("ada"), UserId("eve")
NOW = datetime(2025, 10, 17, 14, 30, 1, 123456, tzinfo=UTC)
SESSION = SinkEntry(HERE, ADA, "s1")
PLACES = ("a file", "PostgreSQL")
TABLES = "sink_entry, sink_position, sink_event, sink_restored"


@pytest.fixture(scope="module")
def database(postgres: Service) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        yield url


@pytest.fixture(params=PLACES)
def states(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlSinkStates]:
    if request.param == "a file":
        with closing(open_file_states(tmp_path)) as opened:
            yield opened
        return
    url: str = request.getfixturevalue("database")
    with psycopg.connect(url, options="-c search_path=pose_coach") as connection:
        connection.execute(f"TRUNCATE {TABLES}".encode())
    with closing(open_server_states(url)) as opened:
        yield opened


def due(states: SqlSinkStates, now: datetime = NOW) -> list[str]:
    return [entry.session_id for entry in states.due("document", now, 10)]


def status(states: SqlSinkStates, session_id: str = "s1") -> Status:
    return states.of_sessions(HERE, [session_id])[session_id]["document"].status


def test_entries_and_the_mark_are_stored_together(states: SqlSinkStates) -> None:
    """R-PCH-01, R-PCH-15, R-PCH-18: of each sink by itself."""
    assert states.followed("document") == LogMark(0)
    profile = replace(SESSION, session_id=PROFILE)
    states.mark("document", [SESSION, profile], LogMark(7, "e7"), NOW)
    assert states.followed("document") == LogMark(7, "e7")
    assert states.followed("analytics") == LogMark(0)
    assert due(states) == [PROFILE, "s1"], "profiles come first"
    assert states.of_sessions(HERE, ["s1", "s2"]) == {
        "s1": {"document": replace(SESSION, due_at=NOW)}
    }
    states.mark("document", [], LogMark(0), NOW)
    assert states.followed("document") == LogMark(0)


def test_a_time_keeps_its_instant(states: SqlSinkStates) -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    states.mark("document", [SESSION], None, elsewhere)
    assert states.due("document", NOW, 10) == [replace(SESSION, due_at=NOW)]
    assert due(states, NOW - timedelta(microseconds=1)) == []
    assert states.followed("document") == LogMark(0)


def test_a_mark_makes_an_entry_pending_again_and_keeps_where_it_is_stored(
    states: SqlSinkStates,
) -> None:
    """R-PCH-21: what is stored under an earlier key can still be deleted there."""
    states.mark("document", [SESSION], None, NOW)
    stored = replace(SESSION, status="failed", stored_for="old", attempts=8, error="ValueError")
    states.store("document", [(replace(SESSION, due_at=NOW), stored)])
    assert (status(states), due(states)) == ("failed", [])
    states.mark("document", [SESSION], None, NOW)
    assert states.due("document", NOW, 10) == [replace(SESSION, stored_for="old", due_at=NOW)]
    states.mark("document", [replace(SESSION, stored_for="new")], None, NOW)
    assert states.due("document", NOW, 10)[0].stored_for == "new"
    profile = replace(SESSION, session_id=PROFILE)
    for key in ("first", "second"):
        states.mark("document", [replace(profile, stored_for=key)], None, NOW)
    assert states.due("document", NOW, 10)[0].stored_for == "first"


def test_failed_and_waiting_entries_are_replayed_or_released(states: SqlSinkStates) -> None:
    """R-PCH-19, R-PCH-21."""
    entries = [replace(SESSION, session_id=name) for name in ("f", "w", "r", "s")]
    entries.append(replace(SESSION, session_id="e", user_id=EVE))
    states.mark("document", entries, None, NOW)
    later = NOW + timedelta(hours=1)
    kinds: list[Status] = ["failed", "waiting", "retrying", "saved", "waiting"]
    done = [
        replace(entry, status=kind, due_at=later if kind == "retrying" else None)
        for entry, kind in zip(entries, kinds, strict=True)
    ]
    states.store(
        "document",
        [
            (replace(entry, due_at=NOW), entry_done)
            for entry, entry_done in zip(entries, done, strict=True)
        ],
    )
    assert due(states) == []
    assert states.count() == {
        ("document", "failed"): 1, ("document", "waiting"): 2, ("document", "retrying"): 1,
    }  # fmt: skip
    there = replace(SESSION, tenant_id=TenantId("there"))
    states.mark("analytics", [there], None, NOW)
    assert states.count(TenantId("there")) == {("analytics", "pending"): 1}
    assert ("analytics", "pending") not in states.count(HERE)
    states.store("analytics", [(replace(there, due_at=NOW), replace(there, status="saved"))])
    states.release("document", HERE, ADA, NOW)
    assert due(states) == ["w"]
    assert states.replay("document", NOW) == 3
    assert due(states) == ["e", "f", "r", "w"]
    assert states.replay("analytics", NOW) == 0
    states.mark_user("document", HERE, ADA, NOW)
    assert due(states) == ["e", "f", "r", "s", "w"]
    assert states.count() == {("document", "pending"): 5}


def test_the_entries_of_a_user_are_removed(states: SqlSinkStates) -> None:
    """R-TEN-12: in their tenant, and nobody else's."""
    others = [replace(SESSION, user_id=EVE, session_id="s2"), replace(SESSION, tenant_id=THERE)]
    for sink in ("document", "analytics"):
        states.mark(sink, [SESSION, *others], None, NOW)
    assert sorted(name for name, _ in states.of_user(HERE, ADA)) == ["analytics", "document"]
    assert states.remove_user(HERE, ADA) == 2
    assert states.of_user(HERE, ADA) == []
    assert len(states.of_user(HERE, EVE)) == 2
    assert len(states.of_user(THERE, ADA)) == 2
    assert not states.store("document", [(replace(SESSION, due_at=NOW), SESSION)])
    assert states.of_user(HERE, ADA) == [], "what was removed does not come back"


def test_an_entry_that_was_marked_since_it_was_read_stays_so(states: SqlSinkStates) -> None:
    """R-PCH-23: the others of the call are stored."""
    other = replace(SESSION, session_id="s2")
    states.mark("document", [SESSION, other], None, NOW)
    read = states.due("document", NOW, 10)
    states.mark("document", [SESSION], None, NOW + timedelta(microseconds=1))
    done = [(each, replace(each, status="saved", due_at=None)) for each in read]
    assert not states.store("document", done)
    assert (status(states, "s1"), status(states, "s2")) == ("pending", "saved")
    (read_again,) = states.due("document", NOW + timedelta(seconds=1), 10)
    saved = replace(read_again, status="saved", due_at=None)
    assert states.store("document", [(read_again, saved)])
    assert states.store("document", [(saved, replace(saved, attempts=1))]), "without a time"
    assert status(states) == "saved"


def test_a_lost_log_is_noted_until_it_is_accepted(states: SqlSinkStates) -> None:
    assert states.restored() is None
    states.note_restored("document", 5)
    states.note_restored("analytics", 9)
    states.note_restored("document", 6)
    assert states.restored() == 9
    states.note_restored("analytics", None)
    assert states.restored() == 6
    states.note_restored("document", None)
    assert states.restored() is None


def test_several_may_mark_the_same_entry_at_once(states: SqlSinkStates) -> None:
    """R-PCH-23: a repair marks sessions beside the sink that notes them."""
    with ThreadPoolExecutor(4) as threads:
        for marked in [
            threads.submit(states.mark, "document", [SESSION], LogMark(n), NOW)
            for n in range(1, 41)
        ]:
            marked.result()
    assert due(states) == ["s1"]
    assert 1 <= states.followed("document").position <= 40


def test_a_database_without_the_tables_is_unavailable(postgres: Service) -> None:
    with (
        fresh_database(postgres.address) as url,
        closing(open_server_states(url)) as opened,
        pytest.raises(StorageUnavailable, match="pose coach's sinks"),
    ):
        opened.followed("document")
