"""Static query cost: computed and limited before execution.

The cost is the number of objects that the response may hold: a page of 20 sessions with 3 sets each
costs its 20 edges, their nodes and the sets. Lists multiply the cost of their items: a connection
by its `first` or `last`, `nodes` by its ids, any other list by `LIST`. It depends on variables, so
it is computed at execution and not at validation, whose results are cached by document. The method
is that of GitHub's API
(https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
)
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values

from application.kernel.pagination import PAGE

MAX_COST: Final = 20_000
"""A page of 100 sessions with sets and repetitions costs about 12,000."""

LIST: Final = 10
"""Assumed length of lists without a limit: sets, repetitions, cues."""

EDGES: Final = "edges"


@dataclass
class CostEstimator:
    """Estimates the cost of one operation; `fragments` are those of its document."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues
    _costs: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])

    def cost(self, selected: SelectionSetNode, parent: Any, page: int = LIST) -> int:
        """Return the cost of an object's fields; `page` is the maximum length of its `edges`."""
        return sum(self._selection(each, parent, page) for each in selected.selections)

    def _selection(self, selection: SelectionNode, parent: Any, page: int) -> int:
        if isinstance(selection, FieldNode):
            return self._field(selection, parent, page)
        if isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            on = parent if condition is None else self.schema.get_type(condition.name.value)
            return self.cost(selection.selection_set, on, page)
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value, page)
        raise TypeError(selection)

    def _fragment(self, name: str, page: int) -> int:
        """Return the cost of a fragment, computed once per fragment: they may be nested."""
        if (name, page) not in self._costs:
            fragment = self.fragments[name]
            on = self.schema.get_type(fragment.type_condition.name.value)
            self._costs[name, page] = self.cost(fragment.selection_set, on, page)
        return self._costs[name, page]

    def _field(self, node: FieldNode, parent: Any, page: int) -> int:
        defined: Any = getattr(parent, "fields", {}).get(node.name.value)
        if defined is None or node.selection_set is None:
            return 0  # a scalar, or introspection
        kind = cast("Any", get_named_type(defined.type))
        if not is_composite_type(kind):
            return 0
        inside = self._page(node, defined)
        times = page if node.name.value == EDGES else _length(defined.type, inside)
        return times * (1 + self.cost(node.selection_set, kind, inside))

    def _page(self, node: FieldNode, defined: Any) -> int:
        """Return the maximum length of the lists directly below a field, by its arguments."""
        if not defined.args:
            return LIST
        loaded = get_argument_values(defined, node, self.variables)
        requested = next(
            (loaded[each] for each in ("first", "last") if loaded.get(each) is not None), None
        )
        if requested is not None:
            return max(int(requested), 0)
        if "first" in defined.args:
            return PAGE
        return len(loaded["ids"]) if "ids" in loaded else LIST


def _length(kind: Any, inside: int) -> int:
    if isinstance(kind, GraphQLNonNull):
        return _length(cast("Any", kind).of_type, inside)
    return inside if isinstance(kind, GraphQLList) else 1


def cost_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, loaded: Any
) -> int:
    """Return the cost of an operation of a valid document. Raises GraphQLError for variables."""
    coerced = get_variable_values(schema, operation.variable_definitions or (), loaded or {})
    if isinstance(coerced, list):
        raise coerced[0]
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    estimator = CostEstimator(schema, fragments, coerced)
    return estimator.cost(operation.selection_set, schema.get_root_type(operation.operation))
