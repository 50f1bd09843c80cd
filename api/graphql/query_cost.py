"""What an answer would cost is reckoned before anything of it is made.

The cost is the number of things with fields of their own that the answer may hold: a page of 20
sessions with 3 sets each costs what 20 pages' edges, nodes and sets are. Lists multiply what lies
in them: a connection by its `first` or `last`, `nodes` by its ids, any other list by `LIST`. What
variables hold is known by then, so it is reckoned at execution and not at validation, whose results
are kept for each document. The way of counting is that of GitHub's API
(https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    get_operation_ast,
    is_composite_type,
)
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from strawberry.extensions import SchemaExtension

from api.pagination import PAGE

MOST_COST: Final = 20_000
"""A page of 100 sessions with sets and repetitions costs 12,000 or so."""

LIST: Final = 10
"""How many things a list is thought to hold that nobody limits: sets, repetitions, cues."""

EDGES: Final = "edges"


@dataclass
class Reckoning:
    """Reckons with one operation; `fragments` are those of its document."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues
    _known: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])

    def cost(self, selected: SelectionSetNode, parent: Any, page: int = LIST) -> int:
        """Cost of one thing's fields; `page` is how long its `edges` may be."""
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
        """Reckon once with each fragment, however often it is spread: they may be nested."""
        if (name, page) not in self._known:
            fragment = self.fragments[name]
            on = self.schema.get_type(fragment.type_condition.name.value)
            self._known[name, page] = self.cost(fragment.selection_set, on, page)
        return self._known[name, page]

    def _field(self, node: FieldNode, parent: Any, page: int) -> int:
        defined: Any = getattr(parent, "fields", {}).get(node.name.value)
        if defined is None or node.selection_set is None:
            return 0  # a plain value, or a question about the schema itself
        kind = cast("Any", get_named_type(defined.type))
        if not is_composite_type(kind):
            return 0
        inside = self._page(node, defined)
        times = page if node.name.value == EDGES else _length(defined.type, inside)
        return times * (1 + self.cost(node.selection_set, kind, inside))

    def _page(self, node: FieldNode, defined: Any) -> int:
        """How long the lists directly beneath a field may be, by its arguments."""
        given = get_argument_values(defined, node, self.variables)
        asked = next(
            (given[each] for each in ("first", "last") if given.get(each) is not None), None
        )
        if asked is not None:
            return max(int(asked), 0)
        if "first" in defined.args:
            return PAGE
        return len(given["ids"]) if "ids" in given else LIST


def _length(kind: Any, inside: int) -> int:
    if isinstance(kind, GraphQLNonNull):
        return _length(cast("Any", kind).of_type, inside)
    return inside if isinstance(kind, GraphQLList) else 1


def cost_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, given: Any
) -> int:
    """Reckon what an operation of a valid document costs. Raises GraphQLError for variables."""
    coerced = get_variable_values(schema, operation.variable_definitions or (), given or {})
    if isinstance(coerced, list):
        raise coerced[0]
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    reckoning = Reckoning(schema, fragments, coerced)
    return reckoning.cost(operation.selection_set, schema.get_root_type(operation.operation))


def _refuse(cost: int) -> NoReturn:
    raise GraphQLError(
        f"This would cost {cost}, and {MOST_COST} is the most: ask for shorter pages, or for less"
        " of each thing."
    )


class Cost(SchemaExtension):
    """Refuses what costs too much, and tells what was asked."""

    _told: dict[str, int] | None = None

    def on_execute(self) -> Iterator[None]:
        """Reckon before the operation is carried out."""
        sent = self.execution_context
        document = sent.graphql_document
        operation = None if document is None else get_operation_ast(document, sent.operation_name)
        if document is not None and operation is not None:
            graph = cast("GraphQLSchema", vars(sent.schema)["_schema"])
            cost = cost_of(graph, document, operation, sent.variables)
            if cost > MOST_COST:
                _refuse(cost)
            self._told = {"requested": cost, "maximum": MOST_COST}
        yield

    def get_results(self) -> dict[str, Any]:
        """Tell it beside the answer."""
        return {} if self._told is None else {"cost": self._told}
