"""Published months of the pose coach's report on several people, on SQL."""

from datetime import date
from typing import Final

import msgspec
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.sql.columns import TEXT
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.row_security import tenant_transaction
from adapters.users.database import add_once
from application.pose_coach.report import PopulationMonth
from domain.ids import TenantId

NAMED: Final = "The published months of the pose coach"

METADATA: Final = sa.MetaData()

MONTH: Final = sa.Table(
    "pose_report_month",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("month", sa.Date, primary_key=True),
    sa.Column("published", TEXT, nullable=False),
)
"""`published` is JSON: figures of twenty people or more, without ids."""


class SqlPublishedMonths:
    """Implements `PublishedMonths` in the table `pose_report_month`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=MONTH.name, make=METADATA.create_all)

    def get(self, tenant_id: TenantId, month: date) -> PopulationMonth | None:
        query = sa.select(MONTH.c.published).where(
            MONTH.c.tenant_id == tenant_id, MONTH.c.month == month
        )
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            published = connection.execute(query).scalar_one_or_none()
        return None if published is None else _decode(published)

    def add(self, tenant_id: TenantId, month: PopulationMonth) -> PopulationMonth:
        values = {
            "tenant_id": tenant_id,
            "month": month.month,
            "published": msgspec.json.encode(month).decode(),
        }
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            added = add_once(connection, MONTH, values)
        return month if added else self.get(tenant_id, month.month) or month


def _decode(published: str) -> PopulationMonth:
    return msgspec.json.decode(published, type=PopulationMonth)
