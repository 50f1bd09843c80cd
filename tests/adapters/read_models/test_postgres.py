"""Read models in PostgreSQL: shared by several processes, and readable while they change."""

import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

import psycopg
import pytest
from psycopg import errors
from psycopg.conninfo import make_conninfo

from adapters.read_models.change_listener import PostgresMovement
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.queries import SqlReadModels
from adapters.sql.leader_lock import PostgresLeaderLock
from application.kernel.ports import StorageUnavailable
from application.kernel.projection_runner import build_missing, catch_up, rebuild
from domain.ids import DEFAULT_TENANT, ExerciseId
from projections.registry import ALL
from projections.repetition import REPETITION
from projections.session_summary import SESSION_SUMMARY
from tests.plugins.services import Service
from tests.projections.histories import ListLog, repetition, set_started, started
from tests.projections.stores import contents, summary
from tools.local_services.databases import drop_database, name_of

Done = TypeVar("Done")


@pytest.fixture
def database(postgres_database: str) -> Iterator[Database]:
    database = Database(postgres_database)
    yield database
    database.close()


@pytest.fixture
def tables(database: Database) -> SqlProjectionStore:
    return SqlProjectionStore(database)


@pytest.fixture
def log() -> ListLog:
    log = ListLog()
    log.add("session-s1", started(), set_started(), repetition(1), repetition(2))
    return log


def at_once(count: int, work: Callable[[], Done]) -> list[Done]:
    """Call a function on several threads that start together."""
    together = threading.Barrier(count)

    def begin() -> Done:
        together.wait(timeout=60)
        return work()

    with ThreadPoolExecutor(count) as threads:
        return [each.result() for each in [threads.submit(begin) for _ in range(count)]]


def test_processes_that_start_together_make_the_tables_once(postgres_database: str) -> None:
    databases = at_once(6, lambda: Database(postgres_database))
    for database in databases:
        assert SqlProjectionStore(database).live(ALL) == ()
        database.close()


def test_rebuilds_that_begin_together_have_tables_of_their_own(
    tables: SqlProjectionStore, log: ListLog
) -> None:
    begun = at_once(6, lambda: tables.begin(SESSION_SUMMARY))
    assert sorted(table.generation for table in begun) == [1, 2, 3, 4, 5, 6]
    assert [table.live for table in sorted(begun, key=lambda table: table.generation)] == [
        True, False, False, False, False, False,
    ]  # fmt: skip
    catch_up(log, tables, [SESSION_SUMMARY])


def test_runners_at_work_together_count_once(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """R-EVT-16: a runner that loses the race continues after the winner's position."""
    build_missing(log, tables, ALL)
    for session in range(20):
        log.add(f"session-{session}", started(), set_started())
        log.add(f"session-{session}", *(repetition(number) for number in range(1, 30)))
    at_once(4, lambda: catch_up(log, tables, ALL, batch=20))
    live = contents(database, tables)
    rebuild(log, tables, *ALL)
    assert contents(database, tables) == live
    assert {position for position, *_ in live.values()} == {log.head()}


@pytest.fixture
def analyst(database: Database, postgres_database: str) -> Iterator[str]:
    """A database user that may use the schema and read the tables its owner creates."""
    name = f"analyst_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{name}'".encode())
        connection.execute(f"GRANT USAGE ON SCHEMA read TO {name}".encode())
        default = f"ALTER DEFAULT PRIVILEGES IN SCHEMA read GRANT SELECT ON TABLES TO {name}"
        connection.execute(default.encode())
    yield make_conninfo(postgres_database, user=name, password=name)
    database.close()
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {name}".encode())
        connection.execute(f"DROP ROLE {name}".encode())


def repetitions(connection: psycopg.Connection[Any]) -> Any:
    query = "SELECT tenant_id, key, repetitions, started_at FROM read.session_summary"
    return connection.execute(query).fetchall()


def test_analysts_can_read_after_a_rebuild_and_a_new_version(
    tables: SqlProjectionStore, log: ListLog, analyst: str
) -> None:
    """R-DAT-01, R-DAT-05: analysts can read the schema, have real timestamps, and cannot write."""
    build_missing(log, tables, ALL)
    with psycopg.connect(analyst, autocommit=True) as connection:
        before = repetitions(connection)
        assert before == [("default", "s1", 2, started().at)]
        rebuild(log, tables, SESSION_SUMMARY)
        assert repetitions(connection) == before
        build_missing(log, tables, [replace(SESSION_SUMMARY, version=SESSION_SUMMARY.version + 1)])
        assert repetitions(connection) == before
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("DELETE FROM read.session_summary")


