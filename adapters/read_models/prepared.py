"""Queries that are compiled once: building a statement takes longer than reading a page of rows.

A query is kept by its shape, which has names of columns and kinds of conditions, but no values. Its
values are bound when it runs, over the driver itself. The row guard is a part of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import sqlalchemy as sa

from adapters.read_models.keyset_pagination import column_of
from adapters.read_models.row_guard import Reader, guarded_statement
from adapters.read_models.tables import RowTable
from application.kernel.read_models import Between, Condition, NoneOf, Scalar, Where

MAX_VALUES: Final = 100
"""Values of a condition in a kept query, as many as a page has rows; longer lists are rare."""

DOUBLE: Final = 701
"""PostgreSQL's number of the only type of its columns that our floats have."""

TENANT: Final = "tenant"
READER: Final = "reader"
OWNER: Final = "owner"

Shape = tuple[Any, ...]
"""What a query looks like without its values."""


@dataclass(frozen=True)
class Prepared:
    """A compiled query: its text, how values are bound, and how those of a record are read."""

    text: str
    order: tuple[str, ...] | None
    """Names of the values in the order of their marks; None if marks have names."""
    fixed: Mapping[str, Any]
    """Values that are the same each time, such as an offset that SQLite always has."""
    binds: Mapping[str, Callable[[Any], Any] | None]
    reads: tuple[tuple[int, Callable[[Any], Any]], ...]

    def arguments(self, values: Mapping[str, Any], reader: Reader) -> Any:
        """Return the values as the driver takes them, with those of the row guard."""
        owners = reader.owners or ()
        named = {
            **self.fixed,
            **values,
            READER: reader.tenant_id,
            **{f"{OWNER}{number}": owner for number, owner in enumerate(owners)},
        }
        bound = {
            name: named[name] if bind is None else bind(named[name])
            for name, bind in self.binds.items()
        }
        return bound if self.order is None else [bound[name] for name in self.order]

    def records(self, found: Iterable[Sequence[Any]]) -> list[list[Any]]:
        """Return what the driver returned, each value as its column's type has it."""
        records = [list(each) for each in found]
        for index, read in self.reads:
            for record in records:
                record[index] = read(record[index])
        return records


def prepare(
    query: sa.Select[*tuple[Any, ...]],
    columns: Sequence[sa.Column[Any]],
    rows: RowTable,
    owners: int | None,
    dialect: sa.Dialect,
) -> Prepared:
    """Compile a query of these columns, whose values are `sa.bindparam`, for so many owners."""
    reader = Reader(
        cast("Any", _placeholder(READER, rows.tenant_id)),
        None if owners is None else _placeholders(OWNER, owners, rows.owner_id),
    )
    compiled = guarded_statement(query, rows, reader, dialect)
    order = compiled.positiontup
    readers = [
        each.type.dialect_impl(dialect).result_processor(dialect, DOUBLE) for each in columns
    ]
    return Prepared(
        text=str(compiled),
        order=None if order is None else tuple(order),
        fixed={name: each.value for each, name in compiled.bind_names.items() if not each.required},
        binds={
            name: each.type.dialect_impl(dialect).bind_processor(dialect)
            for each, name in compiled.bind_names.items()
        },
        reads=tuple((index, read) for index, read in enumerate(readers) if read is not None),
    )


def owners_of(reader: Reader) -> int | None:
    """Return how many owners a reader has for the shape of a query; None: all of the tenant."""
    return None if reader.owners is None else len(reader.owners)


def is_preparable(reader: Reader) -> bool:
    """Return whether queries of this reader are kept."""
    return reader.owners is None or 0 < len(reader.owners) <= MAX_VALUES


def shape_of(where: Where | None) -> tuple[Shape, dict[str, Scalar]] | None:
    """Return the shape of conditions and their values by name; None if they are not kept."""
    shape: list[Any] = []
    values: dict[str, Scalar] = {}

    def named(value: Scalar) -> str | None:
        """Name a value; None stands for itself, as SQL compares it in another way."""
        if value is None:
            return None
        name = f"value{len(values)}"
        values[name] = value
        return name

    for column, condition in (where or {}).items():
        match condition:
            case tuple() if 0 < len(condition) <= MAX_VALUES:
                shape.append((column, tuple, *map(named, condition)))
            case NoneOf(values=others) if 0 < len(others) <= MAX_VALUES:
                shape.append((column, NoneOf, *map(named, others)))
            case Between(start=start, end=end):
                shape.append((column, Between, named(start), named(end)))
            case tuple() | NoneOf():
                return None
            case _ if isinstance(condition, Scalar):
                shape.append((column, None, named(condition)))
            case _:
                return None
    return tuple(shape), values


def where_of(shape: Shape, rows: RowTable) -> Where:
    """Return conditions of this shape, with placeholders for their values."""
    return {column: _condition(rows, column, kind, names) for column, kind, *names in shape}


def _condition(rows: RowTable, column: str, kind: Any, names: list[str | None]) -> Condition:
    at = column_of(rows, column)
    marks: Any = tuple(None if name is None else _placeholder(name, at) for name in names)
    if kind is tuple:
        return cast("Condition", marks)
    if kind is NoneOf:
        return NoneOf(marks)
    return Between(*marks) if kind is Between else cast("Condition", marks[0])


def _placeholders(prefix: str, count: int, column: sa.Column[Any]) -> Any:
    return tuple(_placeholder(f"{prefix}{number}", column) for number in range(count))


def _placeholder(name: str, column: sa.Column[Any]) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=column.type)
