"""The analytics store on a MariaDB server that fails: nothing is half stored."""

import secrets
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from adapters.pose_coach.analytics import MysqlAnalytics
from adapters.pose_coach.mysql_databases import database_name
from application.kernel.ports import StorageUnavailable
from application.pose_coach.hash_tree import MemoryTree, differing_sessions
from application.pose_coach.stores import SessionRecord
from domain.ids import TenantId
from tests.contracts.pose_coach_rigs import HERE, UID, connect
from tests.plugins.services import Service
from tools.local_services.mariadb import LocalMariaDb

AT = datetime(2025, 10, 17, 14, 30, 1, tzinfo=UTC)
SESSION = SessionRecord("s1", UID, "squat", 12, 0.87, "2025-10-17T14:30:00.000Z", 120, ("Knees.",))
CHANGED = replace(SESSION, reps=13)
WITHIN_S = 60.0


@pytest.fixture
def name() -> str:
    return f"pose_{secrets.token_hex(4)}"


@pytest.fixture
def store(mariadb: Service, name: str) -> Iterator[MysqlAnalytics]:
    with closing(open_store(mariadb.address, name)) as opened:
        opened.save_profile(HERE, UID)
        opened.save(HERE, SESSION, AT)
        yield opened


@pytest.fixture
def by_hand(mariadb: Service, name: str, store: MysqlAnalytics) -> Iterator[sa.Connection]:
    """A connection beside those of the store, with a transaction of its own."""
    with connect(mariadb.address, f"{name}_{HERE}").connect() as connection:
        yield connection
        connection.rollback()
        store.close()
        connection.exec_driver_sql(f"DROP DATABASE {name}_{HERE}")


def open_store(server: str, name: str) -> MysqlAnalytics:
    return MysqlAnalytics(
        sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    )


def lock_the_tree(by_hand: sa.Connection) -> None:
    by_hand.exec_driver_sql("SELECT hash FROM hash_node WHERE prefix = '' FOR UPDATE")


def wait_for_a_blocked_writer(by_hand: sa.Connection) -> int:
    """Wait until a transaction waits for another one; return its connection."""
    waiting = "SELECT trx_mysql_thread_id FROM information_schema.innodb_trx WHERE trx_state = :s"
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        found = by_hand.execute(sa.text(waiting), {"s": "LOCK WAIT"}).scalar()
        if found is not None:
            return int(found)
        time.sleep(0.2)  # InnoDB renews this table only if it was not read for 0.1 s
    raise TimeoutError


def agrees(store: MysqlAnalytics, *records: SessionRecord) -> bool:
    """Check that the store and its tree have these sessions, also if computed again."""
    expected = MemoryTree({each.session_id: each.digest() for each in records})
    before = list(differing_sessions(store.tree(HERE), expected))
    store.rebuild_tree(HERE)
    after = list(differing_sessions(store.tree(HERE), expected))
    return not before and not after and list(store.list(HERE, UID)) == list(records)


def test_a_connection_that_is_lost_in_mid_transaction_stores_nothing(
    store: MysqlAnalytics, by_hand: sa.Connection
) -> None:
    """R-PCH-17, R-PCH-21: it is an outage, and the next attempt stores all of it."""
    lock_the_tree(by_hand)
    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(store.save, HERE, CHANGED, AT)
        victim = wait_for_a_blocked_writer(by_hand)
        by_hand.exec_driver_sql(f"KILL CONNECTION {victim}")
        with pytest.raises(StorageUnavailable):
            saving.result(WITHIN_S)
    by_hand.rollback()
    assert agrees(store, SESSION)
    store.save(HERE, CHANGED, AT)
    assert agrees(store, CHANGED)


def test_a_deadlock_is_an_outage(store: MysqlAnalytics, by_hand: sa.Connection) -> None:
    """R-PCH-21: whichever of the two MariaDB ends, the session is stored as a whole or not."""
    lock_the_tree(by_hand)
    with ThreadPoolExecutor(1) as pool:
        saving: Future[None] = pool.submit(store.save, HERE, CHANGED, AT)
        wait_for_a_blocked_writer(by_hand)
        with suppress(OperationalError):
            by_hand.exec_driver_sql("UPDATE workout_sessions SET reps = 1")
        by_hand.rollback()
        error = saving.exception(WITHIN_S)
    assert error is None or isinstance(error, StorageUnavailable)
    assert agrees(store, SESSION if error else CHANGED)
    store.save(HERE, CHANGED, AT)
    assert agrees(store, CHANGED)


def test_two_writers_follow_each_other(
    mariadb: Service, name: str, store: MysqlAnalytics, by_hand: sa.Connection
) -> None:
    """R-PCH-18, R-PCH-21: a repair beside a sink. No change of the tree is lost."""
    del by_hand
    sessions = [replace(SESSION, session_id=f"s{n:02}", reps=n) for n in range(20)]
    store.delete(HERE, UID, "s1")
    with closing(open_store(mariadb.address, name)) as other, ThreadPoolExecutor(2) as pool:
        both = (store, other)
        saving = [pool.submit(both[n % 2].save, HERE, each, AT) for n, each in enumerate(sessions)]
        for each in saving:
            each.result(WITHIN_S)
    assert agrees(store, *reversed(sessions))


def test_feedback_that_is_too_long_is_no_outage(
    store: MysqlAnalytics, by_hand: sa.Connection
) -> None:
    """R-PCH-09: a TEXT column has 65,535 bytes. Only this session fails, as a whole."""
    del by_hand
    with pytest.raises(sa.exc.DataError) as refused:
        store.save(HERE, replace(CHANGED, feedback_points=("x" * 1_000_000,)), AT)
    assert "xxx" not in str(refused.value), "no personal data in the log"
    assert agrees(store, SESSION)


@pytest.mark.slow
def test_a_server_that_comes_back_is_used_again() -> None:
    """R-PCH-17, R-OPS-09."""
    with LocalMariaDb() as server, closing(open_store(server.url, "pose")) as store:
        store.save_profile(HERE, UID)
        store.save(HERE, SESSION, AT)
        server.kill()
        for _ in range(2):
            with pytest.raises(StorageUnavailable):
                store.save(HERE, CHANGED, AT)
        server.start()
        store.save(HERE, CHANGED, AT)
        assert agrees(store, CHANGED)


def test_each_tenant_has_a_database_whose_name_fits() -> None:
    """C-10: MySQL's names have 64 characters."""
    longest = [TenantId("t" * 63 + last) for last in "ab"]
    names = {database_name("pose_coach", tenant) for tenant in longest}
    assert len(names) == 2
    assert {len(each) for each in names} == {64}
    assert database_name("pose_coach", HERE) == "pose_coach_here"
