"""Write-backs of workouts to health clouds on SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.sql.columns import TEXT, Instant
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import upsert
from adapters.sql.row_security import tenant_transaction
from application.health.writes import HealthWrite
from domain.health.events import CloudSource
from domain.ids import SessionId, TenantId, UserId

NAMED: Final = "The workouts written to health services"

METADATA: Final = sa.MetaData()

WRITE: Final = sa.Table(
    "health_write",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("user_id", TEXT, primary_key=True),
    sa.Column("source", TEXT, primary_key=True),
    sa.Column("session_id", TEXT, primary_key=True),
    sa.Column("state", TEXT, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("reference", TEXT),
    sa.Column("reason", TEXT),
    sa.Column("left", TEXT, nullable=False),
    sa.Index("health_write_newest", "tenant_id", "user_id", "at"),
)
"""`left` is a JSON list of what the cloud could not hold."""

COLUMNS: Final = [WRITE.c[each.name] for each in fields(HealthWrite)]


class SqlHealthWrites:
    """Implements `HealthWrites` in the table `health_write`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=WRITE.name, make=METADATA.create_all)

    def of_sessions(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        source: CloudSource,
        session_ids: Sequence[SessionId],
    ) -> Mapping[SessionId, HealthWrite]:
        named = _of(tenant_id, user_id) & (WRITE.c.source == source)
        query = sa.select(*COLUMNS).where(named, WRITE.c.session_id.in_(session_ids))
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            rows = connection.execute(query).mappings().all()
        return {row["session_id"]: _write(row) for row in rows}

    def put(self, write: HealthWrite) -> None:
        values = asdict(write) | {"left": msgspec.json.encode(write.left).decode()}
        with tenant_transaction(self._engine, write.tenant_id, NAMED) as connection:
            upsert(connection, WRITE, values)

    def latest(self, tenant_id: TenantId, user_id: UserId, limit: int) -> Sequence[HealthWrite]:
        query = sa.select(*COLUMNS).where(_of(tenant_id, user_id))
        newest = query.order_by(WRITE.c.at.desc(), WRITE.c.session_id).limit(limit)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            return [_write(row) for row in connection.execute(newest).mappings()]

    def delete(self, tenant_id: TenantId, user_id: UserId, source: CloudSource) -> None:
        this = _of(tenant_id, user_id) & (WRITE.c.source == source)
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            connection.execute(sa.delete(WRITE).where(this))


def _of(tenant_id: TenantId, user_id: UserId) -> sa.ColumnElement[bool]:
    return (WRITE.c.tenant_id == tenant_id) & (WRITE.c.user_id == user_id)


def _write(row: sa.RowMapping) -> HealthWrite:
    values: dict[str, Any] = {column.name: row[column.name] for column in COLUMNS}
    values["left"] = tuple(msgspec.json.decode(values["left"], type=list[str]))
    return HealthWrite(**values)
