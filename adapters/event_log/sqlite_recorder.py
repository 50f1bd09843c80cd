"""Event recorder on SQLite: one append-only table of enveloped events in commit order.

This is the application recorder of the `eventsourcing` library with a table of its own. The
library's readers (`select_events`, `select_notifications`, `max_notification_id`) work on the view
`stored_events`; its writers are refused there by SQLite, as events enter only with an envelope,
through `append`.

Importing the library's persistence imports its `eventsourcing.domain` too, which wraps
`dataclasses._process_class`: a class made by the library's own metaclass is not made a dataclass
twice. Other classes pass through it unchanged; a test verifies that.
"""

import json
import sqlite3
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteTransaction,
)

from adapters.event_log.sqlite_schema import CREATE, INSERT, chain_up, linked
from adapters.event_log.versions import require_versions
from adapters.sql.wal import wait_for_wal
from application.audit.hash_chain import NO_HASH
from application.kernel.ports import AppendResult, Change
from domain.kernel import Origin

LOCK_TIMEOUT_S = 30
"""Longest wait of a writer for another process to finish its transaction."""
CACHED_STATEMENTS = 128
"""Prepared statements that a connection keeps: more than the log and its readers have."""

STORED = (
    "position, originator_version, topic, schema_version, state, event_id, actor, correlation_id,"
    " causation_id, recorded_at"
)
OF_STREAM = (
    f"SELECT {STORED} FROM events WHERE originator_id=? AND originator_version>?"  # noqa: S608  constants
    " ORDER BY originator_version"
)
OF_STREAMS = (
    f"SELECT tenant_id, originator_id, {STORED} FROM json_each(?) AS wanted"  # noqa: S608  constants
    " CROSS JOIN events ON originator_id=json_extract(wanted.value, '$[0]')"
    " AND originator_version>json_extract(wanted.value, '$[1]')"
    " ORDER BY originator_id, originator_version"
)
AFTER = (
    f"SELECT tenant_id, originator_id, {STORED} FROM events"  # noqa: S608  constants
    " WHERE position>? ORDER BY position LIMIT ?"
)
OF_TENANT_AFTER = (
    f"SELECT tenant_id, originator_id, {STORED} FROM events"  # noqa: S608  constants
    " WHERE tenant_id=? AND position>? ORDER BY position LIMIT ?"
)

ANSWER = "SELECT position FROM command_log WHERE tenant_id=? AND command_id=?"

NewRow = tuple[str, int, str, int, bytes, bytes]
"""The values of the first six COLUMNS."""

StoredRow = tuple[int, int, str, int, bytes, bytes, str, bytes, bytes | None, int]
"""One event as stored: the values of STORED. A reader of one stream knows the other columns."""

RowWithStream = tuple[str, str, int, int, str, int, bytes, bytes, str, bytes, bytes | None, int]
"""The tenant and stream of an event, `tenant_id` and `originator_id`, and the values of STORED."""

EVENT_ID = 5
"""Index of the event's id in a StoredRow."""

NEWEST = """
SELECT
    coalesce((SELECT seq FROM sqlite_sequence WHERE name='events'), 0),
    (SELECT recorded_at FROM events ORDER BY position DESC LIMIT 1),
    (SELECT hash FROM events WHERE tenant_id=? ORDER BY position DESC LIMIT 1)
"""
"""The last position there ever was, the time of the last event, and the tenant's last hash."""


class _WriteTransaction(SQLiteTransaction):
    """Write transaction that takes the write lock when it begins.

    A deferred transaction that reads before it writes fails if another writer committed in between.
    """

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        return cursor


class _Pool(SQLiteConnectionPool):
    """Connection pool whose commits are durable when they return."""

    def _create_connection(self) -> SQLiteConnection:
        # The library's own connections cache one statement, so every other one is prepared again.
        connection = sqlite3.connect(
            self.db_name,
            uri=True,
            check_same_thread=False,
            isolation_level=None,
            timeout=LOCK_TIMEOUT_S,
            cached_statements=CACHED_STATEMENTS,
        )
        try:
            wait_for_wal(lambda: connection.execute("PRAGMA journal_mode=WAL"))
            # Set explicitly: some builds of SQLite default to NORMAL with a WAL journal.
            connection.execute("PRAGMA synchronous=FULL")
        except BaseException:
            connection.close()
            raise
        connection.row_factory = sqlite3.Row
        return SQLiteConnection(connection, self.max_age)


