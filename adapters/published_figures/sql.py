"""Published figures of many people, on SQL."""

from datetime import date
from typing import Final, TypeVar

import msgspec
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.sql.columns import TEXT
from adapters.sql.engines import make_once
from adapters.sql.errors import storage_errors
from adapters.sql.inserts import add_once
from adapters.sql.row_security import tenant_transaction
from domain.ids import TenantId

T = TypeVar("T")

NAMED: Final = "The published figures"

METADATA: Final = sa.MetaData()

FIGURES: Final = sa.Table(
    "published_figures",
    METADATA,
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("month", sa.Date, primary_key=True),
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("published", TEXT, nullable=False),
)
"""`published` is JSON: rounded figures of twenty people or more, without ids."""

COLUMNS: Final = "tenant_id, month, name, published"

EARLIER: Final = {
    "leaderboard_quartiles": "tenant_id, month, 'leaderboard_' || figure, published",
    "pose_report_month": "tenant_id, month, 'pose_coach_report', published",
}
"""Tables of earlier versions, and their columns in the order of COLUMNS."""


class SqlPublishedFigures:
    """Implements `PublishedFigures` in the table `published_figures`, and creates it.

    Rows of the tables of earlier versions are moved to it. For PostgreSQL, `engine` comes from
    `open_engine` with the schema `jobs`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        with storage_errors(NAMED):
            make_once(engine, schema=SCHEMA, marker_table=FIGURES.name, make=_make)

    def get(self, tenant_id: TenantId, month: date, name: str, shape: type[T]) -> T | None:
        query = sa.select(FIGURES.c.published).where(
            FIGURES.c.tenant_id == tenant_id, FIGURES.c.month == month, FIGURES.c.name == name
        )
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            published = connection.execute(query).scalar_one_or_none()
        return None if published is None else msgspec.json.decode(published, type=shape)

    def add(self, tenant_id: TenantId, month: date, name: str, figures: T) -> T:
        values = {
            "tenant_id": tenant_id,
            "month": month,
            "name": name,
            "published": msgspec.json.encode(figures).decode(),
        }
        with tenant_transaction(self._engine, tenant_id, NAMED) as connection:
            added = add_once(connection, FIGURES, values)
        return figures if added else self.get(tenant_id, month, name, type(figures)) or figures


def _make(connection: sa.Connection) -> None:
    METADATA.create_all(connection)
    schema = SCHEMA if connection.dialect.name == "postgresql" else None
    for table, columns in EARLIER.items():
        if sa.inspect(connection).has_table(table, schema=schema):
            connection.exec_driver_sql(
                f"INSERT INTO published_figures ({COLUMNS}) SELECT {columns} FROM {table}"  # noqa: S608  constants
            )
            connection.exec_driver_sql(f"DROP TABLE {table}")
