"""Executing a document by graphql-core and by a plan."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import strawberry
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types import ExecutionResult

from api.graphql.compiled_execution import CompiledExecutor

ORDINARY: Final = StrawberryGraphQLCoreExecutionContext


class QuietSchema(strawberry.Schema):
    """A schema that logs no errors: these tests cause thousands."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None: ...


@contextmanager
def executed_by(kind: type[Any], owner: strawberry.Schema) -> Iterator[None]:
    previous, owner.execution_context_class = owner.execution_context_class, kind
    try:
        yield
    finally:
        owner.execution_context_class = previous


def shown(result: ExecutionResult) -> Any:
    """Return all that clients see of a result, in order."""
    errors = [(each.formatted, str(each.original_error)) for each in result.errors or ()]
    return repr(result.data), errors, result.extensions


def both(owner: strawberry.Schema, document: str, context: Any, **variables: Any) -> list[Any]:
    """Execute a document by graphql-core and by a plan, twice: with a new plan and a kept one."""
    results = []
    for kind in (ORDINARY, CompiledExecutor, CompiledExecutor):
        with executed_by(kind, owner):
            results.append(
                shown(
                    owner.execute_sync(
                        document,
                        variable_values=variables,
                        context_value=context(),
                    )
                )
            )
    return results
