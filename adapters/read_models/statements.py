"""SQL statements that fill read models, each compiled once."""

import re
from functools import cache
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from adapters.read_models.tables import STATE, STREAM_OWNER, RowTable
from adapters.sql.columns import utc
from adapters.sql.inserts import insert_into
from application.kernel.projection_store import RowKey, Written

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
"""Move a table's checkpoint from one position to another, if it is at the first."""

NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""JSON escape of the character that PostgreSQL cannot hold: not after an odd backslash."""


def record_of(filled: RowTable, at: RowKey, written: Written) -> dict[str, Any]:
    """Return the values of a row by column, as `upsert_rows` takes them."""
    record = {name: getattr(written.row, name) for name in filled.names}
    record.update(tenant_id=at[0], key=at[1], stream=written.stream, position=written.position)
    return record


@cache
def select_rows(filled: RowTable, dialect: str) -> sa.Select[*tuple[Any, ...]]:
    """Read the keys `wanted` of a `tenant`: key, then the fields of the row.

    PostgreSQL takes the keys as one array, so that it plans the statement once.
    """
    wanted: sa.ColumnElement[bool]
    if dialect == "postgresql":
        wanted = filled.key == sa.any_(sa.bindparam("wanted", type_=postgresql.ARRAY(sa.Text())))
    else:
        wanted = filled.key.in_(sa.bindparam("wanted", expanding=True))
    return sa.select(filled.key, *filled.columns).where(
        filled.tenant_id == sa.bindparam("tenant"), wanted
    )


@cache
def upsert_owners(dialect: str) -> Any:
    """Store the owners of streams. An owner never changes."""
    return insert_into(dialect, STREAM_OWNER).on_conflict_do_nothing()


@cache
def upsert_rows(filled: RowTable) -> Any:
    """Insert a row into SQLite, or replace the row with its key.

    It belongs to the owner of the stream `of_stream` in the tenant `of_tenant`.
    """
    owner = sa.select(STREAM_OWNER.c.owner_id).where(
        STREAM_OWNER.c.tenant_id == sa.bindparam("of_tenant", type_=sa.Text()),
        STREAM_OWNER.c.stream == sa.bindparam("of_stream", type_=sa.Text()),
    )
    return _or_replaced(
        filled, sqlite.insert(filled.table).values(owner_id=owner.scalar_subquery())
    )


@cache
def upsert_document(filled: RowTable) -> Any:
    """Insert all rows of the JSON array `rows` into PostgreSQL, or replace existing ones.

    One parameter instead of one per field: PostgreSQL parses it several times as fast as its driver
    can send the others. Each row belongs to its stream's owner.
    """
    given = sa.cast(sa.bindparam("rows", type_=postgresql.TEXT()), postgresql.JSON)
    columns = [
        sa.column(column.name, column.type)
        for column in filled.table.columns
        if column.name != "owner_id"
    ]
    document = sa.func.json_to_recordset(given).table_valued(*columns, name="new")
    new = document.render_derived(with_types=True)
    whose = sa.and_(
        STREAM_OWNER.c.tenant_id == new.c.tenant_id, STREAM_OWNER.c.stream == new.c.stream
    )
    rows = sa.select(*new.c, STREAM_OWNER.c.owner_id).select_from(
        new.outerjoin(STREAM_OWNER, whose)
    )
    names = [*(column.name for column in columns), "owner_id"]
    return _or_replaced(filled, postgresql.insert(filled.table).from_select(names, rows))


def _or_replaced(filled: RowTable, insert: Any) -> Any:
    """Add the upsert clause, which both databases spell alike."""
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


def document_of(filled: RowTable, records: list[dict[str, Any]]) -> str:
    """Encode records as `upsert_document` takes them.

    Raises NaiveTimeError, and TypeError or ValueError for values that JSON does not have.
    """
    for record in records:
        for name in filled.instants:
            at = record[name]
            record[name] = None if at is None else utc(at)
    document = msgspec.json.encode(records).decode()
    return NUL.sub(r"\1\\ufffd", document) if r"\u0000" in document else document
