"""Event recorder on PostgreSQL: one append-only table of enveloped events in commit order.

This is the application recorder of the `eventsourcing` library on a table of our own, made by
`adapters.migrations`. The library's readers (`select_events`, `select_notifications`,
`max_notification_id`, `subscribe`) work on the view `kinelog.stored_events`; its writers are
refused there, as events enter only with an envelope, through the function `kinelog.append`. The
library's own functions in the database are never used: they drop its lock, and readers who follow
the log then miss events.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from eventsourcing.persistence import InterfaceError, OperationalError
from eventsourcing.postgres import ConnectionPool, PostgresApplicationRecorder, PostgresDatastore
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow, dict_row, tuple_row
from psycopg_pool import PoolTimeout

from adapters.event_log.postgres_errors import connection_lost
from application.kernel.ports import AppendResult, Change, VersionConflict

SCHEMA = "kinelog"
CHANNEL = "kinelog_events"
"""NOTIFY channel on which `kinelog.append` publishes the position of the newest event."""

Role = Literal["kinelog_app", "kinelog_reader"]
"""Database role: the application sees one tenant at a time, readers see the whole log."""

LOCK_TIMEOUT_S = 30
"""Longest wait of a writer for other writers."""
IDLE_TRANSACTION_S = 60

COLUMNS = (
    "position, originator_id, originator_version, topic, schema_version, state, event_id,"
    " tenant_id, actor, correlation_id, causation_id, recorded_at"
)
StoredRow = tuple[int, str, int, str, int, bytes, UUID, str, str, UUID, UUID | None, datetime]
"""One event as stored: the values of COLUMNS."""

Answer = tuple[int, bool, int | None, int | None]
"""Result of `kinelog.append`: last position, repeated or not, the outdated change, its stream's
version."""

# %b sends a parameter in binary form, the form of the results.
APPEND = b"""
SELECT last_position, repeated, moved, moved_to FROM kinelog.append(
    %b::text, %b::uuid, %b::timestamptz, %b::text, %b::uuid, %b::uuid, %b::text[], %b::bigint[],
    %b::integer[], %b::text[], %b::integer[], %b::bytea[], %b::uuid[])
"""
ANSWER = b"SELECT kinelog.answer(%b::text, %b::uuid)"
STREAM = f"SELECT {COLUMNS} FROM kinelog.stream(%b::text, %b::text, %b::bigint)".encode()  # noqa: S608  constants
STREAMS = f"""
SELECT {COLUMNS} FROM unnest(%b::text[], %b::bigint[]) AS wanted(name, after_version)
CROSS JOIN LATERAL kinelog.stream(%b::text, wanted.name, wanted.after_version)
ORDER BY originator_id, originator_version
""".encode()  # noqa: S608  constants
ALL = f"SELECT {COLUMNS} FROM kinelog.events"  # noqa: S608  constants
AFTER = f"{ALL} WHERE position > %b ORDER BY position LIMIT %b".encode()
# Compare (tenant, position) rows, to make PostgreSQL use the index with that order: for a position
# alone it may prefer the index over all tenants.
OF_TENANT_AFTER = f"""
{ALL} WHERE (tenant_id, position) > (%b::text, %b::bigint)
    AND (tenant_id, position) <= (%b::text, 9223372036854775807)
ORDER BY tenant_id, position LIMIT %b
""".encode()
HEAD = b"SELECT coalesce(max(position), 0) AS head FROM kinelog.events"


class _Pool(ConnectionPool[Connection[DictRow]]):
    """Connection pool whose connections take a role. Its errors explain why none is available."""

    _refusal: Exception | None = None

    def _connect(self, timeout: float | None = None) -> Connection[DictRow]:
        self._refusal = TimeoutError()  # until the server answers
        try:
            connection = super()._connect(timeout)
        except Exception as refusal:
            self._refusal = refusal
            raise
        self._refusal = None
        return connection

    def getconn(self, timeout: float | None = None) -> Connection[DictRow]:
        try:
            return super().getconn(timeout)
        except PoolTimeout as lost_connection:
            raise lost_connection from self._refusal


class Datastore(PostgresDatastore):
    """The library's datastore, whose connections have the rights of one role.

    `conninfo` is a libpq connection string. At most `connections` are open; a caller waits at most
    `patience_s` seconds for one.
    """

    def __init__(
        self, conninfo: str, role: Role, *, connections: int, patience_s: float, at_rest: int = 1
    ) -> None:
        super().__init__("", "", "", "", "", schema=SCHEMA, originator_id_type="text")
        self.patience_s = patience_s
        self.pool = _Pool(
            make_conninfo(conninfo, client_encoding="utf8"),
            connection_class=Connection[DictRow],
            kwargs={"row_factory": dict_row, "autocommit": True},
            min_size=at_rest,
            max_size=connections,
            open=False,
            configure=_taking(role),
            timeout=patience_s,
            # Reconnect while callers wait, and no longer: each pause is twice the last, and a
            # request after the end makes the pool try at once.
            reconnect_timeout=patience_s,
        )

    def register_type_adapters(self) -> None:
        """Do nothing: events are sent as arrays of PostgreSQL's own types."""


