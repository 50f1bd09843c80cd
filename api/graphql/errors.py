"""GraphQL errors: rejections as union members, and masked unexpected errors."""

import enum
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from uuid import UUID

import strawberry
import structlog
from graphql import GraphQLError

from api.graphql.context import Context
from api.problem_details import RETRY_AFTER_S, public_detail
from domain.card_numbers import hide_card_numbers
from domain.kernel import LimitReached, Rejected

T = TypeVar("T")

log = structlog.get_logger()

MASKED = "Internal error. Quote the correlation ID when you report it."


@strawberry.enum
class ProblemKind(enum.Enum):
    """Kind of a rejection."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    STALE = "stale"
    UNAVAILABLE = "unavailable"
    LIMITED = "limited"


@strawberry.type(description="A rejection: `code` names the rule, and nothing was changed.")
class Problem:
    """Result of a rejected mutation."""

    code: str
    message: str
    kind: ProblemKind
    correlation_id: UUID
    client_mutation_id: str | None = None


def attempt(
    context: Context, client_mutation_id: str | None, execute: Callable[[], T]
) -> T | Problem:
    """Execute a mutation, and return a Problem if it is rejected.

    Data loaders are reset, so the payload is read after the change.
    """
    context.forget()
    try:
        return execute()
    except Rejected as refusal:
        return Problem(
            code=refusal.code,
            message=public_detail(refusal),
            kind=ProblemKind(refusal.kind),
            correlation_id=context.caller.correlation_id,
            client_mutation_id=client_mutation_id,
        )


def format_errors(errors: Iterable[GraphQLError], correlation_id: UUID) -> list[dict[str, Any]]:
    """Format errors with a `code`; log and mask unexpected ones."""
    return [dict(masked(error, correlation_id).formatted) for error in errors]


def masked(error: GraphQLError, correlation_id: UUID) -> GraphQLError:
    """Return an error with a `code`; log and mask an unexpected one."""
    cause = error.original_error
    extensions: dict[str, Any] = {}
    match cause:
        case Rejected():
            message, code = public_detail(cause), cause.code
            if isinstance(cause, LimitReached):
                extensions["retryAfterS"] = cause.retry_after_s
            elif cause.kind == "unavailable":
                extensions["retryAfterS"] = RETRY_AFTER_S
        case None | GraphQLError():
            message, code = error.message, "graphql.invalid"
        case _ if error.path is None:  # a variable that its scalar could not parse
            message, code = error.message, "graphql.invalid"
        case _:
            log.error("graphql.failed", path=error.path, exc_info=cause)
            message, code = MASKED, "internal"
    return GraphQLError(
        hide_card_numbers(message),
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={"code": code, "correlationId": str(correlation_id), **extensions},
    )
