"""Change listener on PostgreSQL: one connection per process wakes all who wait for read models."""

from threading import Condition, Event, Thread
from typing import Any, Final

import psycopg
from psycopg import sql

from adapters.read_models.projection_store import CHANNEL

NOTICE_S: Final = 0.2
"""Longest delay until the listener notices a stop request or a lost connection."""

CONNECT_AGAIN_S: Final = 1.0

LISTEN: Final = sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL))


class PostgresMovement:
    """Satisfies `application.kernel.read_your_writes.Movement` for any number of threads.

    It begins to listen at the first wait. While the server is unreachable it wakes nobody, and
    reconnects each second.
    """

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._changed = Condition()
        self._count = 0
        self._over = Event()
        self._thread: Thread | None = None

    def seen(self) -> int:
        with self._changed:
            return self._count

    def wait(self, seen: int, timeout_s: float) -> None:
        with self._changed:
            if self._thread is None and not self._over.is_set():
                self._thread = Thread(target=self._listen, name="read models", daemon=True)
                self._thread.start()
            self._changed.wait_for(
                lambda: self._count > seen or self._over.is_set(), timeout=timeout_s
            )

    def close(self) -> None:
        """Stop listening and wake all waiters."""
        self._over.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                with psycopg.connect(
                    self._conninfo, autocommit=True, connect_timeout=5, application_name="kinelog"
                ) as connection:
                    self._follow(connection)
            except psycopg.Error:
                # Not reported: waiters poll each second, and their query reports the error.
                self._over.wait(CONNECT_AGAIN_S)

    def _follow(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(LISTEN)
        self._notify()  # changes from before we listened
        while not self._over.is_set():
            for _ in connection.notifies(timeout=NOTICE_S, stop_after=1):
                self._notify()

    def _notify(self) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()
