"""What GraphQL clients are told when something is refused or goes wrong."""

import enum
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from uuid import UUID

import strawberry
import structlog
from graphql import GraphQLError

from api.graphql.context import Context
from api.problem_details import RETRY_AFTER_S
from domain.kernel import Rejected

T = TypeVar("T")

log = structlog.get_logger()

MASKED = "Something of ours broke. It is in our log under this correlation id."


@strawberry.enum
class ProblemKind(enum.Enum):
    """What sort of obstacle it is."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    STALE = "stale"
    UNAVAILABLE = "unavailable"


@strawberry.type(description="A refusal by the rule that `code` names: nothing was changed.")
class Problem:
    """The result of a mutation that was not carried out."""

    code: str
    message: str
    kind: ProblemKind
    correlation_id: UUID
    client_mutation_id: str | None = None


def attempt(
    context: Context, client_mutation_id: str | None, execute: Callable[[], T]
) -> T | Problem:
    """Carry a mutation out, or tell by which rule it was refused.

    What its payload tells is read after it, whatever the operation has read before.
    """
    context.forget()
    try:
        return execute()
    except Rejected as refusal:
        return Problem(
            code=refusal.code,
            message=refusal.detail,
            kind=ProblemKind(refusal.kind),
            correlation_id=context.caller.correlation_id,
            client_mutation_id=client_mutation_id,
        )


def format_errors(errors: Iterable[GraphQLError], correlation_id: UUID) -> list[dict[str, Any]]:
    """Give every error a `code`, and mask those that nobody foresaw, which our log then holds."""
    return [dict(masked(error, correlation_id).formatted) for error in errors]


def masked(error: GraphQLError, correlation_id: UUID) -> GraphQLError:
    """Give an error with a `code`, and without a word of what nobody foresaw."""
    cause = error.original_error
    extensions: dict[str, Any] = {}
    match cause:
        case Rejected():
            message, code = cause.detail, cause.code
            if cause.kind == "unavailable":
                extensions["retryAfterS"] = RETRY_AFTER_S
        case None | GraphQLError():
            message, code = error.message, "graphql.invalid"
        case _ if error.path is None:  # a variable that its scalar could not read
            message, code = error.message, "graphql.invalid"
        case _:
            log.error("graphql.failed", path=error.path, exc_info=cause)
            message, code = MASKED, "internal"
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={"code": code, "correlationId": str(correlation_id), **extensions},
    )
