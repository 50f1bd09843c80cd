"""The last day whose daily work is done, by tenant, on SQL beside the job table."""

from contextlib import AbstractContextManager
from datetime import date
from typing import Final

import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.sql.columns import TEXT
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import upsert
from adapters.sql.row_security import tenant_transaction
from domain.ids import TenantId

METADATA: Final = sa.MetaData()

DAILY_RUN: Final = sa.Table(
    "daily_run",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("done_day", sa.Date, nullable=False),
)

NAMED: Final = "The daily work"


class SqlDailyRuns:
    """`DailyRuns` in the table `daily_run`, which is created if it does not exist.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=DAILY_RUN.name, make=_make)

    def last(self, tenant_id: TenantId) -> date | None:
        query = sa.select(DAILY_RUN.c.done_day).where(DAILY_RUN.c.tenant_id == tenant_id)
        with self._transaction(tenant_id) as connection:
            return connection.execute(query).scalar_one_or_none()

    def done(self, tenant_id: TenantId, day: date) -> None:
        with self._transaction(tenant_id) as connection:
            upsert(connection, DAILY_RUN, {"tenant_id": tenant_id, "done_day": day})

    def _transaction(self, tenant_id: TenantId) -> AbstractContextManager[sa.Connection]:
        return tenant_transaction(self._engine, tenant_id, NAMED)


def _make(connection: sa.Connection) -> None:
    """Create the table. Its predecessor had leases; without it a day may be done once more."""
    METADATA.create_all(connection)
    connection.exec_driver_sql("DROP TABLE IF EXISTS daily_work")