def test_a_view_of_an_analyst_outlives_a_rebuild(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    build_missing(log, tables, [SESSION_SUMMARY])
    with database.write() as connection:
        connection.exec_driver_sql("CREATE VIEW mine AS SELECT repetitions FROM session_summary")
    log.add("session-s1", repetition(3))
    rebuild(log, tables, SESSION_SUMMARY)
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT * FROM mine").scalars().all() == [3]


def test_a_long_report_does_not_block_other_readers(
    database: Database, tables: SqlProjectionStore, log: ListLog, postgres_database: str
) -> None:
    """C-05: a swap repeatedly waits for the lock for a moment; readers pass in between."""
    build_missing(log, tables, [SESSION_SUMMARY])
    with ThreadPoolExecutor(1) as threads:
        with psycopg.connect(postgres_database) as report:
            assert repetitions(report)
            log.add("session-s1", repetition(3))
            rebuilding = threads.submit(rebuild, log, tables, SESSION_SUMMARY)
            waited = 0
            while waited < 3:
                waited += _waits_for_lock(postgres_database)
                assert summary(database).repetitions == 2
            assert not rebuilding.done()
        rebuilding.result()
    assert summary(database).repetitions == 3


def _waits_for_lock(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
    assert found is not None
    return int(found[0])


def test_a_text_that_postgresql_cannot_hold_stops_no_read_model(
    database: Database, tables: SqlProjectionStore, log: ListLog
) -> None:
    """NUL is replaced by U+FFFD; a backslash that looks like an escape stays as it is."""
    odd = 'a\x00b\\u0000\\\x00"'
    log.add("session-s2", started(athlete=odd, zone="UTC"), set_started(exercise=odd))
    build_missing(log, tables, ALL)
    log.add("session-s2", repetition(1))
    assert not any(table.quarantined for table in catch_up(log, tables, ALL))
    row = summary(database, "s2")
    assert row.athlete_id == odd.replace("\x00", "\ufffd")
    assert row.exercises == (ExerciseId(row.athlete_id),)
    read = SqlReadModels(database)
    assert read.by(SESSION_SUMMARY, DEFAULT_TENANT, "athlete_id", [odd])[odd] == [row]


def test_a_value_too_large_for_an_index_quarantines_only_its_stream(
    tables: SqlProjectionStore, log: ListLog
) -> None:
    log.add("session-s2", started(athlete=secrets.token_hex(9000)))
    first, second = build_missing(log, tables, [SESSION_SUMMARY, REPETITION])
    assert [stream.stream for stream in tables.list_quarantined(first)] == ["session-s2"]
    assert (first.position, second.position, second.quarantined) == (5, 5, frozenset())


def test_an_unavailable_server_is_reported_without_the_password() -> None:
    url = "postgresql://ada:hush@127.0.0.1:1/nothing"
    with pytest.raises(StorageUnavailable) as refusal:
        Database(url)
    assert "hush" not in f"{refusal.value.detail}{refusal.value!r}"
    with pytest.raises(StorageUnavailable) as refusal:
        PostgresLeaderLock(url).acquire()
    assert "hush" not in f"{refusal.value.detail}{refusal.value!r}"


def test_connections_that_the_server_ended_are_replaced(
    database: Database, tables: SqlProjectionStore, log: ListLog, postgres_database: str
) -> None:
    build_missing(log, tables, ALL)
    end_sessions(postgres_database)
    assert summary(database).repetitions == 2
    log.add("session-s1", repetition(3))
    end_sessions(postgres_database)
    catch_up(log, tables, ALL)
    assert summary(database).repetitions == 3


def test_the_data_version_is_returned_after_the_server_closes_the_connection(
    database: Database, tables: SqlProjectionStore, log: ListLog, postgres_database: str
) -> None:
    build_missing(log, tables, ALL)
    read = SqlReadModels(database)
    before = read.data_version()
    end_sessions(postgres_database)
    assert read.data_version() == before
    assert read.cached_data_version() is None


def end_sessions(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_lost_database_is_reported(
    database: Database, postgres: Service, postgres_database: str
) -> None:
    drop_database(postgres.address, name_of(postgres_database))
    with pytest.raises(StorageUnavailable):
        SqlProjectionStore(database).live(ALL)
    with pytest.raises(StorageUnavailable):
        SqlReadModels(database).data_version()


def test_an_update_of_a_read_model_ends_waiting(
    tables: SqlProjectionStore, log: ListLog, postgres_database: str
) -> None:
    build_missing(log, tables, ALL)
    movement = PostgresMovement(postgres_database)
    movement.wait(movement.seen(), 60)  # listens from here on
    seen = movement.seen()
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(movement.wait, seen, 300) for _ in range(2)]
        log.add("session-s1", repetition(3))
        catch_up(log, tables, ALL)
        for each in waiting:
            each.result()
    assert movement.seen() > seen
    end_sessions(postgres_database)
    movement.wait(movement.seen(), 60)  # listens again
    movement.close()


def test_closing_the_listener_ends_waiting() -> None:
    movement = PostgresMovement("postgresql://127.0.0.1:1/nothing")
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(movement.wait, movement.seen(), 300)
        movement.close()
        waiting.result()


def test_one_runner_works_at_a_time(postgres_database: str) -> None:
    first, second = (PostgresLeaderLock(postgres_database) for _ in range(2))
    assert (first.acquire(), second.acquire(), first.acquire()) == (True, False, True)
    first.release()
    assert (second.acquire(), first.acquire()) == (True, False)
    end_sessions(postgres_database)
    with pytest.raises(StorageUnavailable):
        second.acquire()
    assert (first.acquire(), second.acquire()) == (True, False)
    first.release()
    second.release()
