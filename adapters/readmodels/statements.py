"""The statements that fill read models, each compiled once."""

from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.readmodels.tables import STATE, RowTable
from application.projection_tables import RowKey, Written

MOVE: Final = (
    STATE.update()
    .where(
        STATE.c.projection == sa.bindparam("of"),
        STATE.c.generation == sa.bindparam("at_generation"),
        STATE.c.position == sa.bindparam("from_position"),
    )
    .values(
        position=sa.bindparam("reached"),
        failed_at=sa.bindparam("failed_position"),
        failure=sa.bindparam("reason"),
    )
)
"""Take a table from one position to another, if that is where it is."""


def record_of(filled: RowTable, at: RowKey, written: Written) -> dict[str, Any]:
    """Values of a row by column, as `upsert_rows` takes them."""
    record = {name: getattr(written.row, name) for name in filled.names}
    record.update(tenant_id=at[0], key=at[1], stream=written.stream, position=written.position)
    return record


@cache
def select_rows(filled: RowTable) -> sa.Select[*tuple[Any, ...]]:
    """Read the keys `wanted` of a `tenant`: key, then the fields of the row."""
    return sa.select(filled.key, *filled.columns).where(
        filled.tenant_id == sa.bindparam("tenant"),
        filled.key.in_(sa.bindparam("wanted", expanding=True)),
    )


@cache
def upsert_rows(filled: RowTable, dialect: str) -> Any:
    """Insert a row, or replace it where its key is there: both databases spell it alike."""
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(filled.table)
    changed = {
        column.name: insert.excluded[column.name]
        for column in filled.table.columns
        if not column.primary_key
    }
    return insert.on_conflict_do_update(index_elements=["tenant_id", "key"], set_=changed)


@cache
def delete_rows(filled: RowTable) -> sa.Delete:
    """Delete rows, each given as `gone_tenant` and `gone_key`."""
    return sa.delete(filled.table).where(
        filled.tenant_id == sa.bindparam("gone_tenant"), filled.key == sa.bindparam("gone_key")
    )
