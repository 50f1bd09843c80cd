"""Compiled execution of queries.

graphql-core finds out again for each field of each object which fields are selected, how they are
resolved and how their values are completed. A plan finds it out once per document, the first time;
later requests only resolve, complete and collect (ADR 63).
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from graphql import (
    ExecutionResult,
    GraphQLObjectType,
    OperationType,
    SelectionSetNode,
    Undefined,
    VariableNode,
)
from graphql.execution.collect_fields import DeferUsage, FieldDetailsList, GroupedFieldSet
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from api.graphql.compiled_fields import CompiledField, declared_type
from api.graphql.compiled_values import Quick, QuickFields
from application.kernel.cache import LruCache

MAX_PLANS: Final = 256
"""Documents whose plans are kept, as many as are common in clients; parsed ones are kept, too."""

MAX_VARIANTS: Final = 16
"""Plans of a document, which differ by the variables of `@skip` and `@include`."""

TYPENAME: Final = "__typename"

CONDITIONAL: Final = frozenset({"skip", "include"})
"""Directives that decide whether a selection is in the response."""


class CompiledObject:
    """The selected fields of one object type at one place of a document.

    `quick` returns the response of an object, and `from_view` that of an object that would be built
    on a view; both raise an error for unusual values. They are None if a field is no attribute.
    """

    def __init__(
        self, executor: "CompiledExecutor", kind: GraphQLObjectType, grouped: GroupedFieldSet
    ) -> None:
        self._template: dict[str, Any] = {}  # names of fields in order, and of the type
        self._fields: list[CompiledField] = []
        for name, details in grouped.items():
            if details[0].node.name.value == TYPENAME:
                self._template[name] = kind.name
                continue
            definition = executor.schema.get_field(kind, details[0].node.name.value)
            if definition is None:
                continue  # only in documents that are not validated
            self._template[name] = None
            self._fields.append(CompiledField(executor, definition, kind, details))
        self._others = [each for each in self._fields if each.quick_field is None]
        own = [(each.name, *each.quick_field) for each in self._fields if each.quick_field]
        viewed = [(each.name, *each.view_field) for each in self._fields if each.view_field]
        self._quick_fields = QuickFields(own, declared_type(kind).origin if viewed else None)
        self.quick = None if self._others else self._object_of(self._quick_fields)
        is_view = len(viewed) == len(self._fields)
        self.from_view = self._object_of(QuickFields(viewed)) if is_view else None

    def execute(self, executor: "CompiledExecutor", source: Any, path: Path | None) -> Any:
        """Return the response of an object. Raises GraphQLError where it has to be null."""
        results = self._template.copy()
        try:
            results.update(self._quick_fields.of(source))
            remaining = self._others
        except Exception:  # noqa: BLE001  raised again below, and reported
            remaining = self._fields
        for field in remaining:
            results[field.name] = field.execute(executor, source, path)
        return results

    def _object_of(self, fields: QuickFields) -> Quick:
        template = self._template
        if len(template) == len(self._fields):  # `__typename` is not selected
            return fields.of

        def complete(source: Any) -> Any:
            results = template.copy()
            results.update(fields.of(source))
            return results

        return complete


class Plan:
    """The compiled objects of an operation; each is added when it is first needed."""

    def __init__(self) -> None:
        self._objects: dict[tuple[str, int], tuple[FieldDetailsList, CompiledObject]] = {}
        self.root: CompiledObject | None = None

    def of(
        self, executor: "CompiledExecutor", kind: GraphQLObjectType, details: FieldDetailsList
    ) -> CompiledObject:
        """Return the compiled object for the values of a field that are of this type."""
        key = (kind.name, id(details))
        compiled = self._objects.get(key)
        if compiled is None:
            grouped = executor.collect_subfields(kind, details).grouped_field_set
            # The details are kept together with the plan, so that their id stays theirs.
            compiled = self._objects[key] = (details, CompiledObject(executor, kind, grouped))
        return compiled[1]


class Plans:
    """The plans of one operation, by the values of its conditions."""

    def __init__(self, executor: "CompiledExecutor") -> None:
        self.operation = executor.operation
        self.schema = executor.schema
        selections = [executor.operation.selection_set]
        selections += [each.selection_set for each in executor.fragment_definitions.values()]
        self._conditions = sorted({name for each in selections for name in _conditions(each)})
        self._plans: dict[tuple[Any, ...], Plan] = {}

    def of(self, executor: "CompiledExecutor") -> Plan:
        """Return the plan for the variables of a request."""
        variables = executor.variable_values.coerced
        key = tuple(variables.get(name, Undefined) for name in self._conditions)
        plan = self._plans.get(key)
        if plan is None:
            plan = Plan()
            if len(self._plans) < MAX_VARIANTS:
                self._plans[key] = plan
        return plan


def _conditions(selections: SelectionSetNode) -> Iterator[str]:
    """Yield the variables that decide whether fields and fragments are included."""
    for each in selections.selections:
        for directive in each.directives or ():
            decides = directive.name.value in CONDITIONAL
            for argument in (directive.arguments or ()) if decides else ():
                if isinstance(argument.value, VariableNode):
                    yield argument.value.name.value
        inner = getattr(each, "selection_set", None)
        if inner is not None:
            yield from _conditions(inner)


class CompiledExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes queries by plans; mutations and subscriptions as graphql-core does."""

    plan: Plan

    def execute_operation(
        self,
        serially: bool | None = None,  # noqa: FBT001  graphql-core's signature
    ) -> Any:
        """Execute the operation, and delete the helpers of asynchronous resolvers if it is done.

        They and the executor refer to each other: all rows of a response would stay in memory until
        garbage is collected.
        """
        result = super().execute_operation(serially)
        if isinstance(result, ExecutionResult):
            del self.async_helpers
        return result

    def execute_collected_root_fields(
        self,
        root_type: GraphQLObjectType,
        root_value: Any,
        grouped_field_set: GroupedFieldSet,
        serially: bool,  # noqa: FBT001  graphql-core's signature
        new_defer_usages: Sequence[DeferUsage],
    ) -> Any:
        """Execute the root fields."""
        if serially or new_defer_usages or not self._is_compilable(grouped_field_set):
            return super().execute_collected_root_fields(
                root_type, root_value, grouped_field_set, serially, new_defer_usages
            )
        self.plan = plan = plans_of(self).of(self)
        if plan.root is None:
            plan.root = CompiledObject(self, root_type, grouped_field_set)
        return plan.root.execute(self, root_value, None)

    def collect_and_execute_subfields(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Execute the fields of an object that graphql-core completes, such as one of a union."""
        plan = getattr(self, "plan", None)
        if plan is None:
            return super().collect_and_execute_subfields(
                return_type, field_details_list, path, result, position_context
            )
        return plan.of(self, return_type, field_details_list).execute(self, result, path)

    def _is_compilable(self, grouped_field_set: GroupedFieldSet) -> bool:
        """Return whether a plan can execute an operation: no introspection, and nothing waits."""
        middleware = self.middleware_manager
        return (
            self.operation.operation is OperationType.QUERY
            and self.abort_signal is None
            and (middleware is None or not middleware.middlewares)
            and not any(
                details[0].node.name.value.startswith("__")
                and details[0].node.name.value != TYPENAME
                for details in grouped_field_set.values()
            )
        )


_PLANS: Final = LruCache[tuple[int, int], Plans](MAX_PLANS)
"""By the identities of schema and operation, which are kept with the plans and so stay theirs."""


def plans_of(executor: CompiledExecutor) -> Plans:
    """Return the plans of the operation that is executed."""
    key = (id(executor.schema), id(executor.operation))
    plans = _PLANS.get(key)
    if plans is None:
        plans = Plans(executor)
        _PLANS.put(key, plans)
    return plans
