"""The SQLite log beyond the contract: the disk, the library, other processes."""

import json
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from adapters.clock import new_id, utc_now
from adapters.event_log.sqlite import SqliteEventLog
from adapters.event_log.sqlite_encoded_reader import SqliteEncodedLog
from adapters.event_log.sqlite_hash_chain import SqliteHashChain
from adapters.sql.engines import open_engine
from application.audit.verification import verify_chain
from application.kernel.ports import AppendResult, Change, StorageUnavailable
from domain.ids import DEFAULT_TENANT, TenantId
from tests.adapters.event_log.writing import FACT, ORIGIN, append, four_write_one_stream

ROOT = Path(__file__).parents[3]


def opened(path: Path) -> SqliteEventLog:
    return SqliteEventLog(path, clock=utc_now, new_id=new_id)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "log #1?%.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[SqliteEventLog]:
    log = opened(path)
    yield log
    log.close()


def run_python(source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source), *arguments],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip


# Durability


def test_the_log_outlives_the_process(path: Path) -> None:
    """R-EVT-14"""
    command_id = uuid4()
    log = opened(path)
    log.append([Change("user-1", 0, [FACT])], origin=ORIGIN, command_id=command_id)
    before = log.scan(after=0, limit=9)
    log.close()
    log = opened(path)
    assert log.scan(after=0, limit=9) == before
    assert log.done(DEFAULT_TENANT, command_id) == AppendResult(1, repeated=True)
    assert append(log, "user-1", 1) == AppendResult(2)
    log.close()


def test_acknowledged_appends_survive_a_kill_completely(path: Path) -> None:
    """R-EVT-14: a killed process loses no event and leaves no partial command."""
    source = """
        import sys
        from pathlib import Path
        from uuid import uuid4
        from adapters.clock import new_id, utc_now
        from adapters.event_log.sqlite import SqliteEventLog
        from application.kernel.ports import Change
        from domain.kernel import Origin
        from domain.users.events import ProfileChanged

        log = SqliteEventLog(Path(sys.argv[1]), clock=utc_now, new_id=new_id)
        origin = Origin(tenant_id="default", actor="user/ada", correlation_id=uuid4())
        facts = [ProfileChanged(time_zone="UTC", locale="en")] * 3
        version = 0
        while True:
            log.append([Change("user-1", version, facts)], origin=origin, command_id=uuid4())
            version += 3
            print(version, flush=True)
    """
    arguments = [sys.executable, "-c", textwrap.dedent(source), str(path)]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline()) for _ in range(50)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in writer.stdout]
    log = opened(path)
    stored = len(log.load(DEFAULT_TENANT, "user-1"))
    assert stored >= acknowledged[-1]
    assert stored % 3 == 0
    log.close()


def test_commits_are_on_the_disk_when_they_return(log: SqliteEventLog) -> None:
    """R-EVT-14"""
    reading = log._recorder.datastore.get_connection(commit=False)
    with reading as connection, connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 2  # synchronous = FULL


# Other processes


def test_a_log_opened_several_times_keeps_one_order(path: Path) -> None:
    """C-44: positions keep the order of commits across writers."""
    four_write_one_stream(lambda: opened(path))


# Events are immutable


@pytest.mark.parametrize(
    "statement", ["UPDATE events SET state = '{}'", "DELETE FROM events WHERE position = 1"]
)
def test_facts_are_neither_changed_nor_deleted(
    log: SqliteEventLog, path: Path, statement: str
) -> None:
    """R-EVT-14: enforced by the file, for any program that opens it."""
    append(log, "user-1", 0)
    stranger = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="neither changed nor deleted"):
        stranger.execute(statement)
    stranger.close()
    assert [recorded.event for recorded in log.scan(after=0, limit=9)] == [FACT]


def test_the_events_of_a_tenant_are_read_alone(log: SqliteEventLog, path: Path) -> None:
    """So that the daily job reads the log once, and not once for each tenant."""
    for tenant in ("red", "blue", "red"):
        origin = replace(ORIGIN, tenant_id=TenantId(tenant))
        change = Change(f"user-{uuid4()}", 0, [FACT] * 2)
        log.append([change], origin=origin, command_id=uuid4())
    with closing(SqliteEncodedLog(path)) as reader:
        whole = reader.scan(after=0, limit=9)
        red = reader.scan(after=1, limit=2, tenant_id=TenantId("red"))
    assert red == [whole[1], whole[4]]


