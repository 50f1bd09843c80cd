"""Two processes that start on one new folder."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest
import sqlalchemy as sa

from adapters.clock import new_id, utc_now
from adapters.event_log.sqlite import SqliteEventLog
from adapters.sql.engines import open_engine


def open_log(path: Path) -> None:
    SqliteEventLog(path, clock=utc_now, new_id=new_id).close()


def open_tables(path: Path) -> None:
    """Open a file as those of read models and accounts are opened."""
    open_engine(sa.URL.create("sqlite", database=str(path)), schema="tables").connect().close()


@pytest.mark.parametrize("create", [open_log, open_tables], ids=["log", "tables"])
def test_a_new_file_that_another_process_writes_to_is_waited_for(
    tmp_path: Path, create: Callable[[Path], object]
) -> None:
    """R-EVT-19: two processes that start on one new folder; SQLite itself would fail at once."""
    path = tmp_path / "new.sqlite3"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE other (x)")
    committing = Timer(0.2, lambda: other.execute("COMMIT"))
    committing.start()
    create(path)
    committing.join()
    other.close()
    with closing(sqlite3.connect(path)) as again:
        assert again.execute("PRAGMA journal_mode").fetchone() == ("wal",)
