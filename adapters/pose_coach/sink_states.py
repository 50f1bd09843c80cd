"""States of the pose coach's sinks in SQLite, apart from the stores, which may be unavailable."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from adapters.sql.engines import open_engine
from adapters.sql.errors import storage_errors
from application.pose_coach.restored_log import LogMark
from application.pose_coach.sinks import PROFILE, SinkEntry
from application.pose_coach.stores import StoreName
from domain.ids import TenantId, UserId

METADATA: Final = sa.MetaData()

ENTRY: Final = sa.Table(
    "sink_entry",
    METADATA,
    sa.Column("sink", sa.Text, primary_key=True),
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("session_id", sa.Text, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("stored_for", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", sa.Text),
    sa.Column("due_at", sa.DateTime, index=True),
    sa.Index("sink_entry_session", "tenant_id", "session_id"),
)
"""`due_at` is UTC; None for what needs no work, or waits for something else."""

POSITION: Final = sa.Table(
    "sink_position",
    METADATA,
    sa.Column("sink", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
)

EVENT: Final = sa.Table(
    "sink_event",
    METADATA,
    sa.Column("sink", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("event_id", sa.Text, nullable=False),
)
"""The event at the position of a sink."""

RESTORED: Final = sa.Table(
    "sink_restored",
    METADATA,
    sa.Column("sink", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
)
"""Position that a sink had reached before the log was restored from a backup to an earlier one."""

FIELDS: Final = [ENTRY.c[each.name] for each in fields(SinkEntry)]
NAMED: Final = "The states of the pose coach's sinks"


class SqliteSinkStates:
    """Implements `SinkStates` in `pose_sinks.sqlite3`."""

    def __init__(self, home: Path) -> None:
        address = sa.URL.create("sqlite", database=str(home / "pose_sinks.sqlite3"))
        self._engine = open_engine(address, schema="")
        with self._writing() as connection:
            METADATA.create_all(connection)

    def close(self) -> None:
        self._engine.dispose()

    def followed(self, sink: StoreName) -> LogMark:
        same = (EVENT.c.sink == POSITION.c.sink) & (EVENT.c.position == POSITION.c.position)
        query = sa.select(POSITION.c.position, EVENT.c.event_id).outerjoin_from(
            POSITION, EVENT, same
        )
        with self._reading() as connection:
            found = connection.execute(query.where(POSITION.c.sink == sink)).first()
        return LogMark(0) if found is None else LogMark(found.position, found.event_id or "")

    def note_restored(self, sink: StoreName, position: int | None) -> None:
        with self._writing() as connection:
            connection.execute(sa.delete(RESTORED).where(RESTORED.c.sink == sink))
            if position is not None:
                connection.execute(sa.insert(RESTORED).values(sink=sink, position=position))

    def restored(self) -> int | None:
        with self._reading() as connection:
            query = sa.select(sa.func.max(RESTORED.c.position))
            return connection.execute(query).scalar_one_or_none()

    def mark(
        self, sink: StoreName, entries: Sequence[SinkEntry], reached: LogMark | None, now: datetime
    ) -> None:
        with self._writing() as connection:
            for entry in entries:
                if not _make_pending(connection, now, _is(sink, entry)):
                    connection.execute(sa.insert(ENTRY).values(_row(sink, entry) | _due(now)))
                elif entry.stored_for is not None:
                    noted: sa.ColumnElement[str] = sa.literal(entry.stored_for)
                    if entry.session_id == PROFILE:
                        noted = sa.func.coalesce(ENTRY.c.stored_for, noted)
                    this = sa.update(ENTRY).where(_is(sink, entry))
                    connection.execute(this.values(stored_for=noted))
            if reached is not None:
                for table in (POSITION, EVENT):
                    connection.execute(sa.delete(table).where(table.c.sink == sink))
                row = {"sink": sink, "position": reached.position}
                connection.execute(sa.insert(POSITION).values(row))
                connection.execute(sa.insert(EVENT).values(row | {"event_id": reached.event_id}))

    def mark_user(
        self, sink: StoreName, tenant_id: TenantId, user_id: UserId, now: datetime
    ) -> None:
        with self._writing() as connection:
            _make_pending(connection, now, _of_user(tenant_id, user_id) & (ENTRY.c.sink == sink))

    def due(self, sink: StoreName, now: datetime, limit: int) -> Sequence[SinkEntry]:
        is_due = (ENTRY.c.sink == sink) & (ENTRY.c.due_at <= _plain(now))
        order = (ENTRY.c.session_id != PROFILE, ENTRY.c.due_at, ENTRY.c.session_id)
        query = sa.select(*FIELDS).where(is_due).order_by(*order).limit(limit)
        with self._reading() as connection:
            return [_entry(row) for row in connection.execute(query).mappings()]

    def store(self, sink: StoreName, entries: Sequence[SinkEntry]) -> None:
        with self._writing() as connection:
            for entry in entries:
                row = _row(sink, entry)
                connection.execute(sa.update(ENTRY).where(_is(sink, entry)).values(row))

    def release(self, sink: StoreName, tenant_id: TenantId, user_id: UserId, now: datetime) -> None:
        is_waiting = (ENTRY.c.sink == sink) & (ENTRY.c.status == "waiting")
        with self._writing() as connection:
            _make_pending(connection, now, _of_user(tenant_id, user_id) & is_waiting)

    def replay(self, sink: StoreName, now: datetime) -> int:
        waits = ENTRY.c.status.in_(("failed", "waiting", "retrying"))
        with self._writing() as connection:
            return _make_pending(connection, now, (ENTRY.c.sink == sink) & waits)

    def of_sessions(
        self, tenant_id: TenantId, session_ids: Sequence[str]
    ) -> Mapping[str, Mapping[StoreName, SinkEntry]]:
        these = (ENTRY.c.tenant_id == tenant_id) & ENTRY.c.session_id.in_(session_ids)
        found: dict[str, dict[StoreName, SinkEntry]] = {}
        with self._reading() as connection:
            for row in connection.execute(sa.select(ENTRY).where(these)).mappings():
                found.setdefault(row["session_id"], {})[row["sink"]] = _entry(row)
        return found

    def of_user(
        self, tenant_id: TenantId, user_id: UserId
    ) -> Sequence[tuple[StoreName, SinkEntry]]:
        query = sa.select(ENTRY).where(_of_user(tenant_id, user_id))
        with self._reading() as connection:
            return [(row["sink"], _entry(row)) for row in connection.execute(query).mappings()]

    def remove_user(self, tenant_id: TenantId, user_id: UserId) -> int:
        with self._writing() as connection:
            return connection.execute(sa.delete(ENTRY).where(_of_user(tenant_id, user_id))).rowcount

    @contextmanager
    def _reading(self) -> Generator[sa.Connection]:
        with storage_errors(NAMED), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Generator[sa.Connection]:
        engine = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        with storage_errors(NAMED), engine.begin() as connection:
            yield connection


def _make_pending(connection: sa.Connection, now: datetime, which: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.update(ENTRY).where(which).values(_due(now))).rowcount


def _due(now: datetime) -> dict[str, Any]:
    return {"status": "pending", "attempts": 0, "error": None, "due_at": _plain(now)}


def _row(sink: StoreName, entry: SinkEntry) -> dict[str, Any]:
    due_at = None if entry.due_at is None else _plain(entry.due_at)
    return {"sink": sink, **vars(entry), "due_at": due_at}


def _entry(row: sa.RowMapping) -> SinkEntry:
    content = {each.name: row[each.name] for each in fields(SinkEntry)}
    due_at = content["due_at"]
    content["due_at"] = None if due_at is None else due_at.replace(tzinfo=UTC)
    return SinkEntry(**content)


def _plain(moment: datetime) -> datetime:
    """Return a time in UTC without its zone, which SQLite does not store."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _of_user(tenant_id: TenantId, user_id: UserId) -> sa.ColumnElement[bool]:
    return (ENTRY.c.tenant_id == tenant_id) & (ENTRY.c.user_id == user_id)


def _is(sink: StoreName, entry: SinkEntry) -> sa.ColumnElement[bool]:
    of_user = _of_user(entry.tenant_id, entry.user_id)
    return of_user & (ENTRY.c.sink == sink) & (ENTRY.c.session_id == entry.session_id)