class _Datastore(SQLiteDatastore):
    """The library's datastore, with write transactions that take the write lock at once.

    Threads queue for a lock of ours: the pool's own lock is never released by a writer that could
    not get a connection, and readers wait behind writers that queue for it.
    """

    def __init__(self, path: Path) -> None:
        location = path.absolute().as_uri()
        super().__init__(location, originator_id_type="text")
        self.pool = _Pool(
            db_name=location, lock_timeout=LOCK_TIMEOUT_S, pool_timeout=LOCK_TIMEOUT_S
        )
        self._writing = Lock()

    @contextmanager
    def transaction(self, *, commit: bool) -> Generator[SQLiteCursor]:
        if not commit:
            with super().transaction(commit=False) as cursor:
                yield cursor
            return
        with (
            self._writing,
            self.get_connection(commit=False) as connection,
            _WriteTransaction(connection, commit=True) as cursor,
            cursor,
        ):
            yield cursor


class EventRecorder(SQLiteApplicationRecorder):
    """Append events under a command id, and read rows in order of version or of position."""

    def __init__(self, path: Path) -> None:
        super().__init__(_Datastore(path), events_table_name="stored_events")

    def construct_create_table_statements(self) -> list[str]:
        return list(CREATE)

    def _create_table(self, c: SQLiteCursor) -> None:
        chain_up(c)
        super()._create_table(c)

    def append(
        self,
        changes: Sequence[Change],
        rows: Sequence[NewRow],
        *,
        origin: Origin,
        command_id: bytes,
        event_ids: tuple[UUID, ...],
        now: Callable[[], int],
    ) -> AppendResult:
        """Store a command's rows in one transaction.

        A repeated command returns its first result; for a new one the streams' versions are
        compared, which may raise VersionConflict. There is one writer at a time, so the order of
        positions is that of commits.
        """
        tenant_id = origin.tenant_id
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(ANSWER, (tenant_id, command_id))
            previous = cursor.fetchone()
            if previous is not None:
                return AppendResult(previous[0], repeated=True)
            require_versions(changes, lambda stream: _version(cursor, f"{tenant_id}/{stream}"))
            position = _insert(cursor, rows, origin, now()) if rows else 0
            cursor.execute(
                "INSERT INTO command_log VALUES (?,?,?)", (tenant_id, command_id, position)
            )
            return AppendResult(position, event_ids=event_ids)

    def answer(self, tenant_id: str, command_id: bytes) -> AppendResult | None:
        """Return the result of a command; None if the command is new."""
        rows = self.raw_rows(ANSWER, (tenant_id, command_id))
        return AppendResult(rows[0][0], repeated=True) if rows else None

    def rows_of_stream(self, originator_id: str, after_version: int) -> list[StoredRow]:
        """Read a stream's events after a version, in order."""
        return self.raw_rows(OF_STREAM, (originator_id, after_version))

    def rows_of_streams(self, after_versions: Mapping[str, int]) -> list[RowWithStream]:
        """Read the events of streams after a version of each, stream by stream in order."""
        return self.raw_rows(OF_STREAMS, (json.dumps([*after_versions.items()]),))

    def rows_after(
        self, position: int, limit: int, tenant_id: str | None = None
    ) -> list[RowWithStream]:
        """Read the events of a tenant, or of all tenants, after a position, in order."""
        if tenant_id is None:
            return self.raw_rows(AFTER, (position, limit))
        return self.raw_rows(OF_TENANT_AFTER, (tenant_id, position, limit))

    def raw_rows(self, statement: str, parameters: tuple[object, ...]) -> list[Any]:
        """Read rows as plain tuples; one statement sees one state of the log."""
        pool = self.datastore.pool
        connection = pool.get_connection()
        try:
            with connection.cursor() as cursor:
                cursor.row_factory = None
                return cursor.execute(statement, parameters).fetchall()
        finally:
            pool.put_connection(connection)


def _version(cursor: SQLiteCursor, originator_id: str) -> int:
    cursor.execute(
        "SELECT MAX(originator_version) FROM events WHERE originator_id=?", (originator_id,)
    )
    return int(cursor.fetchone()[0] or 0)


def _insert(cursor: SQLiteCursor, rows: Sequence[NewRow], origin: Origin, now: int) -> int:
    """Insert rows, recorded now but never before the last event; return the last position.

    They are chained to the last event of their tenant.
    """
    cursor.execute(NEWEST, (origin.tenant_id,))
    last, recorded_at, newest = cursor.fetchone()
    cause = origin.causation_id
    source = (
        origin.tenant_id,
        origin.actor,
        origin.correlation_id.bytes,
        None if cause is None else cause.bytes,
        now if recorded_at is None else max(now, recorded_at),
    )
    cursor.executemany(INSERT, linked(rows, source, last + 1, newest or NO_HASH))
    return int(last + len(rows))
