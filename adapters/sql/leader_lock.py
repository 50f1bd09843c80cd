"""Leader locks on PostgreSQL and SQLite.

On PostgreSQL the advisory lock belongs to a session, so the lock of a leader that died is free as
soon as the server notices: at once if the process died, within seconds if its machine did. On
SQLite the operating system frees the lock of a process that died.
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg

from adapters.event_log.postgres_errors import place_of
from adapters.sql.private_files import make_private_file
from application.kernel.ports import StorageUnavailable

LOCK: Final = 7_595_438_423
"""Lock of the projection runner."""

SETTINGS: Final = b"""
SET statement_timeout TO '30s';
SET tcp_keepalives_idle TO 5;
SET tcp_keepalives_interval TO 2;
SET tcp_keepalives_count TO 3
"""
"""TCP keepalive: a lost machine is detected after 5 + 3 x 2 seconds."""

TRY_LOCK: Final = b"SELECT pg_try_advisory_lock(%s)"
STILL_THERE: Final = b"SELECT true"


class PostgresLeaderLock:
    """Leader lock on a PostgreSQL advisory lock. A connection pooler must use session mode."""

    def __init__(self, conninfo: str, *, lock: int = LOCK) -> None:
        self._conninfo = conninfo
        self._lock = lock
        self._session: psycopg.Connection[Any] | None = None

    def acquire(self) -> bool:
        with self._failures():
            return self.renew() or self._try()

    def renew(self) -> bool:
        if self._session is None:
            return False
        with self._failures():
            self._session.execute(STILL_THERE)
        return True

    def release(self) -> None:
        if self._session is not None:
            self._session.close()  # the server releases the lock
            self._session = None

    def _try(self) -> bool:
        session: psycopg.Connection[Any] = psycopg.connect(
            self._conninfo, autocommit=True, connect_timeout=5, application_name="kinelog runner"
        )
        self._session = session
        session.execute(SETTINGS)
        answer = session.execute(TRY_LOCK, [self._lock]).fetchone()
        acquired = answer is not None and bool(answer[0])
        if not acquired:
            self.release()
        return acquired

    @contextmanager
    def _failures(self) -> Generator[None]:
        try:
            yield
        except psycopg.OperationalError as error:
            self.release()
            reason = str(error).partition("\n")[0].rstrip(".")
            raise StorageUnavailable(
                f"PostgreSQL at {place_of(self._conninfo)} is not available: {reason}."
            ) from error


class SqliteLeaderLock:
    """Leader lock of the processes that share a data folder, on a SQLite file of its own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._transaction: sqlite3.Connection | None = None

    def acquire(self) -> bool:
        if self._transaction is not None:
            return True
        try:
            make_private_file(self._file)
            connection = sqlite3.connect(
                self._file, timeout=0, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise self._unavailable(error) from error
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            connection.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                return False
            raise self._unavailable(error) from error
        self._transaction = connection
        return True

    def renew(self) -> bool:
        return self._transaction is not None

    def release(self) -> None:
        if self._transaction is not None:
            self._transaction.close()
            self._transaction = None

    def _unavailable(self, error: OSError | sqlite3.Error) -> StorageUnavailable:
        return StorageUnavailable(f"The lock {self._file} is not available: {error}.")
