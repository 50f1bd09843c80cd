"""Quick completion of usual values: what a field's value becomes in a response.

Each function completes usual values of one type and raises an error for others, which graphql-core
then completes, so that null where the schema allows none, values of another Python type and errors
are treated as graphql-core treats them (ADR 63). Nothing here changes a value or has side effects:
graphql-core may read everything again.
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


def quick_completion(kind: Any, quick_object: QuickObject, *, of_view: bool) -> Quick | None:
    """Return how usual values of a type are completed; None if it is left to graphql-core.

    `of_view`: values are those of a view, in which enums are not converted.
    """
    if isinstance(kind, NON_NULL):
        return _of_non_null(kind.of_type, quick_object, of_view=of_view)
    complete = _of_non_null(kind, quick_object, of_view=of_view)
    if complete is None:
        return None
    return lambda value: None if value is None else complete(value)


def _of_non_null(kind: Any, quick_object: QuickObject, *, of_view: bool) -> Quick | None:
    if isinstance(kind, LIST):
        item = quick_completion(kind.of_type, quick_object, of_view=of_view)
        return None if item is None else _list(item)
    if kind in UNCHANGED:
        return UNCHANGED[kind]
    if isinstance(kind, GraphQLEnumType):
        return _enum_of_view(kind) if of_view else _enum(kind)
    if is_leaf_type(kind):
        return _scalar(kind)
    return quick_object(kind) if is_object_type(kind) else None


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


def _enum_of_view(kind: GraphQLEnumType) -> Quick:
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
        if value is None or isinstance(value, Exception):
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

    def __init__(self, fields: Iterable[tuple[str, str, Quick]]) -> None:
        """Take the name of each field in the response, its attribute and its completion."""
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

    def of(self, source: Any) -> Iterable[tuple[str, Any]]:
        """Return name and completed value of each field. Raises an error if one is unusual."""
        values = [
            complete(value)
            for complete, value in zip(self._completions, self._read(source), strict=True)
        ]
        return zip(self._names, values, strict=True)
