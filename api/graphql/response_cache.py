"""GraphQL response cache: cacheable operations and their cache keys.

A key covers all that a response depends on: the document and its variables, the caller, the data
version of the read models, and the version of the schema. So no response is given to another
caller, and none is older than the read models.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any, Final

from graphql import DocumentNode, FieldNode, OperationType, get_operation_ast
from strawberry import Schema
from strawberry.extensions import SchemaExtension

from api.graphql.context import Context
from application.caller import Caller
from application.kernel.cache import cache_key

FORMAT: Final = "1"
"""Raise it when the format of responses changes though the schema is the same."""


@dataclass(frozen=True)
class QueryKey:
    """A query and its caller."""

    caller: Caller
    query: str
    variables: dict[str, Any] | None
    operation_name: str | None

    def name(self, schema: Schema, data_version: str) -> str:
        """Return the cache key for a data version of the read models."""
        variables_json = json.dumps(self.variables or {}, sort_keys=True)
        parts = (FORMAT, digest_of(schema), *self.caller.cache_scope, data_version)
        return cache_key([*parts, self.query, variables_json, self.operation_name or ""])


@cache
def digest_of(schema: Schema) -> str:
    """Return the digest of a schema: it separates the caches of different versions."""
    return sha256(schema.as_str().encode()).hexdigest()


class CacheMarker(SchemaExtension):
    """Marks the context of queries whose response may be cached: those of cached fields only.

    These are the fields of `Query` declared with `reading`. A resolver can still prevent caching.
    """

    def __init__(self, cached_fields: frozenset[str]) -> None:
        self._cached_fields = cached_fields

    def on_execute(self) -> Iterator[None]:
        """Check the operation before execution."""
        execution = self.execution_context
        if isinstance(execution.context, Context) and execution.graphql_document is not None:
            execution.context.may_keep = self._may_keep(
                execution.graphql_document, execution.operation_name
            )
        yield

    def _may_keep(self, document: DocumentNode, operation_name: str | None) -> bool:
        operation = get_operation_ast(document, operation_name)
        return (
            operation is not None
            and operation.operation is OperationType.QUERY
            and all(
                isinstance(field, FieldNode) and field.name.value in self._cached_fields
                for field in operation.selection_set.selections
            )
        )
