"""Checkpoint store of the relay on PostgreSQL: an advisory lock elects the single relay.

The lock belongs to a PostgreSQL session, and the position is moved over the same session. So a
relay whose session has ended cannot move it, and the lock of a dead relay is free as soon as the
server notices: at once where the process died, within seconds where its machine did.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
import stamina

from adapters.event_log.postgres_errors import NOT_PREPARED, place_of
from application.kernel.outages import LeadershipLost
from application.kernel.ports import StorageUnavailable
from domain.kernel import Rejected

LOCKS: Final = 75_954_384
"""The first half of the advisory lock's key; the second half is a hash of the bus's name."""

SETTINGS: Final = """
SET ROLE kinelog_relay;
SET timezone TO 'UTC';
SET statement_timeout TO '30s';
SET tcp_keepalives_idle TO 5;
SET tcp_keepalives_interval TO 2;
SET tcp_keepalives_count TO 3
"""
"""TCP keepalive: a lost machine is detected after 5 + 3 x 2 seconds."""

LOCK_WAIT: Final = stamina.RetryingCaller(
    attempts=None, timeout=2.0, wait_initial=0.02, wait_max=0.2
)
"""For the lock of a relay that was just stopped, until the server notices it."""

UNPREPARED: Final = (
    psycopg.errors.InvalidParameterValue,
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.UndefinedTable,
)
"""The role, the schema or the table does not exist."""

TRY_LOCK: Final = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
BEGIN: Final = """
INSERT INTO kinelog.relay_position (bus, position) VALUES (%s, 0) ON CONFLICT DO NOTHING
"""
POSITION: Final = "SELECT position FROM kinelog.relay_position WHERE bus = %s"
MOVE: Final = "UPDATE kinelog.relay_position SET position = %s, moved_at = now() WHERE bus = %s"


class NotReached(Rejected):
    """The relay has not reached this position: the events up to it would never be published."""

    code = "relay.not_reached"
    kind = "invalid"


class PostgresCheckpointStore:
    """A `CheckpointStore` that several relays on several machines share.

    The user of `conninfo` may take the role `kinelog_relay`; a pooler in between must keep
    sessions. `bus` names the target, for installations that fill more than one bus. Move the
    position by hand with `rewind` to fill a lost bus again.
    """

    def __init__(self, conninfo: str, *, bus: str = "kafka") -> None:
        self._conninfo = conninfo
        self._bus = bus
        self._session: psycopg.Connection[Any] | None = None

    def acquire(self) -> int | None:
        with self._failures():
            session = self._connected()
            if not self._one(session, TRY_LOCK, LOCKS, self._bus):
                self.release()
                return None
            session.execute(BEGIN, [self._bus])
            return int(self._one(session, POSITION, self._bus))

    def move(self, to: int) -> None:
        if self._session is None:
            raise LeadershipLost
        try:
            self._session.execute(MOVE, [to, self._bus])
        except psycopg.OperationalError as ended:
            raise LeadershipLost(f"The relay's session has ended: {_first_line(ended)}.") from ended

    def release(self) -> None:
        if self._session is not None:
            self._session.close()  # the server releases the lock
            self._session = None

    def position(self) -> int:
        """Return the position, whichever relay leads; 0 before the first relay."""
        with self._failures(), self._open() as session:
            return int(self._one(session, POSITION, self._bus) or 0)

    def require_reached(self, to: int) -> int:
        """Return the position. Raises NotReached if `to` is after it."""
        position = self.position()
        if to > position:
            raise NotReached(
                f"The relay has reached position {position}, not {to}: the events in between would"
                " never be published."
            )
        return position

    def rewind(self, to: int) -> None:
        """Set the position back while no relay runs.

        Raises LeadershipLost if one does, and NotReached if `to` is after the position.
        """
        LOCK_WAIT(LeadershipLost, self._lead)
        try:
            self.require_reached(to)
            self.move(to)
        finally:
            self.release()

    def _lead(self) -> None:
        if self.acquire() is None:
            raise LeadershipLost("A relay is running: stop it first.")

    def _connected(self) -> psycopg.Connection[Any]:
        self.release()
        self._session = self._open()
        return self._session

    def _open(self) -> psycopg.Connection[Any]:
        session: psycopg.Connection[Any] = psycopg.connect(
            self._conninfo, autocommit=True, connect_timeout=5
        )
        try:
            session.execute(SETTINGS)
        except psycopg.Error:
            session.close()
            raise
        return session

    def _one(self, session: psycopg.Connection[Any], query: str, *parameters: object) -> Any:
        row = session.execute(query.encode(), parameters).fetchone()
        return None if row is None else row[0]

    @contextmanager
    def _failures(self) -> Generator[None]:
        try:
            yield
        except (psycopg.OperationalError, *UNPREPARED) as error:
            reason = NOT_PREPARED if isinstance(error, UNPREPARED) else _first_line(error)
            raise StorageUnavailable(
                f"The relay's position in {place_of(self._conninfo)} is not available: {reason}."
            ) from error


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0].rstrip(".")
