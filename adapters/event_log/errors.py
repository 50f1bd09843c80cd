"""SQLite and file errors as `StorageUnavailable`, such as a full or read-only disk."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from eventsourcing.persistence import ConnectionUnavailableError, PersistenceError

from application.kernel.ports import StorageUnavailable

NOT_UTF_8 = "Could not decode to UTF-8"
"""How Python's message about damaged text begins; the error has no code."""

PRIMARY_CODE = 0xFF
"""The low byte of an extended result code is its kind: https://www.sqlite.org/rescode.html"""

OBSTACLES = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it cannot be written to",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened, or its folder is none",
    sqlite3.SQLITE_PERM: "access to it is denied",
    sqlite3.SQLITE_IOERR: "the disk does not obey",
    sqlite3.SQLITE_BUSY: "others hold it for too long",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_NOTADB: "the file is not an event log",
}


@contextmanager
def storage_failures(path: Path) -> Generator[None]:
    """Translate disk errors to StorageUnavailable; programming errors pass through unchanged."""
    try:
        yield
    except (sqlite3.Error, PersistenceError) as error:  # some of the latter are OSErrors too
        obstacle = _obstacle(error)
        if obstacle is None:
            raise
        raise _unavailable(path, obstacle) from error
    except OSError as error:
        raise _unavailable(path, f"its folder cannot be made ({error.strerror})") from error


def _obstacle(error: BaseException) -> str | None:
    if isinstance(error, ConnectionUnavailableError):
        return OBSTACLES[sqlite3.SQLITE_BUSY]
    reported = error if isinstance(error, sqlite3.Error) else error.__cause__
    if str(reported).startswith(NOT_UTF_8):
        return OBSTACLES[sqlite3.SQLITE_CORRUPT]
    code = getattr(reported, "sqlite_errorcode", None)  # absent if SQLite did not raise the error
    return None if code is None else OBSTACLES.get(code & PRIMARY_CODE)


def _unavailable(path: Path, obstacle: str) -> StorageUnavailable:
    return StorageUnavailable(f"The event log {path} is not available: {obstacle}.")
