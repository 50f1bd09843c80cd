"""Followers of the log sleep until there is a new event."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from adapters.event_log import notify_tail
from adapters.event_log.notify_tail import NotifyTail
from adapters.event_log.postgres import PostgresEventLog
from application.kernel.ports import Change, LogTail, StorageUnavailable
from tests.adapters.event_log.writing import FACT, ORIGIN

FOR_EVER_S = 1e6
"""Longer than any test may run, in seconds."""


@pytest.fixture
def tail(url: str) -> Iterator[NotifyTail]:
    tail = NotifyTail(url, patience_s=60)
    yield tail
    tail.close()


def append(log: PostgresEventLog, version: int) -> None:
    change = Change("user-1", version, [FACT])
    log.append([change], origin=ORIGIN, command_id=uuid4())


def wait_until_listening(url: str, number: int) -> None:
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state = 'idle' AND starts_with(query, 'SELECT coalesce(max(position)')"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(query).fetchone() != (number,):
            pass


def test_existing_events_are_reported_at_once(
    postgres_log: PostgresEventLog, tail: LogTail
) -> None:
    append(postgres_log, 0)
    append(postgres_log, 1)
    assert tail.wait(0, FOR_EVER_S) == tail.wait(1, FOR_EVER_S) == 2


def test_waiting_for_an_idle_log_ends_at_the_timeout(
    postgres_log: PostgresEventLog, tail: LogTail
) -> None:
    assert tail.wait(0, 0) == tail.wait(0, 0.05) == 0
    append(postgres_log, 0)
    assert tail.wait(1, 0.05) == 1


def test_a_wait_ends_once_its_process_stops(
    postgres_log: PostgresEventLog, tail: NotifyTail, url: str
) -> None:
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(tail.wait, 0, FOR_EVER_S, stop)
        wait_until_listening(url, 1)
        stop.set()
        assert waiting.result() == 0


def test_an_append_wakes_all_waiting_readers(
    postgres_log: PostgresEventLog, tail: NotifyTail, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify_tail, "POLL_S", FOR_EVER_S)
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(tail.wait, 0, FOR_EVER_S) for _ in range(3)]
        wait_until_listening(url, 3)
        append(postgres_log, 0)
        assert [waiter.result() for waiter in waiting] == [1, 1, 1]


def test_a_lost_notification_is_compensated_by_polling(
    postgres_log: PostgresEventLog, tail: NotifyTail, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify_tail, "POLL_S", 0.02)
    monkeypatch.setattr(notify_tail, "LISTEN", sql.SQL("LISTEN elsewhere"))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(tail.wait, 0, FOR_EVER_S)
        wait_until_listening(url, 1)
        append(postgres_log, 0)
        assert waiting.result() == 1


def test_no_connection_listens_between_waits(
    postgres_log: PostgresEventLog, tail: NotifyTail
) -> None:
    """Notifications for an idle connection would fill the server's queue, until appends fail."""
    assert tail.wait(0, 0.05) == 0
    with tail._recorder.datastore.get_connection() as connection:
        assert connection.execute("SELECT pg_listening_channels()").fetchall() == []


def test_an_unreachable_server_is_reported() -> None:
    tail = NotifyTail("host=127.0.0.1 port=1 dbname=gym", patience_s=0.1)
    with pytest.raises(
        StorageUnavailable, match=r"^The event log 127.0.0.1:1/gym is not available"
    ):
        tail.wait(0, 1)
    tail.close()
