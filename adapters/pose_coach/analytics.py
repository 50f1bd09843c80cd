"""Analytics store of the pose coach: the table `workout_sessions`, in SQLite, MySQL or MariaDB."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from adapters.pose_coach.group_figures import select_groups, to_group
from adapters.pose_coach.mysql_databases import MysqlDatabases
from adapters.pose_coach.tenant_files import TenantFiles
from adapters.pose_coach.tree_tables import SqlTree, TreeTables
from application.pose_coach.hash_tree import HashTree
from application.pose_coach.report import GroupFigures
from application.pose_coach.stores import (
    ProfileMissing,
    ProfileRecord,
    SessionRecord,
    StoreName,
    damaged_digest,
    to_timestamp,
)
from domain.ids import TenantId
from domain.pose_coach.commands import ACCURACY_DECIMALS
from domain.values import InvalidValue

METADATA: Final = sa.MetaData()
TREE: Final = TreeTables(METADATA)

PROFILES: Final = sa.Table(
    "user_health_profiles",
    METADATA,
    sa.Column("userId", sa.String(255), primary_key=True),
    sa.Column("isCompared", sa.Boolean, nullable=False, server_default="0"),
    sa.Column("healthRecords", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lastSync", sa.String(50), nullable=True),
)
"""`isCompared`: consented to count in figures of many people. The rest is of linked sources."""

SESSIONS: Final = sa.Table(
    "workout_sessions",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column(
        "user_id",
        sa.String(255),
        sa.ForeignKey("user_health_profiles.userId", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("exercise", sa.String(100), nullable=False),
    sa.Column("reps", sa.Integer, nullable=False),
    sa.Column("accuracy", sa.Float, nullable=False),
    sa.Column("timestamp", sa.String(50), nullable=False),
    sa.Column("duration", sa.Integer, nullable=False),
    sa.Column("feedback_points", sa.Text, nullable=True),
    sa.Column("created_at", sa.TIMESTAMP, server_default=sa.func.current_timestamp()),
    sqlite_autoincrement=True,
)
"""The literal table of the pose coach; `feedback_points` is a JSON array."""

KEYS: Final = sa.Table(
    "workout_session_keys",
    METADATA,
    sa.Column("session_id", sa.String(128), primary_key=True),
    sa.Column(
        "row_id",
        sa.Integer,
        sa.ForeignKey("workout_sessions.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
)
"""Row of each session: `workout_sessions` has no column for the id of a session."""

ROW_NAME: Final = sa.literal("row ") + sa.cast(SESSIONS.c.id, sa.String)
"""Name of a row without a key, instead of the id of a session: it was added by hand."""


class SqlAnalytics:
    """Implements `AnalyticsStore` in a database per tenant."""

    name: StoreName = "analytics"

    def __init__(self, databases: TenantFiles | MysqlDatabases) -> None:
        self._databases = databases
        self.close = databases.close

    def save(self, tenant_id: TenantId, record: SessionRecord, created_at: datetime) -> None:
        del created_at  # the table has its own default
        values = {
            "user_id": record.user_id,
            "exercise": record.exercise,
            "reps": record.reps,
            "accuracy": record.accuracy,
            "timestamp": record.timestamp,
            "duration": record.duration,
            "feedback_points": json.dumps(record.feedback_points, ensure_ascii=False),
        }
        with self._databases.writing(tenant_id) as connection:
            this = SESSIONS.c.id == _row_id(connection, record.session_id)
            try:
                if not connection.execute(sa.update(SESSIONS).where(this).values(values)).rowcount:
                    _forget(connection, record.session_id)  # of a row that was deleted by hand
                    added = connection.execute(sa.insert(SESSIONS).values(values))
                    key = added.inserted_primary_key
                    row = {
                        "session_id": record.session_id,
                        "row_id": None if key is None else key[0],
                    }
                    connection.execute(sa.insert(KEYS).values(row))
            except IntegrityError as refused:
                raise ProfileMissing from refused
            TREE.change(connection, record.session_id, record.digest())

    def get(self, tenant_id: TenantId, user_id: str, session_id: str) -> SessionRecord | None:
        with self._databases.reading(tenant_id) as connection:
            this = (KEYS.c.session_id == session_id) & (SESSIONS.c.user_id == user_id)
            found = _records(connection, this)
        return found[0] if found else None

    def find(self, tenant_id: TenantId, session_id: str) -> SessionRecord | None:
        with self._databases.reading(tenant_id) as connection:
            found = _records(connection, KEYS.c.session_id == session_id)
        return found[0] if found else None

    def delete(self, tenant_id: TenantId, user_id: str, session_id: str) -> bool:
        with self._databases.writing(tenant_id) as connection:
            row_id = _row_id(connection, session_id)
            this = (SESSIONS.c.id == row_id) & (SESSIONS.c.user_id == user_id)
            deleted = connection.execute(sa.delete(SESSIONS).where(this)).rowcount == 1
            if deleted:
                TREE.change(connection, session_id, None)
        return deleted

    def discard(self, tenant_id: TenantId, session_id: str) -> None:
        with self._databases.writing(tenant_id) as connection:
            this = SESSIONS.c.id == _row_id(connection, session_id)
            without_key = SESSIONS.c.id.not_in(sa.select(KEYS.c.row_id))
            named = ROW_NAME.in_((session_id,)) & without_key
            connection.execute(sa.delete(SESSIONS).where(this | named))
            _forget(connection, session_id)
            TREE.change(connection, session_id, None)

    def list(self, tenant_id: TenantId, user_id: str) -> Sequence[SessionRecord]:
        with self._databases.reading(tenant_id) as connection:
            return _records(connection, SESSIONS.c.user_id == user_id)

    def save_profile(
        self, tenant_id: TenantId, user_id: str, profile: ProfileRecord | None = None
    ) -> None:
        values: dict[str, Any] = {} if profile is None else _profile_values(profile)
        with self._databases.writing(tenant_id) as connection:
            this = PROFILES.c.userId == user_id
            if connection.execute(sa.select(PROFILES.c.userId).where(this)).first() is None:
                connection.execute(sa.insert(PROFILES).values(userId=user_id, **values))
            elif values:
                connection.execute(sa.update(PROFILES).where(this).values(values))

    def groups(
        self, tenant_id: TenantId, begin: datetime, end: datetime, *, fewest: int, by_exercise: bool
    ) -> Sequence[GroupFigures]:
        consented = (
            sa.select(
                SESSIONS.c.user_id,
                SESSIONS.c.exercise,
                SESSIONS.c.reps,
                sa.func.round(SESSIONS.c.accuracy, ACCURACY_DECIMALS).label("accuracy"),
                SESSIONS.c.duration,
            )
            .join(PROFILES, PROFILES.c.userId == SESSIONS.c.user_id)
            .where(
                SESSIONS.c.timestamp >= to_timestamp(begin),
                SESSIONS.c.timestamp < to_timestamp(end),
                PROFILES.c.isCompared.is_(True),
            )
            .subquery()
        )
        query = select_groups(consented, fewest=fewest, by_exercise=by_exercise)
        with self._databases.reading(tenant_id) as connection:
            return [to_group(row) for row in connection.execute(query)]

    def delete_profile(self, tenant_id: TenantId, user_id: str) -> int:
        with self._databases.writing(tenant_id) as connection:
            rows = _rows(connection, SESSIONS.c.user_id == user_id)
            for row in rows:
                TREE.change(connection, row["session_id"], None)
            connection.execute(sa.delete(PROFILES).where(PROFILES.c.userId == user_id))
        return len(rows)

    def tree(self, tenant_id: TenantId) -> HashTree:
        return SqlTree(TREE, partial(self._databases.reading, tenant_id))

    def rebuild_tree(self, tenant_id: TenantId) -> None:
        with self._databases.writing(tenant_id) as connection:
            rows = _rows(connection, sa.true())
            TREE.rebuild(connection, {row["session_id"]: _digest(row) for row in rows})


class SqliteAnalytics(SqlAnalytics):
    """The files `pose_analytics.{tenant}.sqlite3` in a data folder."""

    def __init__(self, home: Path) -> None:
        super().__init__(TenantFiles(home, "pose_analytics", METADATA, "The analytics store"))


class MysqlAnalytics(SqlAnalytics):
    """Databases on a server of MySQL or MariaDB, by its URL."""

    def __init__(self, url: str) -> None:
        super().__init__(MysqlDatabases(url, METADATA))


def _profile_values(profile: ProfileRecord) -> dict[str, Any]:
    return {
        "isCompared": profile.is_compared,
        "healthRecords": profile.health_records,
        "lastSync": profile.last_sync,
    }


def _row_id(connection: sa.Connection, session_id: str) -> int | None:
    query = sa.select(KEYS.c.row_id).where(KEYS.c.session_id == session_id)
    return connection.execute(query).scalar_one_or_none()


def _forget(connection: sa.Connection, session_id: str) -> None:
    connection.execute(sa.delete(KEYS).where(KEYS.c.session_id == session_id))


def _records(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Sequence[SessionRecord]:
    rows = [row for row in _rows(connection, which) if row["has_key"]]
    return [record for row in rows if (record := _record(row))]


def _rows(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Sequence[sa.RowMapping]:
    """Return rows, newest first, with the ids of their sessions, or their names without one."""
    session_id = sa.func.coalesce(KEYS.c.session_id, ROW_NAME)
    has_key = KEYS.c.session_id.is_not(None)
    query = sa.select(session_id.label("session_id"), has_key.label("has_key"), *SESSIONS.c)
    joined = query.outerjoin_from(SESSIONS, KEYS, KEYS.c.row_id == SESSIONS.c.id)
    newest = joined.where(which).order_by(SESSIONS.c.timestamp.desc(), session_id.desc())
    return connection.execute(newest).mappings().all()


def _digest(row: sa.RowMapping) -> int:
    record = _record(row) if row["has_key"] else None
    content = json.dumps([row[column] for column in SESSIONS.c], default=str)
    return damaged_digest(content) if record is None else record.digest()


def _record(row: sa.RowMapping) -> SessionRecord | None:
    try:
        record = SessionRecord(
            session_id=row["session_id"],
            user_id=row["user_id"],
            exercise=row["exercise"],
            reps=row["reps"],
            accuracy=round(row["accuracy"], ACCURACY_DECIMALS),
            timestamp=row["timestamp"],
            duration=row["duration"],
            feedback_points=tuple(json.loads(row["feedback_points"] or "[]")),
        )
        record.digest()
    except (TypeError, ValueError, InvalidValue):  # changed by hand
        return None
    return record
