"""One relay at a time holds the position in PostgreSQL; another takes over when it is gone."""

from collections.abc import Iterator
from threading import Timer

import psycopg
import pytest

from adapters.event_log import postgres_checkpoints
from adapters.event_log.postgres_checkpoints import NotReached, PostgresCheckpointStore
from application.kernel.outages import LeadershipLost
from application.kernel.ports import StorageUnavailable
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.plugins.services import Service
from tests.waiting import wait_until

END_RELAYS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = %s)
"""


@pytest.fixture
def database(postgres: Service) -> Iterator[str]:
    with upgraded_database(postgres.address) as url:
        yield url


@pytest.fixture
def first(database: str) -> Iterator[PostgresCheckpointStore]:
    position = PostgresCheckpointStore(database)
    yield position
    position.release()


@pytest.fixture
def second(database: str) -> Iterator[PostgresCheckpointStore]:
    position = PostgresCheckpointStore(database)
    yield position
    position.release()


def end_sessions(database: str) -> None:
    """End the database sessions of the position's holder, as a crash of its process does."""
    with psycopg.connect(database, autocommit=True) as connection:
        name = connection.info.dbname
        assert connection.execute(END_RELAYS, [name]).fetchall()


def acquired(store: PostgresCheckpointStore) -> int | None:
    """Acquire the position once the server has noticed the end of the session that had it."""
    return wait_until(store.acquire)


def test_a_new_relay_starts_at_the_first_event(first: PostgresCheckpointStore) -> None:
    assert first.position() == 0
    assert first.acquire() == 0


def test_the_position_is_kept(first: PostgresCheckpointStore) -> None:
    first.acquire()
    first.move(7)
    first.release()
    assert acquired(first) == 7
    assert first.position() == 7


def test_one_relay_at_a_time_holds_the_position(
    first: PostgresCheckpointStore, second: PostgresCheckpointStore
) -> None:
    first.acquire()
    first.move(3)
    assert second.acquire() is None
    first.release()
    assert acquired(second) == 3


def test_another_takes_over_when_a_session_ends(
    database: str, first: PostgresCheckpointStore, second: PostgresCheckpointStore
) -> None:
    """R-OPS-09: if the first is still alive, it can no longer move the position."""
    first.acquire()
    first.move(3)
    end_sessions(database)
    assert second.acquire() == 3
    second.move(9)
    with pytest.raises(LeadershipLost):
        first.move(5)
    assert second.position() == 9


def test_a_position_is_moved_only_by_its_holder(first: PostgresCheckpointStore) -> None:
    with pytest.raises(LeadershipLost):
        first.move(1)


def test_relays_of_two_buses_do_not_block_each_other(database: str) -> None:
    one, other = (PostgresCheckpointStore(database, bus=name) for name in ("kafka", "trial"))
    assert one.acquire() == 0
    one.move(5)
    assert other.acquire() == 0
    one.release()
    other.release()


def test_a_position_is_rewound_only_while_no_relay_runs(
    first: PostgresCheckpointStore, second: PostgresCheckpointStore
) -> None:
    """C-44: after a loss of Kafka, its topics can be refilled."""
    first.acquire()
    first.move(9)
    with pytest.raises(LeadershipLost):
        second.rewind(0)
    first.release()
    second.rewind(4)
    assert acquired(first) == 4


def test_a_rewind_does_not_skip_events(first: PostgresCheckpointStore) -> None:
    """C-44"""
    first.acquire()
    first.move(9)
    first.release()
    with pytest.raises(NotReached):
        first.rewind(10)
    assert acquired(first) == 9


def test_a_rewind_waits_until_the_server_notices_that_the_relay_stopped(
    first: PostgresCheckpointStore, second: PostgresCheckpointStore
) -> None:
    """C-44: a script that stops the relay and rewinds at once succeeds."""
    first.acquire()
    first.move(9)
    timer = Timer(0.3, first.release)
    timer.start()
    second.rewind(4)
    timer.join()
    assert second.position() == 4


def test_the_relay_may_do_nothing_else_in_the_database(first: PostgresCheckpointStore) -> None:
    first.acquire()
    assert first._session is not None
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        first._session.execute("SELECT * FROM kinelog.events")


def test_an_unavailable_server_is_reported() -> None:
    position = PostgresCheckpointStore("postgresql://127.0.0.1:1/nothing")
    with pytest.raises(StorageUnavailable, match=r"127\.0\.0\.1:1/nothing"):
        position.acquire()


def test_a_database_whose_roles_were_not_made_is_reported(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_checkpoints, "SETTINGS", "SET ROLE kinelog_nobody")
    with pytest.raises(StorageUnavailable, match="it is not prepared"):
        PostgresCheckpointStore(database).position()
