"""Schema of the SQLite event log, and the upgrade of files from before there were hash chains."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from eventsourcing.sqlite import SQLiteCursor

from application.audit.hash_chain import (
    EPOCH,
    MICROSECOND,
    NO_HASH,
    fact_bytes,
    link_hash,
    origin_bytes,
)

COLUMNS = (
    "originator_id, originator_version, topic, schema_version, state, event_id, tenant_id,"
    " actor, correlation_id, causation_id, recorded_at"
)

CREATE_EVENTS = """
CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    originator_id TEXT NOT NULL,          -- <tenant>/<stream>
    originator_version INTEGER NOT NULL,  -- counts from 1 within the stream
    topic TEXT NOT NULL,                  -- the event's declared name
    schema_version INTEGER NOT NULL,
    state BLOB NOT NULL,                  -- the event as JSON, UTF-8
    event_id BLOB NOT NULL,               -- identifiers: 16 bytes
    tenant_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    correlation_id BLOB NOT NULL,
    causation_id BLOB,
    recorded_at INTEGER NOT NULL,         -- microseconds since 1970, UTC; never falls
    previous_hash BLOB NOT NULL,          -- of the tenant's event before this one
    hash BLOB NOT NULL,                   -- application/audit/hash_chain.py
    UNIQUE (originator_id, originator_version)
)
"""
CREATE_INDEX = "CREATE INDEX IF NOT EXISTS events_of_tenant ON events (tenant_id, position)"
CREATE_COMMAND_LOG = """
CREATE TABLE IF NOT EXISTS command_log (
    tenant_id TEXT NOT NULL,
    command_id BLOB NOT NULL,
    position INTEGER NOT NULL,            -- of the command's last event; 0 where it made none
    PRIMARY KEY (tenant_id, command_id)
) WITHOUT ROWID
"""
CREATE_VIEW_OF_THE_LIBRARY = """
CREATE VIEW IF NOT EXISTS stored_events AS
SELECT position AS rowid, originator_id, originator_version, topic, state FROM events
"""
REFUSE_CHANGE = """
CREATE TRIGGER IF NOT EXISTS events_refuse_{verb} BEFORE {verb} ON events
BEGIN SELECT RAISE(ABORT, 'facts are neither changed nor deleted'); END
"""

INSERT = (
    f"INSERT INTO events (position, {COLUMNS}, previous_hash, hash)"  # noqa: S608  constants
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)

CREATE: Final = (
    CREATE_EVENTS,
    CREATE_INDEX,
    CREATE_COMMAND_LOG,
    CREATE_VIEW_OF_THE_LIBRARY,
    REFUSE_CHANGE.format(verb="UPDATE"),
    REFUSE_CHANGE.format(verb="DELETE"),
)

SET_ASIDE: Final = (
    "DROP VIEW IF EXISTS stored_events",
    "DROP TRIGGER IF EXISTS events_refuse_UPDATE",
    "DROP TRIGGER IF EXISTS events_refuse_DELETE",
    "ALTER TABLE events RENAME TO events_unchained",
)

CommandColumns = tuple[str, str, bytes, bytes | None, int]
"""The values of the last five COLUMNS, which the events of a command share."""

AT_A_TIME: Final = 1000
"""Events per batch when copying."""

EPOCH_US: Final = (EPOCH - datetime(1970, 1, 1, tzinfo=UTC)) // MICROSECOND
"""Epoch of the chain's times, in microseconds since 1970, the epoch of the tables."""


def chain_up(cursor: SQLiteCursor) -> None:
    """Copy the events of a file without a hash chain into a table that has one."""
    cursor.execute("PRAGMA table_info(events)")
    columns = {row[1] for row in cursor.fetchall()}
    if not columns or "hash" in columns:
        return
    for statement in (*SET_ASIDE, *CREATE):
        cursor.execute(statement)
    newest: dict[str, bytes] = {}
    position = 0
    while rows := _unchained(cursor, position):
        cursor.executemany(INSERT, (_linked_row(row, newest) for row in rows))
        position = rows[-1][0]
    cursor.execute("DROP TABLE events_unchained")


def _unchained(cursor: SQLiteCursor, after: int) -> list[Any]:
    cursor.execute(
        f"SELECT position, {COLUMNS} FROM events_unchained"  # noqa: S608  constants
        " WHERE position>? ORDER BY position LIMIT ?",
        (after, AT_A_TIME),
    )
    rows: list[Any] = cursor.fetchall()
    return rows


def _linked_row(row: Sequence[Any], newest: dict[str, bytes]) -> tuple[Any, ...]:
    """Return an old row, `position` and COLUMNS, linked to the newest hash of its tenant."""
    position, *fact = row[:7]
    tenant_id, *_ = source = tuple(row[7:])
    (complete,) = linked([fact], source, position, newest.get(tenant_id, NO_HASH))
    newest[tenant_id] = complete[-1]
    return complete


def linked(
    events: Iterable[Sequence[Any]], source: CommandColumns, first: int, previous: bytes
) -> Iterator[tuple[Any, ...]]:
    """Yield the complete rows of the events of one command, at positions that count from `first`.

    An event has the first six COLUMNS. `previous` is the hash of the tenant's event before them.
    """
    tenant_id, actor, correlation_id, causation_id, recorded_at = source
    origin = origin_bytes(
        tenant_id=tenant_id,
        actor=actor,
        correlation_id=correlation_id,
        causation_id=causation_id,
        recorded_at_us=recorded_at - EPOCH_US,
    )
    for position, (
        originator_id, version, name, schema_version, payload, event_id,
    ) in enumerate(events, first):  # fmt: skip
        content = fact_bytes(
            originator_id=originator_id,
            version=version,
            name=name,
            schema_version=schema_version,
            event_id=event_id,
            payload=payload,
        )
        own = link_hash(previous, position, origin, content)
        yield (
            position, originator_id, version, name, schema_version, payload, event_id,
            tenant_id, actor, correlation_id, causation_id, recorded_at, previous, own,
        )  # fmt: skip
        previous = own
