"""GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/."""

from typing import Annotated, Any, Final

import msgspec
from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from api.callers import AnyCaller, Caller
from api.graphql.context import Context
from api.graphql.keeping import Question
from api.graphql.problems import told
from api.graphql.schema import schema
from api.problems import At, Unprocessable, documented
from application.ports import StorageUnavailable

router = APIRouter(prefix="/graphql", tags=["graphql"], responses=documented(405, 422))

MEDIA_TYPE: Final = "application/graphql-response+json"

VARY: Final = "Accept, Authorization, Cookie, X-Tenant-ID"
"""What tells who asks, and in which form."""


class Operation(BaseModel):
    """A GraphQL document, and what to do with it."""

    query: str = Field(description="The document.")
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815  the protocol's name
    extensions: dict[str, Any] | None = None


class Result(BaseModel):
    """What a GraphQL operation led to."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]] | None = None


@router.post("", operation_id="graphql", summary="A query or mutation", response_model=Result)
async def operate(operation: Operation, request: Request, caller: AnyCaller) -> Response:
    """Carry an operation out."""
    return await _answer(operation, request, caller, {OperationType.QUERY, OperationType.MUTATION})


@router.get(
    "",
    operation_id="graphqlQuery",
    summary="A query",
    response_model=Result,
    responses={304: {"description": "The client has the answer, and it still holds."}},
)
async def ask(
    request: Request,
    caller: AnyCaller,
    query: Annotated[str, Query(description="The document.")],
    variables: Annotated[str | None, Query(description="A JSON object.")] = None,
    operation_name: Annotated[str | None, Query(alias="operationName")] = None,
) -> Response:
    """Answer a query; mutations are posted."""
    operation = Operation(
        query=query, variables=_variables(variables), operationName=operation_name
    )
    try:
        return await _answer(operation, request, caller, {OperationType.QUERY})
    except InvalidOperationTypeError:
        raise HTTPException(
            405, "Only queries are asked with GET.", headers={"Allow": "POST"}
        ) from None


def _variables(given: str | None) -> dict[str, Any] | None:
    try:
        return TypeAdapter(dict[str, Any]).validate_json(given) if given else None
    except ValidationError:
        detail = "The variables are no JSON object."
        at = At(pointer="#/variables", location="query", detail=detail, code="json_invalid")
        raise Unprocessable(at) from None


async def _answer(
    operation: Operation, request: Request, caller: Caller, allowed: set[OperationType]
) -> Response:
    """Give an answer that was given before, if nothing has changed, or find a new one.

    The latter has a thread of its own, so resolvers may block; so has the question whether anything
    has changed, where a server has to be asked.
    """
    question = Question(caller, operation.query, operation.variables, operation.operationName)
    edition = caller.platform.read.edition_at_hand()
    if edition is not None and (kept := _kept(request, question, edition)) is not None:
        return kept
    return await run_sync(_find, request, question, allowed)


def _kept(request: Request, question: Question, edition: str) -> Response | None:
    """Give an answer that was given before; None where there is none."""
    name = question.name(schema, edition)
    etag = f'"{name}"'
    if request.method == "GET" and etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=_validators(etag))
    kept = question.caller.platform.answers.get(name)
    return None if kept is None else _respond(request, kept, headers=_validators(etag))


def _find(request: Request, question: Question, allowed: set[OperationType]) -> Response:
    """Give an answer that was given before, or find a new one, and keep it if it may be."""
    platform = question.caller.platform
    try:
        edition = platform.read.edition()
    except StorageUnavailable:
        edition = None  # whoever answers the question will say so
    if edition is not None and (kept := _kept(request, question, edition)) is not None:
        return kept
    context = Context.of(question.caller)
    content = _executed(question, context, allowed)
    body = msgspec.json.encode(content)
    if "errors" in content or not context.may_keep or edition is None:
        failed = content["data"] is None
        return _respond(request, body, failed=failed, headers=_retry(content))
    name = question.name(schema, edition)
    platform.answers.put(name, body)
    return _respond(request, body, headers=_validators(f'"{name}"'))


def _executed(question: Question, context: Context, allowed: set[OperationType]) -> dict[str, Any]:
    result = schema.execute_sync(
        question.query,
        variable_values=question.variables,
        context_value=context,
        operation_name=question.operation_name,
        allowed_operation_types=allowed,
    )
    content: dict[str, Any] = {"data": result.data}
    if result.errors:
        content["errors"] = told(result.errors, context.caller.correlation_id)
    return content


def _respond(
    request: Request, body: bytes, *, headers: dict[str, str], failed: bool = False
) -> Response:
    """Answer in the media type that is asked for; only the newer one tells by its status."""
    if MEDIA_TYPE not in request.headers.get("accept", ""):
        return Response(body, headers=headers, media_type="application/json")
    return Response(body, 400 if failed else 200, headers, media_type=MEDIA_TYPE)


def _validators(etag: str) -> dict[str, str]:
    """Let a client keep its answer, and ask each time whether it still holds."""
    return {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": VARY}


def _retry(content: dict[str, Any]) -> dict[str, str]:
    """Say when to ask again, if something was only not available."""
    hints = (error["extensions"].get("retryAfterS") for error in content.get("errors", ()))
    longest = max((hint for hint in hints if hint is not None), default=None)
    return {} if longest is None else {"Retry-After": str(longest)}
