"""Of all runners of one kind at a database one works: the one who holds its advisory lock.

The lock belongs to a session of PostgreSQL, so that of a runner who died is free as soon as the
server notices: at once where the process died, within seconds where its machine did.
"""

from typing import Any, Final

import psycopg

from adapters.event_log.postgres_errors import place_of
from application.kernel.ports import StorageUnavailable

LOCK: Final = 7_595_438_423
"""Of those who fill read models."""

SETTINGS: Final = b"""
SET statement_timeout TO '30s';
SET tcp_keepalives_idle TO 5;
SET tcp_keepalives_interval TO 2;
SET tcp_keepalives_count TO 3
"""
"""A machine that is gone is noticed after 5 + 3 x 2 seconds."""

TRY_LOCK: Final = b"SELECT pg_try_advisory_lock(%s)"
STILL_THERE: Final = b"SELECT true"


class PostgresLeaderLock:
    """Leader lock on a PostgreSQL advisory lock. A connection pooler must use session mode."""

    def __init__(self, conninfo: str, *, lock: int = LOCK) -> None:
        self._conninfo = conninfo
        self._lock = lock
        self._session: psycopg.Connection[Any] | None = None

    def take(self) -> bool:
        try:
            if self._session is not None:
                self._session.execute(STILL_THERE)
                return True
            return self._try()
        except psycopg.OperationalError as error:
            self.release()
            reason = str(error).partition("\n")[0].rstrip(".")
            raise StorageUnavailable(
                f"The read models in {place_of(self._conninfo)} cannot be reached: {reason}."
            ) from error

    def release(self) -> None:
        if self._session is not None:
            self._session.close()  # the server takes the lock back
            self._session = None

    def _try(self) -> bool:
        session: psycopg.Connection[Any] = psycopg.connect(
            self._conninfo, autocommit=True, connect_timeout=5, application_name="kinelog runner"
        )
        self._session = session
        session.execute(SETTINGS)
        answer = session.execute(TRY_LOCK, [self._lock]).fetchone()
        mine = answer is not None and bool(answer[0])
        if not mine:
            self.release()
        return mine
