"""Published quartiles of the comparison of months, on SQL."""

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
from application.leaderboards.rankings import Compared, Quartiles
from domain.ids import TenantId

NAMED: Final = "The published months of the leaderboards"

METADATA: Final = sa.MetaData()

QUARTILES: Final = sa.Table(
    "leaderboard_quartiles",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("month", sa.Date, primary_key=True),
    sa.Column("figure", TEXT, primary_key=True),
    sa.Column("published", TEXT, nullable=False),
)
"""`published` is JSON: rounded figures of twenty people or more, without ids."""


class SqlPublishedQuartiles:
    """Implements `PublishedQuartiles` in the table `leaderboard_quartiles`, and creates it.

    For PostgreSQL, `engine` comes from `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=QUARTILES.name, make=METADATA.create_all)

    def get(self, tenant_id: TenantId, month: date, of: Compared) -> Quartiles | None:
        query = sa.select(QUARTILES.c.published).where(
            QUARTILES.c.tenant_id == tenant_id,
            QUARTILES.c.month == month,
            QUARTILES.c.figure == of,
        )
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            published = connection.execute(query).scalar_one_or_none()
        return None if published is None else msgspec.json.decode(published, type=Quartiles)

    def add(
        self, tenant_id: TenantId, month: date, of: Compared, quartiles: Quartiles
    ) -> Quartiles:
        values = {
            "tenant_id": tenant_id,
            "month": month,
            "figure": of,
            "published": msgspec.json.encode(quartiles).decode(),
        }
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            added = add_once(connection, QUARTILES, values)
        return quartiles if added else self.get(tenant_id, month, of) or quartiles
