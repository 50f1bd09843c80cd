"""The tables of read models: one per projection, version and generation, behind stable views.

`session_summary_v1_2` is the second table filled for version 1. `session_summary_v1` is the view
that Kinelog reads, and `session_summary` the one for analysts; both point to the live table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from typing import Any, Final

import sqlalchemy as sa

from adapters.read_models import frame_view, retention_view, round_view
from adapters.sql.columns import TEXT, Instant, row_columns
from domain.kernel import Projection
from projections.enrollment import Enrollment
from projections.enrollment_history import ENROLLMENT_HISTORY
from projections.registry import PLAIN_NAMES

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
"""All tables: how far each is filled, whether it is live, and at which event it failed."""

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
"""Streams that a table skips, from which event on, and why."""

DATA_VERSION: Final = sa.Table(
    "edition",
    sa.MetaData(),
    sa.Column("name", TEXT, nullable=False),
)
"""One row, whose random value changes with each change of any live table."""


STREAM_OWNER: Final = sa.Table(
    "stream_owner",
    sa.MetaData(),
    sa.Column("tenant_id", TEXT, primary_key=True),
    sa.Column("stream", TEXT, primary_key=True),
    sa.Column("owner_id", TEXT, nullable=False),
)
"""The owner of a stream, and so of every row that its events produce."""

LAYOUT: Final = sa.Table(
    "layout_2",
    sa.MetaData(),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
)
"""Empty. Its name is the layout version of these tables: those of an older layout are recreated."""


def view_name(projection: Projection[Any]) -> str:
    """Name under which Kinelog reads the projection's current version."""
    return f"{projection.name}_v{projection.version}"


def plain_names(projection: str) -> list[str]:
    """Return the names of the views under which other programs read a read model."""
    also = PLAIN_NAMES.get(projection)
    return [projection] if also is None else [projection, also]


def views_on(projection: str, version: int) -> list[str]:
    """Return the names of all views on the live table of a read model."""
    views = (frame_view, retention_view, round_view)
    derived = [each.NAME for each in views if projection == each.SOURCE]
    if projection == round_view.SOURCE:
        derived.append(round_view.own_name(version))
    return [f"{projection}_v{version}", *plain_names(projection), *derived]


def table_name(name: str, version: int, generation: int) -> str:
    """Name of the table itself."""
    return f"{name}_v{version}_{generation}"


@dataclass(frozen=True)
class RowTable:
    """A table (or view of one) with the columns common to all rows, and those of its dataclass."""

    table: sa.Table
    row: type[Any]
    names: tuple[str, ...]

    @property
    def key(self) -> sa.Column[str]:
        """Key of the row, unique within the tenant."""
        return self.table.c["key"]

    @property
    def tenant_id(self) -> sa.Column[str]:
        """Tenant of the row."""
        return self.table.c["tenant_id"]

    @property
    def owner_id(self) -> sa.Column[str]:
        """Owner of the row; without a value it is the tenant's."""
        return self.table.c["owner_id"]

    @property
    def instants(self) -> list[str]:
        """Names of the columns that hold points in time."""
        return [name for name in self.names if isinstance(self.table.c[name].type, Instant)]

    @property
    def columns(self) -> list[sa.Column[Any]]:
        """Columns of the dataclass, in its order."""
        return [self.table.c[name] for name in self.names]

    @cached_property
    def row_of(self) -> Callable[[Sequence[Any]], Any]:
        """Function that builds a row from values, in a third of the time of the constructor."""
        kind, names = self.row, self.names
        if hasattr(kind, "__slots__"):
            return lambda values: kind(*values)

        def row_of(values: Sequence[Any]) -> Any:
            row = object.__new__(kind)
            row.__dict__.update(zip(names, values, strict=True))
            return row

        return row_of


def live_view(projection: Projection[Any]) -> RowTable:
    """Return the view through which the live table is read."""
    row: Any = projection.row
    return _described(view_name(projection), row, ())


def live_rounds() -> RowTable:
    """Return the view through which the rounds of enrollments are read, without their numbers."""
    return _described(round_view.own_name(ENROLLMENT_HISTORY.version), Enrollment, ())


def filled_table(projection: Projection[Any], generation: int) -> RowTable:
    """Return the table itself, to create, fill and drop it."""
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
