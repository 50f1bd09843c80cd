"""Leases for daily work on SQL, beside the job table."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.jobs.sql import FILE_NOW, SCHEMA, SERVER_NOW
from adapters.sql.columns import TEXT
from adapters.sql.engines import is_postgresql, make_once
from adapters.sql.errors import storage_errors
from adapters.sql.row_security import act
from domain.ids import TenantId

METADATA: Final = sa.MetaData()

DAILY_WORK: Final = sa.Table(
    "daily_work",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("owner", sa.Uuid, nullable=False),
    sa.Column("until", sa.Double, nullable=False),
    sa.Column("done_day", sa.Date),
)
"""Owner of a tenant's work, expiry in seconds since 1970, and the last day whose work is done."""

NAMED: Final = "The daily work"


class SqlDailyLeases:
    """`DailyLeases` in the table `daily_work`, which is created if it does not exist.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        server = is_postgresql(engine)
        self._insert: Any = postgresql.insert if server else sqlite.insert
        self._now = SERVER_NOW if server else FILE_NOW
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=DAILY_WORK.name, make=METADATA.create_all)

    def take(
        self, tenant_id: TenantId, owner: UUID, day: date, lease_s: float
    ) -> Literal["taken", "held", "done"]:
        until = self._now + lease_s
        is_open = sa.or_(DAILY_WORK.c.done_day.is_(None), DAILY_WORK.c.done_day < day)
        insert = self._insert(DAILY_WORK).values(tenant_id=tenant_id, owner=owner, until=until)
        upsert = insert.on_conflict_do_update(
            index_elements=["tenant_id"],
            set_={"owner": owner, "until": until},
            where=sa.and_(is_open, DAILY_WORK.c.until <= self._now),
        ).returning(DAILY_WORK.c.owner)
        left = sa.select(DAILY_WORK.c.tenant_id).where(_of(tenant_id), is_open)
        with self._transaction(tenant_id) as connection:
            if connection.execute(upsert).first() is not None:
                return "taken"
            return "done" if connection.execute(left).first() is None else "held"

    def keep(self, tenant_id: TenantId, owner: UUID, lease_s: float) -> bool:
        return self._change(tenant_id, owner, until=self._now + lease_s)

    def done(self, tenant_id: TenantId, owner: UUID, day: date) -> None:
        self._change(tenant_id, owner, until=self._now, done_day=day)

    def _change(self, tenant_id: TenantId, owner: UUID, **values: Any) -> bool:
        held = sa.update(DAILY_WORK).where(_of(tenant_id), DAILY_WORK.c.owner == owner)
        with self._transaction(tenant_id) as connection:
            return connection.execute(held.values(values)).rowcount == 1

    @contextmanager
    def _transaction(self, tenant_id: TenantId) -> Generator[sa.Connection]:
        with storage_errors(NAMED), self._engine.begin() as connection:
            act(connection, tenant_id)
            yield connection


def _of(tenant_id: TenantId) -> sa.ColumnElement[bool]:
    return DAILY_WORK.c.tenant_id == tenant_id
