"""Tail of the event log on PostgreSQL LISTEN/NOTIFY, with a poll each second as a fallback."""

import time
from threading import Event

from eventsourcing.persistence import InterfaceError, OperationalError
from psycopg import sql

from adapters.event_log.postgres_errors import connection_lost, place_of, storage_failures
from adapters.event_log.postgres_recorder import CHANNEL, HEAD, Datastore, EventRecorder

POLL_S = 1.0
"""Seconds between polls, because a notification may be lost, for instance in a connection
pooler."""
WAITERS = 32
"""Largest number of concurrent waiters. Each uses one connection while it waits."""

LISTEN = sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL))


class NotifyTail:
    """A `LogTail` with connections of its own, apart from those that read the log.

    Raises StorageUnavailable.
    """

    def __init__(self, conninfo: str, *, patience_s: float = 5.0) -> None:
        self._place = place_of(conninfo)
        self._recorder = EventRecorder(
            Datastore(
                conninfo, "kinelog_reader", connections=WAITERS, patience_s=patience_s, at_rest=0
            )
        )

    def close(self) -> None:
        """Close the connections. The tail must not be used afterwards."""
        self._recorder.datastore.close()

    def wait(self, after: int, timeout_s: float, stop: Event | None = None) -> int:
        stop = stop or Event()
        deadline = time.monotonic() + timeout_s
        with storage_failures(self._place):
            head = self._recorder.head()
            while head <= after and time.monotonic() < deadline and not stop.is_set():
                head = self._listen(after, deadline, stop)
            return head

    def _listen(self, after: int, deadline: float, stop: Event) -> int:
        """Wait on one connection. Return early with the last head if the connection breaks."""
        try:
            return self._wait_for(after, deadline, stop)
        except (InterfaceError, OperationalError) as failure:
            if not connection_lost(failure):
                raise
        return self._recorder.head()

    def _wait_for(self, after: int, deadline: float, stop: Event) -> int:
        with self._recorder.datastore.get_connection() as connection:
            connection.execute(LISTEN)
            while True:
                head: int = connection.execute(HEAD).fetchall()[0]["head"]
                remaining_s = deadline - time.monotonic()
                if head > after or remaining_s <= 0 or stop.is_set():
                    # Stop listening: the server would queue notifications for an idle connection.
                    connection.execute("UNLISTEN *")
                    return head
                for _ in connection.notifies(timeout=min(remaining_s, POLL_S), stop_after=1):
                    break
