"""Lists of tables whose rows are numbered in the order of their insertion, the newest first."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from application.kernel.read_models import CursorInvalid, Edge, Page, Window

NUMBER: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""Type of the column `number`, with `sa.Identity()`."""

MAX_DIGITS: Final = 18
"""Most digits of a number in a cursor: each such number fits into a BIGINT."""

Row = TypeVar("Row")


def numbered_page(
    connection: sa.Connection,
    columns: Sequence[sa.Column[Any]],
    where: sa.ColumnElement[bool],
    window: Window,
    read: Callable[[sa.RowMapping], Row],
) -> Page[Row]:
    """Return a page of the rows that meet a condition, read from `columns` of one table.

    The table has the columns `number` and `id`. Raises CursorInvalid for a cursor of another list.
    """
    number = columns[0].table.c.number
    if window.after is not None:
        where &= number < _number(window.after)
    if window.before is not None:
        where &= number > _number(window.before)
    order = number.asc() if window.backward else number.desc()
    query = sa.select(number, *columns).where(where).order_by(order).limit(window.size + 1)
    rows = connection.execute(query).mappings().all()
    more, kept = len(rows) > window.size, rows[: window.size]
    if window.backward:
        kept = kept[::-1]
    edges = tuple(Edge(str(row["number"]), str(row["id"]), read(row)) for row in kept)
    if window.backward:
        return Page(edges, has_next=window.before is not None, has_previous=more)
    return Page(edges, has_next=more, has_previous=window.after is not None)


def _number(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= MAX_DIGITS):
        raise CursorInvalid
    return int(cursor)
