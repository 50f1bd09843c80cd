"""Compiled fields of queries: how each field is read and completed, decided once per document.

These are short cuts for usual values. Everything else, such as null where the schema allows none, a
value of another Python type, an abstract type or an error, is left to graphql-core's executor, so
that responses are those of graphql-core (ADR 63).
"""

from collections.abc import Callable
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
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from strawberry.types.field import StrawberryField

Execution = Any
"""A `CompiledExecutor`. Type checkers know graphql-core's part of it incompletely."""

Quick = Callable[[Any], Any]
"""Completes a usual value; returns UNUSUAL for any other."""

Complete = Callable[[Execution, Any, Path], Any]
"""Completes any value at a path, or raises its error."""

UNUSUAL: Final = object()
"""Marks a value that graphql-core has to complete."""

NON_NULL: Final[Any] = GraphQLNonNull
LIST: Final[Any] = GraphQLList

MAX_INT: Final = 2**31 - 1
MIN_INT: Final = -(2**31)

NO_INFO: Final[Any] = None
"""Strawberry's check of a value's type looks at nothing but the value."""


def _is_text(value: Any) -> bool:
    return type(value) is str


def _is_int(value: Any) -> bool:
    return type(value) is int and MIN_INT <= value <= MAX_INT


def _is_float(value: Any) -> bool:
    return type(value) is float and isfinite(value)


def _is_boolean(value: Any) -> bool:
    return value is True or value is False


UNCHANGED: Final[dict[Any, Callable[[Any], bool]]] = {
    GraphQLString: _is_text,
    GraphQLID: _is_text,
    GraphQLInt: _is_int,
    GraphQLFloat: _is_float,
    GraphQLBoolean: _is_boolean,
}
"""Scalars, and which Python values are in responses as they are."""


def _without_non_null(kind: Any) -> Any:
    return kind.of_type if isinstance(kind, NON_NULL) else kind


def quick_completion(kind: Any) -> Quick | None:
    """Return how usual values of a scalar, enum or list of them are completed, else None."""
    inner = _without_non_null(kind)
    is_nullable = inner is kind
    if isinstance(inner, LIST):
        item = quick_completion(inner.of_type)
        return None if item is None else _quick_list(item, is_nullable=is_nullable)
    if not is_leaf_type(inner):
        return None
    if inner in UNCHANGED:
        return _quick_unchanged(UNCHANGED[inner], is_nullable=is_nullable)
    if isinstance(inner, GraphQLEnumType):
        return _quick_enum(inner, is_nullable=is_nullable)
    return _quick_scalar(inner, is_nullable=is_nullable)


def _quick_unchanged(is_usual: Callable[[Any], bool], *, is_nullable: bool) -> Quick:
    if is_nullable:
        return lambda value: value if value is None or is_usual(value) else UNUSUAL
    return lambda value: value if is_usual(value) else UNUSUAL


def _quick_enum(kind: GraphQLEnumType, *, is_nullable: bool) -> Quick:
    names: dict[Any, Any] = {}

    def complete(value: Any) -> Any:
        if not isinstance(value, Enum):
            return None if value is None and is_nullable else UNUSUAL
        if value not in names:
            names[value] = kind.coerce_output_value(value)
        return names[value]

    return complete


def _quick_scalar(kind: Any, *, is_nullable: bool) -> Quick:
    coerce = kind.coerce_output_value

    def complete(value: Any) -> Any:
        if value is None:
            return None if is_nullable else UNUSUAL
        if isinstance(value, Exception):
            return UNUSUAL
        coerced = coerce(value)
        return UNUSUAL if coerced is None or coerced is Undefined else coerced

    return complete


def _quick_list(item: Quick, *, is_nullable: bool) -> Quick:
    def complete(value: Any) -> Any:
        if type(value) is not list and type(value) is not tuple:
            return None if value is None and is_nullable else UNUSUAL
        items = [item(each) for each in cast("list[Any]", value)]
        return UNUSUAL if UNUSUAL in items else items

    return complete