def _taking(role: Role) -> Callable[[Connection[Any]], None]:
    def take(connection: Connection[Any]) -> None:
        settings = {
            "role": role,
            "timezone": "UTC",
            "lock_timeout": f"{LOCK_TIMEOUT_S}s",
            "idle_in_transaction_session_timeout": f"{IDLE_TRANSACTION_S}s",
            "default_transaction_isolation": "read committed",  # kinelog.append needs it
        }
        assignments = ", ".join(["set_config(%s, %s, false)"] * len(settings))
        try:
            connection.execute(
                f"SELECT {assignments}".encode(),
                [part for item in settings.items() for part in item],
            )
        except BaseException:
            connection.close()
            raise

    return take


class EventRecorder(PostgresApplicationRecorder):
    """Append events under a command id, and read rows in order of version or of position.

    Each method is one statement, which is one transaction and one round trip. If the connection
    turns out to be lost, as after a restart of the server, the statement is retried on another one:
    an append that had been committed then returns its result as a repeated one.
    """

    def __init__(self, datastore: Datastore) -> None:
        super().__init__(datastore, events_table_name="stored_events")
        self.store = datastore
        self.channel_name = CHANNEL
        self.sql_create_statements.clear()  # migrations create the tables

    def append(self, changes: list[Change], parameters: tuple[Any, ...]) -> AppendResult:
        """Call `kinelog.append` with its parameters. Raises VersionConflict."""
        answer: Answer = self.rows(APPEND, parameters)[0]
        position, repeated, moved, moved_to = answer
        if moved is None:
            ids = () if repeated else tuple(parameters[-1])
            return AppendResult(position, repeated=repeated, event_ids=ids)
        change = changes[moved - 1]
        raise VersionConflict(
            f"{change.stream} has {moved_to} events, not {change.expected_version}."
        )

    def answer(self, tenant_id: str, command_id: UUID) -> AppendResult | None:
        """Return the result of a command; None if the command is new."""
        position = self.rows(ANSWER, (tenant_id, command_id))[0][0]
        return None if position is None else AppendResult(position, repeated=True)

    def rows_of_stream(self, tenant_id: str, stream: str, after_version: int) -> list[StoredRow]:
        """Read a stream's events after a version, in order."""
        return self.rows(STREAM, (tenant_id, stream, after_version))

    def rows_of_streams(self, tenant_id: str, after_versions: Mapping[str, int]) -> list[StoredRow]:
        """Read the events of streams after a version of each, stream by stream in order."""
        return self.rows(STREAMS, ([*after_versions], [*after_versions.values()], tenant_id))

    def rows_after(
        self, position: int, limit: int, tenant_id: str | None = None
    ) -> list[StoredRow]:
        """Read the events of a tenant, or of all tenants, after a position, in order."""
        if tenant_id is None:
            return self.rows(AFTER, (position, limit))
        return self.rows(OF_TENANT_AFTER, (tenant_id, position, tenant_id, limit))

    def head(self) -> int:
        """Return the position of the newest event; 0 if there is none."""
        return int(self.rows(HEAD, ())[0][0])

    def rows(self, statement: bytes, parameters: tuple[Any, ...]) -> list[Any]:
        """Run one statement; retry after lost connections until the time limit."""
        deadline = time.monotonic() + self.store.patience_s
        while True:
            try:
                return self._rows(statement, parameters)
            except (InterfaceError, OperationalError) as failure:
                if not connection_lost(failure) or time.monotonic() > deadline:
                    raise
            self.store.pool.check()  # discards the other lost connections

    def _rows(self, statement: bytes, parameters: tuple[Any, ...]) -> list[Any]:
        with self.store.get_connection() as connection:
            cursor = connection.cursor(binary=True, row_factory=tuple_row)
            return cursor.execute(statement, parameters, prepare=True).fetchall()
