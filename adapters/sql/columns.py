"""Mapping of row fields to columns."""

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


def storable(text: str) -> str:
    """Replace NUL, which PostgreSQL cannot store: one name must not stop a read model."""
    return text.replace("\x00", "\ufffd")


class BytewiseText(TypeDecorator[str]):
    """Text column with bytewise comparison in PostgreSQL; other databases have it anyway."""

    impl = postgresql.TEXT
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(collation="C")

    def process_bind_param(self, value: Any | None, dialect: sa.Dialect) -> Any:
        del dialect
        return storable(value) if isinstance(value, str) else value


TEXT: Final = sa.Text().with_variant(BytewiseText(), "postgresql")
"""Compared bytewise everywhere, so that a page ends at the same row in every database."""


class NaiveTimeError(ValueError):
    """A time without a zone could be any of forty instants."""


class Instant(TypeDecorator[datetime]):
    """A point in time (C-14).

    SQLite stores whole microseconds since 1970, UTC; PostgreSQL has a type of equal precision.
    """

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        return utc(value) if dialect.name == "postgresql" else microseconds(value)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        """Return how a value is read, without SQLAlchemy's calls around it."""
        del coltype
        return _in_utc if dialect.name == "postgresql" else _since_epoch


def _in_utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)


def _since_epoch(value: int | None) -> datetime | None:
    return None if value is None else EPOCH + value * MICROSECOND


def utc(at: datetime) -> datetime:
    """Return the same instant in UTC. Raises NaiveTimeError."""
    if at.tzinfo is None:
        raise NaiveTimeError(f"{at} has no time zone")
    return at.astimezone(UTC)


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

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        """Return how a value is read: SQLite's is a text, and decoded in one step."""
        convert: Any = super().result_processor(dialect, coltype)
        if dialect.name != "sqlite":
            return convert
        decode = msgspec.json.Decoder(self.shape).decode

        def read(text: Any) -> Any:
            try:
                return None if text is None else decode(text)
            except msgspec.DecodeError:  # what JSON does not have, such as NaN
                return convert(text)

        return read


PLAIN: Final[dict[Any, Callable[[], TypeEngine[Any]]]] = {
    str: lambda: TEXT,
    int: sa.BigInteger,
    float: sa.Double,
    bool: sa.Boolean,
    datetime: Instant,
    date: sa.Date,
}


def row_columns(row: type[Any]) -> list[sa.Column[Any]]:
    """Return the columns of a row dataclass, in its order.

    Raises TypeError for a field without a column.
    """
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
    """Return the underlying type of a NewType id, which is what the column holds."""
    return getattr(hint, "__supertype__", hint)
