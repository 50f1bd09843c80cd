"""Inserts of rows whose key may exist, on PostgreSQL and SQLite."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(dialect: str, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT of a dialect, `dialect.name` of a connection, that can handle conflicts."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def add_once(connection: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless its key exists, also under concurrency; return whether it was new."""
    insert = insert_into(connection.dialect.name, table).values(values)
    added = insert.on_conflict_do_nothing().returning(sa.literal(1))
    return connection.execute(added).first() is not None


def upsert(connection: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or change these columns of the row with its primary key."""
    key = table.primary_key.columns
    changed = {name: each for name, each in values.items() if name not in key}
    insert = insert_into(connection.dialect.name, table).values(values)
    connection.execute(insert.on_conflict_do_update(index_elements=key, set_=changed))
