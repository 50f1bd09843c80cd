"""Compaction of SQLite files that others have open."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from adapters.privacy.targets.files import SqliteCompaction
from application.kernel.ports import StorageUnavailable

NAME = b"Amalie Emmy Noether"
ANYONE = cast("Any", None)


@pytest.fixture
def deleted(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Keep a database open in which a name was stored and deleted."""
    opened = sqlite3.connect(tmp_path / "pose_x.sqlite3", isolation_level=None)
    with closing(opened) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE person (name BLOB)")
        connection.execute("INSERT INTO person VALUES (?)", [NAME])
        connection.execute("DELETE FROM person")
        yield connection


def files_with_the_name(folder: Path) -> list[str]:
    return [path.name for path in sorted(folder.iterdir()) if NAME in path.read_bytes()]


def test_deleted_rows_leave_a_file_that_another_connection_has_open(
    tmp_path: Path, deleted: sqlite3.Connection
) -> None:
    """C-24"""
    assert files_with_the_name(tmp_path) == ["pose_x.sqlite3-wal"]
    SqliteCompaction(tmp_path, frozenset({"pose_*.sqlite3"})).remove(ANYONE)
    assert files_with_the_name(tmp_path) == []
    assert deleted.execute("SELECT * FROM person").fetchall() == []


def test_a_write_ahead_log_that_a_reader_holds_ends_the_compaction(
    tmp_path: Path, deleted: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-24: deleted rows would stay in it, so it is tried again later."""
    monkeypatch.setattr("adapters.privacy.targets.files.LOCK_TIMEOUT_S", 0.1)
    compaction = SqliteCompaction(tmp_path, frozenset({"pose_*.sqlite3"}))
    deleted.execute("BEGIN")
    deleted.execute("SELECT * FROM person").fetchall()
    with pytest.raises(StorageUnavailable, match=r"pose_x\.sqlite3 is in use"):
        compaction.remove(ANYONE)
    deleted.execute("COMMIT")
    compaction.remove(ANYONE)
    assert files_with_the_name(tmp_path) == []