def test_a_version_is_given_once(log: SqliteEventLog, path: Path) -> None:
    append(log, "user-1", 0)
    stranger = sqlite3.connect(path)
    columns = "originator_id, originator_version, topic, schema_version, state, event_id, "
    columns += "tenant_id, actor, correlation_id, causation_id, recorded_at, previous_hash, hash"
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        stranger.execute(f"INSERT INTO events ({columns}) SELECT {columns} FROM events")  # noqa: S608
    stranger.close()


# Files from before the hash chain


def test_a_file_without_a_chain_is_given_one_when_it_is_opened(path: Path) -> None:
    """R-EVT-15: existing events stay as they are, and new ones are chained to them."""
    log = opened(path)
    append(log, "user-1", 0, 1200)
    append(log, "user-2", 0)
    before = log.scan(after=0, limit=2000)
    log.close()
    stranger = sqlite3.connect(path, isolation_level=None)
    for column in ("hash", "previous_hash"):
        stranger.execute(f"ALTER TABLE events DROP COLUMN {column}")
    stranger.close()
    log = opened(path)
    assert log.scan(after=0, limit=2000) == before
    assert append(log, "user-2", 1) == AppendResult(1202)
    with closing(SqliteHashChain(path)) as chained:
        verdict = verify_chain(chained, DEFAULT_TENANT)
    assert (verdict.holds, verdict.events) == (True, 1202)
    stranger = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="neither changed nor deleted"):
        stranger.execute("DELETE FROM events")
    stranger.close()
    log.close()


# The disk


def test_an_invalid_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageUnavailable, match="its folder cannot be made"):
        opened(tmp_path / "file" / "log.sqlite")


def test_a_folder_in_place_of_the_log_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="cannot be opened"):
        opened(tmp_path)


def test_a_file_that_is_not_a_log_is_reported(tmp_path: Path) -> None:
    (tmp_path / "log.sqlite").write_bytes(b"a photograph of a squat" * 100)
    with pytest.raises(StorageUnavailable, match="not an event log"):
        opened(tmp_path / "log.sqlite")


def set_pragma(log: SqliteEventLog, pragma: str) -> None:
    """Set a pragma on the only connection of a log that one thread uses."""
    with log._recorder.datastore.get_connection(commit=True) as connection:
        connection.cursor().execute(f"PRAGMA {pragma}")


def test_a_read_only_log_is_reported_and_can_be_read(log: SqliteEventLog) -> None:
    append(log, "user-1", 0)
    set_pragma(log, "query_only=ON")
    with pytest.raises(StorageUnavailable, match="cannot be written to"):
        append(log, "user-1", 1)
    assert log.head() == 1


def test_a_log_locked_by_another_process_is_reported(log: SqliteEventLog, path: Path) -> None:
    set_pragma(log, "busy_timeout=1")
    stranger = sqlite3.connect(path, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match="others hold it"):
        append(log, "user-1", 0)
    stranger.execute("ROLLBACK")
    stranger.close()
    assert append(log, "user-1", 0) == AppendResult(1)


def test_a_log_used_by_too_many_threads_is_reported(log: SqliteEventLog) -> None:
    pool = log._recorder.datastore.pool
    pool.pool_timeout = 0.01
    with ExitStack() as held:
        for _ in range(pool.pool_size + pool.max_overflow):
            held.enter_context(log._recorder.datastore.get_connection(commit=False))
        with pytest.raises(StorageUnavailable, match="others hold it"):
            append(log, "user-1", 0)
    assert append(log, "user-1", 0) == AppendResult(1)


def test_a_log_is_written_to_again_after_an_outage(log: SqliteEventLog, path: Path) -> None:
    with log._recorder.datastore.get_connection(commit=False):  # the only connection so far
        away = path.rename(path.with_name("away"))
        path.mkdir()
        with pytest.raises(StorageUnavailable, match="cannot be opened"):
            append(log, "user-1", 0)
        path.rmdir()
        away.rename(path)
    assert append(log, "user-1", 0) == AppendResult(1)


def test_a_full_disk_raises_storage_unavailable_and_stores_nothing(log: SqliteEventLog) -> None:
    append(log, "user-1", 0)
    set_pragma(log, "max_page_count=20")
    with pytest.raises(StorageUnavailable, match="the disk is full"):
        append(log, "user-1", 1, 2000)
    assert len(log.load(DEFAULT_TENANT, "user-1")) == 1
    set_pragma(log, "max_page_count=100000")
    assert append(log, "user-1", 1, 2000) == AppendResult(2001)


