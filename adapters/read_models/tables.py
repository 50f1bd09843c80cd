"""The tables of read models: one per projection, version and generation, behind stable views.

`session_summary_v1_2` is the second table filled for version 1. `session_summary_v1` is the view
that Kinelog reads, and `session_summary` the one for analysts; both point to the live table.
"""

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from adapters.sql.columns import TEXT, Instant, row_columns
from domain.kernel import Projection

STATE: Final = sa.Table(
    "projection_table",
    sa.MetaData(),
    sa.Column("projection", TEXT, primary_key=True),
    sa.Column("generation", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("live", sa.Boolean, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("failed_at", sa.BigInteger),
    sa.Column("failure", TEXT),
)
"""Every table there is: how far it is filled, whether it is read, and at which event it failed."""

QUARANTINE: Final = sa.Table(
    "parked_stream",
    sa.MetaData(),
    sa.Column("projection", TEXT, primary_key=True),
    sa.Column("generation", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("stream", TEXT, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("reason", TEXT, nullable=False),
    sa.Column("stack", TEXT, nullable=False),
)
"""Streams that a table goes on without, from which event on, and why."""

DATA_VERSION: Final = sa.Table(
    "edition",
    sa.MetaData(),
    sa.Column("name", TEXT, nullable=False),
)
"""One row, with another random name after each change of any table that is read."""


STREAM_OWNER: Final = sa.Table(
    "stream_owner",
    sa.MetaData(),
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("stream", TEXT, primary_key=True),
    sa.Column("owner_id", TEXT, nullable=False),
)
"""Whose a stream is, and with it every row that was made of the stream's events."""

LAYOUT: Final = sa.Table(
    "layout_2",
    sa.MetaData(),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
)
"""Empty. Its name says how these tables are laid out: those of an older layout are made anew."""


def view_name(projection: Projection[Any]) -> str:
    """Name under which Kinelog reads the projection's present version."""
    return f"{projection.name}_v{projection.version}"


def table_name(name: str, version: int, generation: int) -> str:
    """Name of the table itself."""
    return f"{name}_v{version}_{generation}"


@dataclass(frozen=True)
class RowTable:
    """A table (or view of one) with the columns that every row has, and those of its dataclass."""

    table: sa.Table
    row: type[Any]
    names: tuple[str, ...]

    @property
    def key(self) -> sa.Column[str]:
        """Key of the row, unique within the tenant."""
        return self.table.c["key"]

    @property
    def tenant_id(self) -> sa.Column[str]:
        """Tenant whose row it is."""
        return self.table.c["tenant_id"]

    @property
    def owner_id(self) -> sa.Column[str]:
        """Whose row it is; without a value it is the tenant's."""
        return self.table.c["owner_id"]

    @property
    def instants(self) -> list[str]:
        """Names of the columns that hold points in time."""
        return [name for name in self.names if isinstance(self.table.c[name].type, Instant)]

    @property
    def columns(self) -> list[sa.Column[Any]]:
        """Columns of the dataclass, in its order."""
        return [self.table.c[name] for name in self.names]


def live_view(projection: Projection[Any]) -> RowTable:
    """Give the view through which the live table is read."""
    row: Any = projection.row
    return _described(view_name(projection), row, ())


def filled_table(projection: Projection[Any], generation: int) -> RowTable:
    """Give the table itself, to be created, written and dropped."""
    name = table_name(projection.name, projection.version, generation)
    row: Any = projection.row
    return _described(name, row, projection.indexes)


@cache
def _described(name: str, row: type[Any], indexes: tuple[tuple[str, ...], ...]) -> RowTable:
    own = (
        sa.Column("tenant_id", TEXT, primary_key=True),
        sa.Column("key", TEXT, primary_key=True, info={"type": str}),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("owner_id", TEXT),
    )
    table = sa.Table(name, sa.MetaData(), *own, *row_columns(row))
    for number, index in enumerate(indexes, start=1):
        columns = (table.c[column] for column in ("tenant_id", *index, "key"))
        sa.Index(f"{name}_by_{number}", *columns)
    return RowTable(table, row, tuple(field.name for field in fields(row)))
