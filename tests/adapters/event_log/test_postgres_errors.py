"""A server may stop and return: no partial writes, and no restart of the program."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from threading import Event
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from adapters.clock import new_id, utc_now
from adapters.event_log.notify_tail import NotifyTail
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.postgres_errors import place_of, storage_failures
from adapters.migrations import upgrade
from application.kernel.ports import AppendResult, Change, StorageUnavailable
from domain.ids import DEFAULT_TENANT
from tests.adapters.event_log.writing import FACT, ORIGIN
from tools.local_services.databases import create_database
from tools.local_services.postgres import UNSYNCED, LocalPostgres

PATIENCE_S = 60.0
"""Timeout for tests in which the server returns, on a busy machine."""


def append(
    log: PostgresEventLog, stream: str, version: int, count: int = 1, command_id: UUID | None = None
) -> AppendResult:
    change = Change(stream, version, [FACT] * count)
    return log.append([change], origin=ORIGIN, command_id=command_id or uuid4())


def opened(url: str, *, connections: int = 4, patience_s: float = PATIENCE_S) -> PostgresEventLog:
    return PostgresEventLog(
        url, clock=utc_now, new_id=new_id, connections=connections, patience_s=patience_s
    )


def test_a_row_of_another_tenant_is_no_outage() -> None:
    """R-TEN-03: a retry is no use, and must not hide it."""
    policy = psycopg.errors.InsufficientPrivilege("new row violates row-level security policy")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), storage_failures("here"):
        raise policy
    right = psycopg.errors.InsufficientPrivilege("permission denied for schema kinelog")
    with pytest.raises(StorageUnavailable, match="lacks a right"), storage_failures("here"):
        raise right


def test_a_server_without_the_roles_of_the_log_is_not_prepared() -> None:
    """R-EVT-14: the first migration creates them."""
    timeout = PoolTimeout("no connection")
    timeout.__cause__ = psycopg.errors.InvalidParameterValue('role "kinelog_app" does not exist')
    with (
        pytest.raises(StorageUnavailable, match="its migrations must be run"),
        storage_failures("here"),
    ):
        raise timeout


def test_a_server_that_never_answers_is_not_busy() -> None:
    """R-EVT-14"""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        log = opened(f"postgresql://ada@127.0.0.1:{silent.getsockname()[1]}/gym", patience_s=0.3)
        with pytest.raises(StorageUnavailable, match="no connection can be made"):
            log.head()
        log.close()


# A server that stops: a separate one, which no other test uses


@pytest.fixture(scope="module")
def server() -> Iterator[LocalPostgres]:
    with LocalPostgres(settings=UNSYNCED) as running:
        yield running


@pytest.fixture
def own_url(server: LocalPostgres) -> str:
    server.start()  # a test that failed may have left it stopped
    url = create_database(server.url)
    upgrade(url)
    return url


def test_a_log_continues_after_a_restart(server: LocalPostgres, own_url: str) -> None:
    """R-EVT-14: all its connections break without a notice."""
    log = opened(own_url)
    with ThreadPoolExecutor(4) as pool:  # several connections
        list(pool.map(lambda n: append(log, f"user-{n}", 0), range(20)))
    server.stop()
    server.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: append(log, f"user-{n}", 1), range(20)))
    assert len(log.scan(after=0, limit=100)) == 40 == log.head()
    server.stop()
    server.start()
    assert len(log.load(DEFAULT_TENANT, "user-1")) == 2
    assert log.done(DEFAULT_TENANT, uuid4()) is None
    assert log.head() == 40
    log.close()


def test_an_unavailable_server_is_reported_and_its_return_is_noticed(
    server: LocalPostgres, own_url: str
) -> None:
    log = opened(own_url, patience_s=0.3)
    command_id = uuid4()
    assert append(log, "user-1", 0) == AppendResult(1)
    assert log.head() == 1
    server.stop()
    sentence = f"^The event log {place_of(own_url)} is not available: no connection can be made.$"
    for _ in range(2):
        with pytest.raises(StorageUnavailable, match=sentence):
            append(log, "user-1", 1, command_id=command_id)
        with pytest.raises(StorageUnavailable, match=sentence):
            log.load(DEFAULT_TENANT, "user-1")
        with pytest.raises(StorageUnavailable, match=sentence):
            log.head()
    server.start()
    answer = None
    while answer is None:
        with suppress(StorageUnavailable):  # the pool pauses between its attempts
            answer = append(log, "user-1", 1, command_id=command_id)
    assert answer == AppendResult(2)
    log.close()


def test_a_server_that_is_killed_keeps_what_it_acknowledged_and_nothing_by_halves(
    server: LocalPostgres, own_url: str
) -> None:
    """R-EVT-14"""
    log = opened(own_url)
    acknowledged: list[int] = []
    enough = Event()

    def write() -> None:
        for version in range(0, 300_000, 300):
            append(log, "user-1", version, 300)
            acknowledged.append(version + 300)
            if len(acknowledged) == 10:
                enough.set()
            if len(acknowledged) == 40:
                return

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        enough.wait()
        server.kill()
        server.start()
        writing.result()  # continued by itself
    history = log.load(DEFAULT_TENANT, "user-1")
    assert [fact.version for fact in history] == list(range(1, 40 * 300 + 1))
    log.close()


def test_a_log_tail_continues_after_a_restart(server: LocalPostgres, own_url: str) -> None:
    log, tail = opened(own_url), NotifyTail(own_url, patience_s=PATIENCE_S)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(tail.wait, 0, 10_000)
        wait_until_somebody_listens(own_url)
        server.stop()
        server.start()
        append(log, "user-1", 0)
        assert waiting.result() == 1
    tail.close()
    log.close()


def wait_until_somebody_listens(url: str) -> None:
    query = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
        " AND state = 'idle' AND starts_with(query, 'SELECT coalesce(max(position)')"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(query).fetchone() is None:
            pass


# A server that runs but does not execute statements


def set_for(log: PostgresEventLog, setting: str, value: str) -> None:
    log._app.rows(b"SELECT set_config(%b::text, %b::text, false)", (setting, value))


@pytest.fixture
def patient(url: str) -> Iterator[PostgresEventLog]:
    """A log with one connection of each kind, which it waits for."""
    log = opened(url, connections=1)
    yield log
    log.close()


def test_a_log_locked_by_others_is_reported(patient: PostgresEventLog, url: str) -> None:
    set_for(patient, "lock_timeout", "20ms")
    with psycopg.connect(url) as stranger:
        stranger.execute("SELECT pg_advisory_xact_lock(7595438421)")
        with pytest.raises(StorageUnavailable, match="others hold it for too long"):
            append(patient, "user-1", 0)
    assert append(patient, "user-1", 0) == AppendResult(1)


def test_a_read_only_log_is_reported_and_can_be_read(
    patient: PostgresEventLog,
) -> None:
    append(patient, "user-1", 0)
    set_for(patient, "default_transaction_read_only", "on")
    with pytest.raises(StorageUnavailable, match="cannot be written to"):
        append(patient, "user-1", 1)
    assert len(patient.load(DEFAULT_TENANT, "user-1")) == 1


def test_a_log_queried_by_too_many_threads_is_reported(patient: PostgresEventLog) -> None:
    append(patient, "user-1", 0)
    with ExitStack() as held:
        held.enter_context(patient._app.datastore.get_connection())
        patient._app.datastore.pool.timeout = 0.01
        with pytest.raises(StorageUnavailable, match="too many ask it at once"):
            append(patient, "user-1", 1)
    assert append(patient, "user-1", 1) == AppendResult(2)


def test_a_connection_that_an_administrator_ends_is_replaced(
    patient: PostgresEventLog, url: str
) -> None:
    append(patient, "user-1", 0)
    ((backend,),) = patient._app.rows(b"SELECT pg_backend_pid()", ())
    with psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute("SELECT pg_terminate_backend(%s, 10000)", [backend])
    assert append(patient, "user-1", 1) == AppendResult(2)


def test_an_unprepared_database_is_reported(postgres_database: str, url: str) -> None:
    log = opened(postgres_database)  # `url` has created the roles, which belong to the server
    with pytest.raises(StorageUnavailable, match="its migrations must be run"):
        append(log, "user-1", 0)
    with pytest.raises(StorageUnavailable, match="its migrations must be run"):
        log.scan(after=0, limit=1)
    log.close()


def test_a_login_without_rights_is_reported(own_url: str) -> None:
    """R-EVT-14: as after a restore into a server without the roles of the log."""
    log = opened(own_url)
    with psycopg.connect(own_url, autocommit=True) as administrator:
        roles = "kinelog_app, kinelog_reader, kinelog_relay"
        administrator.execute(f"REVOKE USAGE ON SCHEMA kinelog FROM {roles}")
    for attempt in (lambda: append(log, "user-1", 0), lambda: log.scan(after=0, limit=1), log.head):
        with pytest.raises(StorageUnavailable, match="the login lacks a right"):
            attempt()
    log.close()


def test_a_programming_error_is_not_reported_as_a_server_failure(patient: PostgresEventLog) -> None:
    with pytest.raises(Exception, match="LIMIT must not be negative") as mistake:
        patient.scan(after=0, limit=-1)
    assert not isinstance(mistake.value, StorageUnavailable)


@pytest.mark.parametrize(
    ("conninfo", "place"),
    [
        ("postgresql://ada:secret@db.example:6543/gym", "db.example:6543/gym"),
        ("host=/run/postgresql dbname=gym password=secret", "/run/postgresql:5432/gym"),
        ("dbname=gym", "local:5432/gym"),
    ],
)
def test_a_url_is_shown_without_user_and_password(conninfo: str, place: str) -> None:
    assert place_of(conninfo) == place
