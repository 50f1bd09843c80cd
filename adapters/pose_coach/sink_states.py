"""States of the pose coach's sinks on SQL, apart from the stores, which may be unavailable."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from adapters.sql.columns import TEXT
from adapters.sql.engines import is_postgresql, open_engine
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import insert_into, upsert
from adapters.sql.row_security import act
from application.pose_coach.restored_log import LogMark
from application.pose_coach.sink_states import DONE, PROFILE, SinkEntry, Status
from application.pose_coach.stores import StoreName
from domain.ids import TenantId, UserId

SCHEMA: Final = "pose_coach"
"""PostgreSQL schema of the states, created by revision 0021."""

CONNECTIONS: Final = 3
"""Connections to PostgreSQL: one for each sink, and one for those who ask for states."""

METADATA: Final = sa.MetaData()


class UtcTime(sa.types.TypeDecorator[datetime]):
    """A time in UTC, which SQLite stores as text without a zone."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        is_server = dialect.name == "postgresql"
        return dialect.type_descriptor(sa.DateTime(timezone=is_server))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        is_server = dialect.name == "postgresql"
        moment: datetime = value.astimezone(UTC) if is_server else value.replace(tzinfo=UTC)
        return moment


ENTRY: Final = sa.Table(
    "sink_entry",
    METADATA,
    sa.Column("sink", TEXT, primary_key=True),
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("user_id", TEXT, primary_key=True),
    sa.Column("session_id", TEXT, primary_key=True),
    sa.Column("status", TEXT, nullable=False),
    sa.Column("stored_for", TEXT),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", TEXT),
    sa.Column("due_at", UtcTime, index=True),
    sa.Index("sink_entry_session", "tenant_id", "session_id"),
)
"""`due_at` is None for what needs no work, or waits for something else."""

