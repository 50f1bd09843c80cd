"""Keyset pagination: a cursor names its row, so that inserts move no page."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, Final

import msgspec
import sqlalchemy as sa

from adapters.read_models.row_guard import Reader
from adapters.read_models.tables import RowTable, live_view
from adapters.sql.columns import Structure
from application.kernel.read_models import (
    Between,
    ColumnUnknown,
    Containing,
    CursorInvalid,
    Holding,
    InSubquery,
    NoneOf,
    Scalar,
    Where,
)
from domain.kernel import Projection

ReaderOf = Callable[[Projection[Any]], Reader]
"""Returns the reader of another read model, by its kind."""


Text = Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*$")]
"""PostgreSQL stores no text with a NUL."""

DECODED: Final[Mapping[Any, Any]] = MappingProxyType(
    {
        str: Text,
        int: Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)],
        datetime: Annotated[datetime, msgspec.Meta(tz=True)],
    }
)
"""What a cursor can have as the value of a column, by the column's type; others are unlimited."""


@dataclass(frozen=True)
class Ordering:
    """Sort order of a list: a column, then the key. Rows without a value come first, ascending."""

    rows: RowTable
    column: sa.Column[Any]
    descending: bool

    @cached_property
    def label(self) -> str:
        """Name of the order, which its cursors contain."""
        return f"{'-' if self.descending else ''}{self.column.name}"

    def clauses(self, *, backward: bool) -> list[sa.ColumnElement[Any]]:
        """Return ORDER BY; `backward` reads from the list's end."""
        descending = self.descending != backward
        column: sa.ColumnElement[Any] = self.column.desc() if descending else self.column.asc()
        if self.column.nullable:
            column = column.nulls_last() if descending else column.nulls_first()
        key = self.rows.key.desc() if descending else self.rows.key.asc()
        return [key] if self.column.name == "key" else [column, key]

    def beyond(self, cursor: str, *, backward: bool) -> sa.ColumnElement[bool]:
        """Select the rows after the cursor's in the list; before it when `backward`."""
        value, key = self._place(cursor)
        here = (self.column, self.rows.key)
        there = (sa.literal(value, self.column.type), sa.literal(key))
        if self.descending != backward:
            if value is None:
                return sa.and_(self.column.is_(None), self.rows.key < key)
            lower = sa.tuple_(*here) < sa.tuple_(*there)
            return sa.or_(lower, self.column.is_(None)) if self.column.nullable else lower
        if value is None:
            same = sa.and_(self.column.is_(None), self.rows.key > key)
            return sa.or_(same, self.column.is_not(None))
        return sa.tuple_(*here) > sa.tuple_(*there)

    def at(self, cursor: str) -> sa.ColumnElement[bool]:
        """Select the row of the cursor."""
        return self.rows.key == self._place(cursor)[1]

    def cursor(self, value: Any, key: str) -> str:
        """Return the cursor of a row."""
        place = msgspec.json.encode((self.label, value, key))
        return base64.urlsafe_b64encode(place).decode().rstrip("=")

    def _place(self, cursor: str) -> tuple[Any, str]:
        """Decode a cursor: value and key of its row. Raises CursorInvalid."""
        kind: Any = self.column.info["type"]
        kind = DECODED.get(kind, kind)
        if self.column.nullable:
            kind = kind | None
        padded = cursor + "=" * (-len(cursor) % 4)
        try:
            place = base64.b64decode(padded, altchars=b"-_", validate=True)
            label, value, key = msgspec.json.decode(place, type=tuple[str, kind, Text])
            if isinstance(value, datetime):
                value = value.astimezone(UTC)
        except (ValueError, OverflowError) as unreadable:
            raise CursorInvalid from unreadable
        if label != self.label:
            raise CursorInvalid
        return value, key


def column_of(rows: RowTable, name: str) -> sa.Column[Any]:
    """Find a column to filter or sort by. Raises ColumnUnknown, also for structures."""
    sortable = name == "key" or name in rows.names
    if not sortable or isinstance(rows.table.c[name].type, Structure):
        raise ColumnUnknown(f"{rows.table.name} has no column {name} to filter or sort by.")
    return rows.table.c[name]


def conditions(
    rows: RowTable, tenant_id: str, where: Where | None, reader_of: ReaderOf
) -> list[Any]:
    """Build WHERE: the tenant's rows, with all conditions. Raises ColumnUnknown."""
    listed = [rows.tenant_id == tenant_id]
    for name, condition in (where or {}).items():
        match condition:
            case Holding(word=word):
                listed.append(_holds(rows, name, word))
            case InSubquery():
                listed.append(_named(column_of(rows, name), tenant_id, condition, reader_of))
            case _:
                listed.extend(_condition(column_of(rows, name), condition))
    return listed


def _named(
    column: sa.Column[Any], tenant_id: str, by: InSubquery, reader_of: ReaderOf
) -> sa.ColumnElement[bool]:
    """Match whether other rows that the reader may see refer to a value."""
    others = live_view(by.projection)
    naming = (
        sa.exists()
        .where(column_of(others, by.column) == column)
        .where(*reader_of(by.projection).theirs(others))
        .where(*conditions(others, tenant_id, by.where, reader_of))
    )
    return naming if by.is_named else sa.not_(naming)


def _holds(rows: RowTable, name: str, word: str) -> sa.ColumnElement[bool]:
    """Match lists that contain a word: removing it changes their JSON. LIKE ignores case."""
    if name not in rows.names or not isinstance(rows.table.c[name].type, Structure):
        raise ColumnUnknown(f"{rows.table.name} has no list {name} to look into.")
    text = sa.cast(rows.table.c[name], sa.Text())
    return text != sa.func.replace(text, json.dumps(word), "")


def _condition(
    column: sa.Column[Any], condition: Scalar | tuple[Scalar, ...] | Between | NoneOf | Containing
) -> list[sa.ColumnElement[bool]]:
    match condition:
        case None:
            return [column.is_(None)]
        case tuple():
            return [any_of(column, condition)]
        case Between(start=start, end=end):
            low = [] if start is None else [column >= start]
            return low if end is None else [*low, column < end]
        case NoneOf(values=values):
            return [sa.or_(column.not_in(values), column.is_(None))]
        case Containing(part=part):
            return [column.contains(part, autoescape=True)]
        case _:
            return [column == condition]


def any_of(column: sa.Column[Any], values: tuple[Scalar, ...]) -> sa.ColumnElement[bool]:
    """Match a column against these values; None among them means no value."""
    some = column.in_([value for value in values if value is not None])
    has_none = any(value is None for value in values)  # values may be placeholders
    return sa.or_(some, column.is_(None)) if has_none else some
