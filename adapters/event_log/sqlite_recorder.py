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
from collections.abc import Callable, Generator, Sequence
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
from msgspec import Struct, convert

from adapters.event_log.sqlite_schema import COLUMNS, CREATE, INSERT, chain_up, linked
from adapters.event_log.versions import require_versions
from adapters.sql.wal import wait_for_wal
from application.kernel.ports import AppendResult, Change

LOCK_TIMEOUT_S = 30
"""Longest wait of a writer for another process to finish its transaction."""

SELECT = f"SELECT position, {COLUMNS} FROM events"  # noqa: S608  constants

OF_STREAMS = (
    f"{SELECT} WHERE originator_id IN (SELECT value FROM json_each(?))"  # noqa: S608  constants
    " ORDER BY originator_id, originator_version"
)

NewRow = tuple[Any, ...]
"""The values of COLUMNS in order, without the last one."""

EVENT_ID = 5
"""Index of the event's id in a row."""


class StoredRow(Struct, array_like=True, gc=False):
    """One event as stored: `position` and COLUMNS, in that order."""

    position: int
    originator_id: str
    originator_version: int
    topic: str
    schema_version: int
    state: bytes
    event_id: UUID
    tenant_id: str
    actor: str
    correlation_id: UUID
    causation_id: UUID | None
    recorded_at: int


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
        connection = wait_for_wal(super()._create_connection)
        # Set explicitly: some builds of SQLite default to NORMAL with a WAL journal.
        connection.cursor().execute("PRAGMA synchronous=FULL")
        return connection


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
        tenant_id: str,
        command_id: bytes,
        now: Callable[[], int],
    ) -> AppendResult:
        """Store a command's rows, which lack only `recorded_at`, in one transaction.

        A repeated command returns its first result; for a new one the streams' versions are
        compared, which may raise VersionConflict. There is one writer at a time, so the order of
        positions is that of commits.
        """
        with self.datastore.transaction(commit=True) as cursor:
            previous = _answer(cursor, tenant_id, command_id)
            if previous is not None:
                return previous
            require_versions(changes, lambda stream: _version(cursor, f"{tenant_id}/{stream}"))
            position = _insert(cursor, rows, now()) if rows else 0
            cursor.execute(
                "INSERT INTO command_log VALUES (?,?,?)", (tenant_id, command_id, position)
            )
            event_ids = tuple(UUID(bytes=row[EVENT_ID]) for row in rows)
            return AppendResult(position, event_ids=event_ids)

    def answer(self, tenant_id: str, command_id: bytes) -> AppendResult | None:
        """Return the result of a command; None if the command is new."""
        with self.datastore.transaction(commit=False) as cursor:
            return _answer(cursor, tenant_id, command_id)

    def rows_of_stream(self, originator_id: str, after_version: int) -> list[StoredRow]:
        """Read a stream's events after a version, in order."""
        return self._rows(
            f"{SELECT} WHERE originator_id=? AND originator_version>? ORDER BY originator_version",
            (originator_id, after_version),
        )

    def rows_of_streams(self, originator_ids: Sequence[str]) -> list[StoredRow]:
        """Read all events of some streams, stream by stream in order of version."""
        return self._rows(OF_STREAMS, (json.dumps(originator_ids),))

    def rows_after(self, position: int, limit: int) -> list[StoredRow]:
        """Read the events of all streams after a position, in order."""
        return self._rows(f"{SELECT} WHERE position>? ORDER BY position LIMIT ?", (position, limit))

    def _rows(self, statement: str, parameters: tuple[object, ...]) -> list[StoredRow]:
        return convert(self.raw_rows(statement, parameters), list[StoredRow])

    def raw_rows(self, statement: str, parameters: tuple[object, ...]) -> list[Any]:
        """Read rows as plain tuples; one statement sees one state of the log."""
        reading = self.datastore.get_connection(commit=False)
        with reading as connection, connection.cursor() as cursor:
            cursor.row_factory = None
            cursor.execute(statement, parameters)
            rows: list[Any] = cursor.fetchall()
            return rows


def _answer(cursor: SQLiteCursor, tenant_id: str, command_id: bytes) -> AppendResult | None:
    cursor.execute(
        "SELECT position FROM command_log WHERE tenant_id=? AND command_id=?",
        (tenant_id, command_id),
    )
    row = cursor.fetchone()
    return None if row is None else AppendResult(row[0], repeated=True)


def _version(cursor: SQLiteCursor, originator_id: str) -> int:
    cursor.execute(
        "SELECT MAX(originator_version) FROM events WHERE originator_id=?", (originator_id,)
    )
    return int(cursor.fetchone()[0] or 0)


def _insert(cursor: SQLiteCursor, rows: Sequence[NewRow], now: int) -> int:
    """Insert rows, recorded now but never before the last event; return the last position.

    The rows belong to one tenant and are chained to that tenant's last event.
    """
    cursor.execute("SELECT recorded_at FROM events ORDER BY position DESC LIMIT 1")
    last = cursor.fetchone()
    recorded_at = now if last is None else max(now, last[0])
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name='events'")  # of all there ever were
    ever = cursor.fetchone()
    first = 1 if ever is None else ever[0] + 1
    complete = ((at, *row, recorded_at) for at, row in enumerate(rows, first))
    cursor.executemany(INSERT, linked(complete, _newest_hashes(cursor, rows[0][6])))
    return int(first + len(rows) - 1)


def _newest_hashes(cursor: SQLiteCursor, tenant_id: str) -> dict[str, bytes]:
    cursor.execute(
        "SELECT tenant_id, hash FROM events WHERE tenant_id=? ORDER BY position DESC LIMIT 1",
        (tenant_id,),
    )
    return dict(cursor.fetchall())