POSITION: Final = sa.Table(
    "sink_position",
    METADATA,
    sa.Column("sink", TEXT, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
)

EVENT: Final = sa.Table(
    "sink_event",
    METADATA,
    sa.Column("sink", TEXT, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("event_id", TEXT, nullable=False),
)
"""The event at the position of a sink."""

RESTORED: Final = sa.Table(
    "sink_restored",
    METADATA,
    sa.Column("sink", TEXT, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
)
"""Position that a sink had reached before the log was restored from a backup to an earlier one."""

FIELDS: Final = [ENTRY.c[each.name] for each in fields(SinkEntry)]
NAMED: Final = "The states of the pose coach's sinks"


def open_file_states(home: Path) -> "SqlSinkStates":
    """Open the states in `pose_sinks.sqlite3` of a data folder, and create them if missing."""
    address = sa.URL.create("sqlite", database=str(home / "pose_sinks.sqlite3"))
    engine = open_engine(address, schema="")
    with storage_errors(NAMED), engine.execution_options(begin="BEGIN IMMEDIATE").begin() as made:
        METADATA.create_all(made)
    return SqlSinkStates(engine)


def open_server_states(url: str) -> "SqlSinkStates":
    """Open the states in an upgraded PostgreSQL database. It connects on first use."""
    return SqlSinkStates(open_engine(url, schema=SCHEMA, connections=CONNECTIONS))


class SqlSinkStates:
    """Implements `SinkStates` in a SQLite file, or in the schema `pose_coach` of PostgreSQL.

    In PostgreSQL, questions about one tenant are answered with the rights of that tenant.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> sa.Engine:
        """Return the engine, whose connections are counted."""
        return self._engine

    def close(self) -> None:
        """Close the connections."""
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
            if position is None:
                connection.execute(sa.delete(RESTORED).where(RESTORED.c.sink == sink))
            else:
                upsert(connection, RESTORED, {"sink": sink, "position": position})

    def restored(self) -> int | None:
        with self._reading() as connection:
            query = sa.select(sa.func.max(RESTORED.c.position))
            return connection.execute(query).scalar_one_or_none()

    def mark(
        self, sink: StoreName, entries: Sequence[SinkEntry], reached: LogMark | None, now: datetime
    ) -> None:
        with self._writing() as connection:
            for entry in entries:
                connection.execute(self._pending(sink, entry, now))
            if reached is not None:
                row = {"sink": sink, "position": reached.position}
                upsert(connection, POSITION, row)
                upsert(connection, EVENT, row | {"event_id": reached.event_id})

    def _pending(self, sink: StoreName, entry: SinkEntry, now: datetime) -> sa.Insert:
        """Insert an entry, or make it pending and note its key."""
        changes: dict[str, Any] = _due(now)
        adding = insert_into(self._engine.dialect.name, ENTRY).values(_row(sink, entry) | changes)
        if entry.stored_for is not None:
            noted = adding.excluded.stored_for
            is_profile = entry.session_id == PROFILE
            changes["stored_for"] = (
                sa.func.coalesce(ENTRY.c.stored_for, noted) if is_profile else noted
            )
        statement: sa.Insert = adding.on_conflict_do_update(
            index_elements=[*ENTRY.primary_key], set_=changes
        )
        return statement

    def mark_user(
        self, sink: StoreName, tenant_id: TenantId, user_id: UserId, now: datetime
    ) -> None:
        with self._writing() as connection:
            _make_pending(connection, now, _of_user(tenant_id, user_id) & (ENTRY.c.sink == sink))

    def due(self, sink: StoreName, now: datetime, limit: int) -> Sequence[SinkEntry]:
        is_due = (ENTRY.c.sink == sink) & (ENTRY.c.due_at <= now)
        order = (ENTRY.c.session_id != PROFILE, ENTRY.c.due_at, ENTRY.c.session_id)
        query = sa.select(*FIELDS).where(is_due).order_by(*order).limit(limit)
        with self._reading() as connection:
            return [_entry(row) for row in connection.execute(query).mappings()]

    def store(self, sink: StoreName, changes: Sequence[tuple[SinkEntry, SinkEntry]]) -> bool:
        with self._writing() as connection:
            stored = [
                connection.execute(
                    sa.update(ENTRY).where(_is(sink, read)).values(_row(sink, entry))
                ).rowcount
                for read, entry in changes
            ]
        return all(stored)

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
        with self._reading(tenant_id) as connection:
            for row in connection.execute(sa.select(ENTRY).where(these)).mappings():
                found.setdefault(row["session_id"], {})[row["sink"]] = _entry(row)
        return found

    def of_user(
        self, tenant_id: TenantId, user_id: UserId
    ) -> Sequence[tuple[StoreName, SinkEntry]]:
        query = sa.select(ENTRY).where(_of_user(tenant_id, user_id))
        with self._reading(tenant_id) as connection:
            return [(row["sink"], _entry(row)) for row in connection.execute(query).mappings()]

    def remove_user(self, tenant_id: TenantId, user_id: UserId) -> int:
        with self._writing(tenant_id) as connection:
            return connection.execute(sa.delete(ENTRY).where(_of_user(tenant_id, user_id))).rowcount

    def count(self, tenant_id: TenantId | None = None) -> Mapping[tuple[StoreName, Status], int]:
        query = sa.select(ENTRY.c.sink, ENTRY.c.status, sa.func.count()).where(
            ENTRY.c.session_id != PROFILE, ENTRY.c.status.not_in(DONE)
        )
        if tenant_id is not None:
            query = query.where(ENTRY.c.tenant_id == tenant_id)
        with self._reading(tenant_id) as connection:
            rows = connection.execute(query.group_by(ENTRY.c.sink, ENTRY.c.status))
            return {(sink, status): number for sink, status, number in rows}

    @contextmanager
    def _reading(self, tenant_id: TenantId | None = None) -> Generator[sa.Connection]:
        with storage_errors(NAMED), self._engine.begin() as connection:
            if tenant_id is not None:
                act(connection, tenant_id)
            yield connection

    @contextmanager
    def _writing(self, tenant_id: TenantId | None = None) -> Generator[sa.Connection]:
        engine = self._engine
        if not is_postgresql(engine):
            engine = engine.execution_options(begin="BEGIN IMMEDIATE")
        with storage_errors(NAMED), engine.begin() as connection:
            if tenant_id is not None:
                act(connection, tenant_id)
            yield connection


def _make_pending(connection: sa.Connection, now: datetime, which: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.update(ENTRY).where(which).values(_due(now))).rowcount


def _due(now: datetime) -> dict[str, Any]:
    return {"status": "pending", "attempts": 0, "error": None, "due_at": now}


def _row(sink: StoreName, entry: SinkEntry) -> dict[str, Any]:
    return {"sink": sink, **vars(entry)}


def _entry(row: sa.RowMapping) -> SinkEntry:
    return SinkEntry(**{each.name: row[each.name] for each in fields(SinkEntry)})


def _of_user(tenant_id: TenantId, user_id: UserId) -> sa.ColumnElement[bool]:
    return (ENTRY.c.tenant_id == tenant_id) & (ENTRY.c.user_id == user_id)


def _is(sink: StoreName, entry: SinkEntry) -> sa.ColumnElement[bool]:
    """Select an entry, unless it was marked since: a mark changes the time when it is due."""
    of_user = _of_user(entry.tenant_id, entry.user_id)
    same = (ENTRY.c.sink == sink) & (ENTRY.c.session_id == entry.session_id)
    return of_user & same & ENTRY.c.due_at.is_not_distinct_from(entry.due_at)
