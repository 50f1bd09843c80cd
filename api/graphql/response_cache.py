"""GraphQL response cache: cacheable operations and their cache keys.

A key covers all that a response depends on: the document and its variables, the caller, the data
version of the read models, and the version of the schema. So no response is given to another
caller, and none is older than the read models.
"""

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any, Final

from graphql import FieldNode, OperationDefinitionNode, OperationType
from strawberry import Schema

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


def may_keep(operation: OperationDefinitionNode | None, cached_fields: frozenset[str]) -> bool:
    """Return whether the response may be cached: that of a query of cached fields only.

    These are the fields of `Query` declared with `reading`. A resolver can still prevent caching.
    """
    return (
        operation is not None
        and operation.operation is OperationType.QUERY
        and all(
            isinstance(field, FieldNode) and field.name.value in cached_fields
            for field in operation.selection_set.selections
        )
    )
