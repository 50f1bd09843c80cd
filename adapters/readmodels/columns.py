"""How the fields of a row become columns, and back."""

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

TEXT: Final = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""Compared byte by byte everywhere, so that a page ends at the same row in every database."""


class NaiveTimeError(ValueError):
    """A time without a zone could be any of forty instants."""


class Instant(TypeDecorator[datetime]):
    """A point in time as whole microseconds since 1970, UTC (C-14)."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        del dialect
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        del dialect
        return None if value is None else EPOCH + timedelta(microseconds=value)


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970, UTC. Raises NaiveTimeError."""
    if at.tzinfo is None:
        raise NaiveTimeError(f"{at} has no time zone")
    return (at - EPOCH) // MICROSECOND


class Structure(TypeDecorator[Any]):
    """A tuple, or a value made of fields, as JSON."""

    impl = sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True), "postgresql"
    )
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__(none_as_null=True)
        self.shape = shape

    def process_bind_param(self, value: Any | None, dialect: sa.Dialect) -> Any:
        del dialect
        return None if value is None else msgspec.to_builtins(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> Any:
        del dialect
        return None if value is None else msgspec.convert(value, self.shape)


PLAIN: Final[dict[Any, Callable[[], TypeEngine[Any]]]] = {
    str: lambda: TEXT,
    int: sa.BigInteger,
    float: sa.Double,
    bool: sa.Boolean,
    datetime: Instant,
    date: sa.Date,
}


def row_columns(row: type[Any]) -> list[sa.Column[Any]]:
    """Columns of a row dataclass, in its order. Raises TypeError for a field without a column."""
    hints = get_type_hints(row)
    return [_column(field.name, hints[field.name]) for field in fields(row)]


def _column(name: str, hint: Any) -> sa.Column[Any]:
    hint, nullable = _without_none(_unwrapped(hint))
    if get_origin(hint) is Literal and all(isinstance(word, str) for word in get_args(hint)):
        hint = str
    if hint in PLAIN:
        kind: TypeEngine[Any] = PLAIN[hint]()
    elif get_origin(hint) is tuple or is_dataclass(hint):
        kind = Structure(hint)
    else:
        raise TypeError(f"{name} is a {hint}, for which there is no column")
    return sa.Column(name, kind, nullable=nullable, info={"type": hint})


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) not in {Union, types.UnionType}:
        return hint, False
    some = [_unwrapped(part) for part in get_args(hint) if part is not type(None)]
    if len(some) != 1:
        raise TypeError(f"{hint} is several things, a column is one")
    return some[0], len(get_args(hint)) == len(some) + 1


def _unwrapped(hint: Any) -> Any:
    """Identities are their own types for checkers only; the column holds what they wrap."""
    return getattr(hint, "__supertype__", hint)