def test_a_file_that_may_not_grow_is_reported(path: Path) -> None:
    """A limit of the operating system, such as a quota."""
    source = """
        import resource, sys
        from pathlib import Path
        from uuid import uuid4
        from adapters.clock import new_id, utc_now
        from adapters.event_log.sqlite import SqliteEventLog
        from application.kernel.ports import Change, StorageUnavailable
        from domain.kernel import Origin
        from domain.users.events import ProfileChanged

        log = SqliteEventLog(Path(sys.argv[1]), clock=utc_now, new_id=new_id)
        origin = Origin(tenant_id="default", actor="user/ada", correlation_id=uuid4())
        fact = ProfileChanged(time_zone="UTC", locale="en")
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        try:
            log.append([Change("user-1", 0, [fact] * 5000)], origin=origin, command_id=uuid4())
        except StorageUnavailable as unavailable:
            print(unavailable.detail)
        print(log.head())
    """
    sentence, head = run_python(source, str(path)).stdout.splitlines()
    assert sentence.startswith(f"The event log {path} is not available: ")
    assert head == "0"


def test_a_programming_error_is_not_reported_as_a_disk_failure(log: SqliteEventLog) -> None:
    set_pragma(log, "writable_schema=ON")
    with log._recorder.datastore.transaction(commit=True) as cursor:
        cursor.execute("DROP TABLE command_log")
    with pytest.raises(Exception, match="no such table") as mistake:
        append(log, "user-1", 0)
    assert not isinstance(mistake.value, StorageUnavailable)


# The library


def test_the_readers_of_the_library_see_the_same_facts(log: SqliteEventLog) -> None:
    """C-44: the store is the library's recorder, and its readers work on it."""
    append(log, "user-1", 0, 2)
    append(log, "user-2", 0)
    history = log._recorder.select_events("default/user-1", gt=1)
    assert [(stored.originator_version, stored.topic) for stored in history] == [
        (2, "user.profile_changed")
    ]
    reported = log._recorder.select_notifications(start=2, limit=9)
    assert [(notice.id, notice.originator_id) for notice in reported] == [
        (2, "default/user-1"),
        (3, "default/user-2"),
    ]
    assert log._recorder.max_notification_id() == log.head() == 3


def test_the_library_cannot_write_past_the_envelope(log: SqliteEventLog) -> None:
    append(log, "user-1", 0)
    stored: Any = log._recorder.select_events("default/user-1")
    with pytest.raises(Exception, match="it is a view"):
        log._recorder.insert_events(stored)


def test_the_library_brings_neither_its_applications_nor_a_change_of_our_dataclasses() -> None:
    """Its `domain` module wraps the creation of dataclasses; those of Kinelog must not change."""
    source = """
        import dataclasses, json, sys

        def declared():
            from domain.kernel import event, value

            @value
            class Load:
                kilograms: float = 0.0

            @event("load.changed", version=2)
            class LoadChanged:
                load: Load
                side: str

            made = LoadChanged(load=Load(2.5), side="left")
            return [
                repr(made), repr(dataclasses.fields(Load)), LoadChanged.__slots__,
                LoadChanged.__match_args__, sorted(vars(LoadChanged)), LoadChanged.schema_version,
                made == LoadChanged(load=Load(2.5), side="left"),
                hash(Load(2.5)) == hash(Load(2.5)),
                dataclasses.asdict(made), repr(dataclasses.replace(made, side="right")),
            ]

        before = declared()
        import adapters.event_log.sqlite
        print(json.dumps([before, declared(), sorted(sys.modules)]))
    """
    before, after, modules = json.loads(run_python(source).stdout)
    assert before == after
    assert "eventsourcing.application" not in modules
    assert "eventsourcing.system" not in modules


def test_a_second_engine_leaves_the_locks_of_the_first_one(tmp_path: Path) -> None:
    """R-EVT-16: else another process takes its write-ahead log for unused, and deletes it."""
    path = tmp_path / "shared.sqlite3"
    first = open_engine(f"sqlite:///{path}", schema="any")
    with first.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE entry (id INTEGER)")
    second = open_engine(f"sqlite:///{path}", schema="any")
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM entry')"
    subprocess.run([sys.executable, "-c", f"{code}; c.close()", str(path)], check=True)
    assert path.with_name("shared.sqlite3-wal").exists()
    first.dispose()
    second.dispose()
