"""Contract of leader locks: one of several processes leads, and a dead one no longer does."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.sql.leader_lock import PostgresLeaderLock, SqliteLeaderLock
from application.kernel.ports import StorageUnavailable
from application.kernel.subscription import LeaderLock


@pytest.fixture(params=["sqlite", "postgresql"])
def new_lock(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], LeaderLock]:
    if request.param == "sqlite":
        return lambda: SqliteLeaderLock(tmp_path / "leader.sqlite3")
    url = request.getfixturevalue("postgres_database")
    return lambda: PostgresLeaderLock(url)


def test_one_of_two_instances_leads(new_lock: Callable[[], LeaderLock]) -> None:
    """R-EVT-19: and the other one as soon as the first has released the lock."""
    first, second = new_lock(), new_lock()
    assert (first.acquire(), second.acquire()) == (True, False)
    assert (first.acquire(), first.renew(), second.renew()) == (True, True, False)
    second.release()
    assert not second.acquire()
    first.release()
    assert (first.renew(), second.acquire()) == (False, True)
    second.release()


def test_the_lock_of_a_process_that_died_is_free(tmp_path: Path) -> None:
    """R-EVT-19: without waiting for a time-out."""
    file = tmp_path / "leader.sqlite3"
    code = (
        "import os, sys, pathlib; from adapters.sql.leader_lock import SqliteLeaderLock;"
        "lock = SqliteLeaderLock(pathlib.Path(sys.argv[1])); assert lock.acquire();"
        "print('leads', flush=True); sys.stdin.read(1); os._exit(9)"
    )
    command = [sys.executable, "-c", code, str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as leader:
        assert leader.stdout is not None
        assert leader.stdout.readline() == "leads\n"
        lock = SqliteLeaderLock(file)
        assert not lock.acquire()
        leader.communicate("x")
    assert lock.acquire()
    lock.release()


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match=r"leader\.sqlite3"):
        SqliteLeaderLock(tmp_path / "missing" / "leader.sqlite3").acquire()
