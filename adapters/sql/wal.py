"""Wait until a new SQLite file can be switched to its write-ahead log (WAL).

SQLite waits for locks, but not at this switch while another connection writes: it fails at once.
"""

import sqlite3
from collections.abc import Callable
from typing import Final, TypeVar

import stamina

Result = TypeVar("Result")

CALLER: Final = stamina.RetryingCaller(attempts=None, timeout=30.0, wait_initial=0.02, wait_max=0.2)


def wait_for_wal(switch: Callable[[], Result]) -> Result:
    """Return the result of a call that switches a file, repeated for as long as others write."""
    return CALLER(_is_busy, switch)


def _is_busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and (
        error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    )
