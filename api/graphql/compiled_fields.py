"""Compiled fields of queries: how each field is read and completed, decided once per document.

Usual values are completed by `compiled_values`, all others by graphql-core's executor, so that
responses are those of graphql-core (ADR 63).
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final, cast

from graphql import GraphQLError, GraphQLObjectType, is_object_type
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from strawberry.types.field import StrawberryField

from api.graphql.compiled_values import (
    LIST,
    NON_NULL,
    Quick,
    Unusual,
    is_nothing,
    quick_completion,
)
from api.graphql.derived_types import VIEW, view_attributes

Execution = Any
"""A `CompiledExecutor`. Type checkers know graphql-core's part of it incompletely."""

Complete = Callable[[Execution, Any, Path], Any]
"""Completes any value at a path, or raises its error."""

QuickField = tuple[str, Quick]
"""The attribute of an object that a field is, and how its usual values are completed."""

NO_INFO: Final[Any] = None
"""Strawberry's check of a value's type looks at nothing but the value."""


class CompiledField:
    """One field of one object type, under its name in the response."""

    def __init__(
        self,
        executor: Execution,
        definition: Any,
        parent: GraphQLObjectType,
        details: FieldDetailsList,
    ) -> None:
        self.definition = definition
        self.parent = parent
        self.details = details
        self._nodes = [each.node for each in details]
        first = self._nodes[0]
        self.name = first.alias.value if first.alias else first.name.value
        self._has_arguments = bool(definition.args or first.arguments)
        declared = plain_field(definition)
        self._attribute = None if declared is None else attrgetter(declared.python_name)
        self.view_field = None if declared is None else self._of_view(executor, declared)
        self.quick_field = None if declared is None else self._of_object(executor, declared)
        self._complete = self._completion(executor, definition.type)

    def execute(self, executor: Execution, source: Any, path: Path | None) -> Any:
        """Resolve and complete the field, as `Executor.execute_field` does."""
        here = Path(path, self.name, self.parent.name)
        try:
            if self._attribute is not None:
                value = self._attribute(source)
            else:
                info = self._info(executor, here)
                resolve: Any = self.definition.resolve or executor.field_resolver
                value = resolve(source, info, **self._arguments(executor))
            return self._complete(executor, value, here)
        except Exception as error:  # noqa: BLE001  reported, or raised again, by the executor
            executor.handle_field_error(error, self.definition.type, self.details, here)
            return None

    def _of_object(self, executor: Execution, declared: StrawberryField) -> QuickField | None:
        """Return how the field is read from an object, None if graphql-core has to complete it."""
        if self.view_field is not None:
            attribute, of_view = self.view_field
            return f"{VIEW}.{attribute}", of_view
        complete = self._quick_completion(executor, self.definition.type)
        return None if complete is None else (declared.python_name, complete)

    def _of_view(self, executor: Execution, declared: StrawberryField) -> QuickField | None:
        """Return how the field is read from the view on which its object is built."""
        origin: Any = declared_type(self.parent).origin
        attribute = view_attributes(origin).get(declared.python_name)
        if attribute is None:
            return None

        def objects(kind: GraphQLObjectType) -> Quick | None:
            compiled = self._compilable(executor, kind)
            return None if compiled is None else compiled.from_view

        complete = quick_completion(self.definition.type, objects, raw_enums=True)
        return None if complete is None else (attribute, complete)

    def _quick_completion(self, executor: Execution, kind: Any) -> Quick | None:
        def objects(kind: GraphQLObjectType) -> Quick | None:
            compiled = self._compilable(executor, kind)
            quick = None if compiled is None else compiled.quick
            return None if quick is None else _of_type(kind, quick)

        return quick_completion(kind, objects, raw_enums=False)

    def _compilable(self, executor: Execution, kind: GraphQLObjectType) -> Any:
        """Return the compiled object for values of a type; None if graphql-core is needed."""
        if is_special(kind):
            return None
        try:
            return self._compiled(executor, kind)
        except GraphQLError:  # a condition that is null: an error where there is such an object
            return None

    def _compiled(self, executor: Execution, kind: GraphQLObjectType) -> Any:
        return executor.plan.of(executor, kind, self.details)

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

    def _completion(self, executor: Execution, kind: Any) -> Complete:
        """Return how any value of a type is completed."""
        inner = kind.of_type if isinstance(kind, NON_NULL) else kind

        def as_usual(executor: Execution, value: Any, path: Path) -> Any:
            info = self._info(executor, path)
            return executor.complete_value(kind, self.details, info, path, value, None)

        complete: Complete = as_usual
        if isinstance(inner, LIST):
            complete = self._list(executor, inner.of_type, as_usual)
        elif is_object_type(inner):
            complete = self._object(inner, as_usual)
        quick = self._quick_completion(executor, kind)
        return complete if quick is None else _quickly(quick, complete)

    def _list(self, executor: Execution, kind: Any, as_usual: Complete) -> Complete:
        complete_item = self._completion(executor, kind)

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
        if is_special(kind):
            return as_usual
        is_type_of = kind.is_type_of

        def complete(executor: Execution, value: Any, path: Path) -> Any:
            if is_nothing(value):
                return as_usual(executor, value, path)
            if is_type_of is not None and not is_type_of(value, NO_INFO):
                return as_usual(executor, value, path)
            return self._compiled(executor, kind).execute(executor, value, path)

        return complete


def _quickly(quick: Quick, otherwise: Complete) -> Complete:
    def complete(executor: Execution, value: Any, path: Path) -> Any:
        try:
            return quick(value)
        except Exception:  # noqa: BLE001  raised again below, and reported
            return otherwise(executor, value, path)

    return complete


def _of_type(kind: GraphQLObjectType, quick: Quick) -> Quick:
    """Return the completion of objects that raises Unusual for objects of another type."""
    is_type_of = kind.is_type_of

    def complete(value: Any) -> Any:
        if is_nothing(value):
            raise Unusual
        if is_type_of is not None and not is_type_of(value, NO_INFO):
            raise Unusual
        return quick(value)

    return complete


def declared_type(kind: GraphQLObjectType) -> Any:
    """Return Strawberry's definition of a type; None for those that are graphql-core's own."""
    return kind.extensions.get("strawberry-definition")


def is_special(kind: GraphQLObjectType) -> bool:
    """Return whether objects of a type are recognized in another way than by their class."""
    declared = declared_type(kind)
    return declared is None or declared.is_type_of is not None


def plain_field(definition: Any) -> StrawberryField | None:
    """Return Strawberry's definition of a field that is an attribute.

    None if it has a resolver, permissions or extensions.
    """
    declared: Any = definition.extensions.get("strawberry-definition")
    is_plain = (
        getattr(definition.resolve, "_is_default", False)
        and type(declared) is StrawberryField
        and declared.is_basic_field
        and declared.default_resolver is getattr
    )
    return declared if is_plain else None
