"""Checks and limits of operations, in one Strawberry extension: several take several times as long.

Parsing, limits of size and validation depend on the document only, so their results are kept. The
cost depends on the variables, too: it is kept for those that were sent last.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, cast

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from api.graphql.context import Context
from api.graphql.descriptions import has_unstorable_text
from api.graphql.query_cost import MAX_COST, cost_of
from api.graphql.query_limits import MAX_TOKENS, refusal_of
from api.graphql.response_cache import may_keep
from api.unstorable_text import UNSTORABLE_TEXT
from application.kernel.cache import LruCache

MAX_DOCUMENTS: Final = 128

MAX_COSTS: Final = 16
"""Costs of a document that are kept."""

LONGEST_VARIABLES: Final = 256
"""Longest variables for which a cost is kept, in characters."""


@dataclass
class CheckedDocument:
    """A parsed document within the limits, of one or several operations.

    `errors` are None until it is validated.
    """

    parsed: DocumentNode
    errors: list[GraphQLError] | None = None
    costs: LruCache[str, int] = field(default_factory=lambda: LruCache(MAX_COSTS))
    has_several: bool = field(init=False)

    def __post_init__(self) -> None:
        kinds = [isinstance(each, OperationDefinitionNode) for each in self.parsed.definitions]
        self.has_several = sum(kinds) > 1


CheckedDocuments = LruCache[str, CheckedDocument]
"""Documents by their text."""


class OperationChecks(SchemaExtension):
    """Rejects operations with unstorable text, oversized or invalid documents, or a high cost.

    Reports the cost of others, and marks the context of queries whose response may be cached.
    """

    _document: CheckedDocument | None = None
    _cost: dict[str, int] | None = None

    def __init__(self, documents: CheckedDocuments, cached_fields: frozenset[str]) -> None:
        self._documents = documents
        self._cached_fields = cached_fields

    def on_operation(self) -> Iterator[None]:
        """Check the text of the request."""
        sent = self.execution_context
        if has_unstorable_text(sent.query or "", sent.variables):
            raise GraphQLError(UNSTORABLE_TEXT)
        yield

    def on_parse(self) -> Iterator[None]:
        """Parse the document, and check its size before validation, which would walk all of it."""
        sent = self.execution_context
        text = sent.query or ""
        document = self._documents.get(text)
        if document is None:
            parsed = parse(text, max_tokens=MAX_TOKENS)
            refusal = refusal_of(parsed)
            if refusal is not None:
                raise GraphQLError(refusal)
            document = CheckedDocument(parsed)
            self._documents.put(text, document)
        # Without a name, Strawberry would execute the first one, against section 6.1 of GraphQL.
        if document.has_several and vars(sent)["_provided_operation_name"] is None:
            raise GraphQLError("The document has several operations. Name one by `operationName`.")
        self._document, sent.graphql_document = document, document.parsed
        yield

    def on_validate(self) -> Iterator[None]:
        """Validate the document."""
        sent, document = self.execution_context, self._document
        if document is not None:
            if document.errors is None:
                rules = sent.validation_rules
                document.errors = validate_document(self._graph, document.parsed, rules)
            sent.pre_execution_errors = document.errors
        yield

    def on_execute(self) -> Iterator[None]:
        """Compute the cost, and whether the response may be cached."""
        sent = self.execution_context
        operation = self._operation()
        if self._document is not None and operation is not None:
            cost = self._cost_of(self._document, operation)
            if cost > MAX_COST:
                raise GraphQLError(
                    f"The query costs {cost}; the maximum is {MAX_COST}."
                    " Request shorter pages or fewer fields."
                )
            self._cost = {"requested": cost, "maximum": MAX_COST}
        if isinstance(sent.context, Context):
            sent.context.may_keep = may_keep(operation, self._cached_fields)
        yield

    def get_results(self) -> dict[str, Any]:
        """Return the cost as an extension of the response."""
        return {} if self._cost is None else {"cost": self._cost}

    def _cost_of(self, document: CheckedDocument, operation: OperationDefinitionNode) -> int:
        """Return the cost of an operation of a document. Raises GraphQLError for variables."""
        sent = self.execution_context
        variables = repr((sent.operation_name, sent.variables))  # 1, 1.0 and True differ in it
        cost = document.costs.get(variables)
        if cost is None:
            cost = cost_of(self._graph, document.parsed, operation, sent.variables)
            if len(variables) <= LONGEST_VARIABLES:
                document.costs.put(variables, cost)
        return cost

    def _operation(self) -> OperationDefinitionNode | None:
        sent = self.execution_context
        document = sent.graphql_document
        return None if document is None else get_operation_ast(document, sent.operation_name)

    @property
    def _graph(self) -> GraphQLSchema:
        return cast("GraphQLSchema", vars(self.execution_context.schema)["_schema"])
