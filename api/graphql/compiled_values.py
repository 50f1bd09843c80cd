"""Quick completion of usual values: what a field's value becomes in a response.

Each function completes usual values of one type and raises an error for others, which graphql-core
then completes, so that null where the schema allows none, values of another Python type and errors
are treated as graphql-core treats them (ADR 63). Nothing here changes a value or has side effects:
graphql-core may read everything again. Attributes are read before resolvers are called, so a
resolver must not assign to its object.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from math import isfinite
from operator import attrgetter
from typing import Any, Final, cast

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
    Undefined,
    is_leaf_type,
    is_object_type,
)

Quick = Callable[[Any], Any]
"""Completes a usual value; raises any error for others."""

QuickObject = Callable[[GraphQLObjectType], Quick | None]
"""Returns how objects of a type are completed, None if graphql-core has to complete them."""

NON_NULL: Final[Any] = GraphQLNonNull
LIST: Final[Any] = GraphQLList

MAX_INT: Final = 2**31 - 1
MIN_INT: Final = -(2**31)


class Unusual(Exception):  # noqa: N818  not an error: graphql-core may know the value
    """The value is not a usual one of its type."""


def quick_completion(kind: Any, quick_object: QuickObject, *, raw_enums: bool) -> Quick | None:
    """Return how usual values of a type are completed; None if it is left to graphql-core.

    `raw_enums`: values of enums are those of a view, which are not members yet.
    """
    if isinstance(kind, NON_NULL):
        return _of_non_null(kind.of_type, quick_object, raw_enums=raw_enums)
    complete = _of_non_null(kind, quick_object, raw_enums=raw_enums)
    if complete is None:
        return None
    return lambda value: None if value is None else complete(value)


def _of_non_null(kind: Any, quick_object: QuickObject, *, raw_enums: bool) -> Quick | None:
    if isinstance(kind, LIST):
        item = quick_completion(kind.of_type, quick_object, raw_enums=raw_enums)
        return None if item is None else _list(item)
    if kind in UNCHANGED:
        return UNCHANGED[kind]
    if isinstance(kind, GraphQLEnumType):
        return _raw_enum(kind) if raw_enums else _enum(kind)
    if is_leaf_type(kind):
        return _scalar(kind)
    return quick_object(kind) if is_object_type(kind) else None


def is_nothing(value: Any) -> bool:
    """Return whether graphql-core completes a value as null or as an error, whatever its type."""
    return value is None or value is Undefined or isinstance(value, Exception)


def _text(value: Any) -> Any:
    if type(value) is str:
        return value
    raise Unusual


def _int(value: Any) -> Any:
    if type(value) is int and MIN_INT <= value <= MAX_INT:
        return value
    raise Unusual


def _float(value: Any) -> Any:
    if type(value) is float and isfinite(value):
        return value
    raise Unusual


def _boolean(value: Any) -> Any:
    if value is True or value is False:
        return value
    raise Unusual


UNCHANGED: Final[dict[Any, Quick]] = {
    GraphQLString: _text,
    GraphQLID: _text,
    GraphQLInt: _int,
    GraphQLFloat: _float,
    GraphQLBoolean: _boolean,
}
"""Scalars whose usual values are in responses as they are."""


def _enum(kind: GraphQLEnumType) -> Quick:
    names: dict[Any, Any] = {}

    def complete(value: Any) -> Any:
        if not isinstance(value, Enum):
            raise Unusual
        if value not in names:
            names[value] = kind.coerce_output_value(value)
        return names[value]

    return complete


def _raw_enum(kind: GraphQLEnumType) -> Quick:
    members: Any = kind.extensions["strawberry-definition"].wrapped_cls
    names: dict[Any, Any] = {}

    def complete(value: Any) -> Any:
        if value not in names:
            names[value] = kind.coerce_output_value(members(value))
        return names[value]

    return complete


def _scalar(kind: Any) -> Quick:
    coerce = kind.coerce_output_value

    def complete(value: Any) -> Any:
        if is_nothing(value):
            raise Unusual
        coerced = coerce(value)
        if coerced is None or coerced is Undefined:
            raise Unusual
        return coerced

    return complete


def _list(item: Quick) -> Quick:
    def complete(value: Any) -> Any:
        if type(value) is not list and type(value) is not tuple:
            raise Unusual
        return [item(each) for each in cast("list[Any]", value)]

    return complete


class QuickFields:
    """Fields of an object that are attributes with usual values: read and completed together."""

    def __init__(
        self, fields: Iterable[tuple[str, str, Quick]], origin: type[Any] | None = None
    ) -> None:
        """Take the name of each field in the response, its attribute and its completion.

        `origin`: the only class whose objects have these attributes, None for any.
        """
        self._origin = origin
        own = list(fields)
        self._names = [name for name, _, _ in own]
        self._completions = [complete for _, _, complete in own]
        paths = [path for _, path, _ in own]
        self._read: Callable[[Any], tuple[Any, ...]]
        if len(paths) > 1:
            self._read = attrgetter(*paths)
        else:  # attrgetter returns a tuple only for several attributes
            single = [attrgetter(path) for path in paths]
            self._read = lambda source: tuple(read(source) for read in single)

    def of(self, source: Any) -> dict[str, Any]:
        """Return the completed value of each field by name. Raises an error if one is unusual."""
        if self._origin is not None and type(source) is not self._origin:
            raise Unusual  # a subclass may override what is taken from the view
        values = self._read(source)
        return {
            name: complete(value)
            for name, complete, value in zip(self._names, self._completions, values, strict=True)
        }