class CompiledField:
    """One field of one object type, under its name in the response."""

    def __init__(
        self, definition: Any, parent: GraphQLObjectType, details: FieldDetailsList
    ) -> None:
        self.definition = definition
        self.parent = parent
        self.details = details
        self._nodes = [each.node for each in details]
        first = self._nodes[0]
        self.name = first.alias.value if first.alias else first.name.value
        self._has_arguments = bool(definition.args or first.arguments)
        self.attribute = attribute_of(definition)
        self.quick = quick_completion(definition.type)
        self._complete = self._completion(definition.type)

    def execute(self, executor: Execution, source: Any, path: Path | None) -> Any:
        """Resolve and complete the field, as `Executor.execute_field` does."""
        here = Path(path, self.name, self.parent.name)
        try:
            if self.attribute is not None:
                value = self.attribute(source)
            else:
                info = self._info(executor, here)
                resolve: Any = self.definition.resolve or executor.field_resolver
                value = resolve(source, info, **self._arguments(executor))
            return self._complete(executor, value, here)
        except Exception as error:  # noqa: BLE001  reported, or raised again, by the executor
            executor.handle_field_error(error, self.definition.type, self.details, here)
            return None

    def _arguments(self, executor: Execution) -> dict[str, Any]:
        if not self._has_arguments:
            return {}
        return get_argument_values(
            self.definition,
            self._nodes[0],
            executor.variable_values,
            self.details[0].fragment_variable_values,
            executor.hide_suggestions,
        )

    def _info(self, executor: Execution, path: Path) -> Any:
        """Return what resolvers and type checks are told; `path` may be of an item of the field."""
        while isinstance(path.key, int) and path.prev is not None:
            path = path.prev
        return executor.build_resolve_info(self.definition, self._nodes, self.parent, path)

    def _completion(self, kind: Any) -> Complete:
        """Return how any value of a type is completed."""
        inner = _without_non_null(kind)

        def as_usual(executor: Execution, value: Any, path: Path) -> Any:
            info = self._info(executor, path)
            return executor.complete_value(kind, self.details, info, path, value, None)

        quick = quick_completion(kind)
        if quick is not None:
            return _leaf(quick, as_usual)
        if isinstance(inner, LIST):
            return self._list(inner.of_type, as_usual)
        if is_object_type(inner):
            return self._object(inner, as_usual)
        return as_usual

    def _list(self, kind: Any, as_usual: Complete) -> Complete:
        complete_item = self._completion(kind)

        def complete(executor: Execution, value: Any, path: Path) -> Any:
            if type(value) is not list and type(value) is not tuple:
                return as_usual(executor, value, path)
            items: list[Any] = []
            for index, item in enumerate(cast("list[Any]", value)):
                at = Path(path, index, None)
                try:
                    items.append(complete_item(executor, item, at))
                except Exception as error:  # noqa: BLE001  reported, or raised again
                    executor.handle_field_error(error, kind, self.details, at)
                    items.append(None)
            return items

        return complete

    def _object(self, kind: GraphQLObjectType, as_usual: Complete) -> Complete:
        declared: Any = kind.extensions.get("strawberry-definition")
        if declared is None or declared.is_type_of is not None:
            return as_usual
        details, is_type_of = self.details, kind.is_type_of

        def complete(executor: Execution, value: Any, path: Path) -> Any:
            if value is None or isinstance(value, Exception):
                return as_usual(executor, value, path)
            if is_type_of is not None and not is_type_of(value, NO_INFO):
                return as_usual(executor, value, path)
            return executor.plan.of(executor, kind, details).execute(executor, value, path)

        return complete


def _leaf(quick: Quick, as_usual: Complete) -> Complete:
    def complete(executor: Execution, value: Any, path: Path) -> Any:
        completed = quick(value)
        return as_usual(executor, value, path) if completed is UNUSUAL else completed

    return complete


def attribute_of(definition: Any) -> Callable[[Any], Any] | None:
    """Return how a field without a resolver is read from its object, None if it has a resolver."""
    declared: Any = definition.extensions.get("strawberry-definition")
    is_plain = getattr(definition.resolve, "_is_default", False) and type(declared) is (
        StrawberryField
    )
    if not is_plain or declared.default_resolver is not getattr:
        return None
    return attrgetter(declared.python_name)
