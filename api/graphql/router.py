"""GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/."""

from typing import Annotated, Any, Final

import msgspec
from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from graphql import GraphQLError
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.websockets import WebSocket
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from api.caller import Caller, CurrentCaller
from api.config import ApiConfig
from api.graphql.context import Context
from api.graphql.errors import told
from api.graphql.event_streams import Sockets, events_of
from api.graphql.response_cache import Question
from api.graphql.schema import schema
from api.graphql.subscriptions import Subscriber
from api.middleware.authentication import bearer
from api.problem_details import FieldError, Unprocessable, problem_responses
from application.kernel.ports import StorageUnavailable
from domain.kernel import Rejected

router = APIRouter(prefix="/graphql", tags=["graphql"], responses=problem_responses(405, 422))

MEDIA_TYPE: Final = "application/graphql-response+json"

EVENTS: Final = "text/event-stream"

VARY: Final = "Accept, Authorization, Cookie, X-Tenant-ID"
"""What tells who asks, and in which form."""


class Operation(BaseModel):
    """A GraphQL document, and what to do with it."""

    query: str | None = Field(None, description="The document; or its hash in `extensions`.")
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815  the protocol's name
    extensions: dict[str, Any] | None = None


class Result(BaseModel):
    """What a GraphQL operation led to."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]] | None = None


@router.post("", operation_id="graphql", summary="A query or mutation", response_model=Result)
async def operate(operation: Operation, request: Request, caller: CurrentCaller) -> Response:
    """Carry an operation out; a subscription, where events are what is accepted."""
    try:
        document = await _document(operation, request, caller)
    except Rejected as refusal:
        return _refused(request, refusal, caller)
    operation = operation.model_copy(update={"query": document})
    if EVENTS in request.headers.get("accept", ""):
        subscriber = Subscriber(request, caller, bearer(request))
        return events_of(subscriber, document, operation.variables, operation.operationName)
    try:
        return await _answer(
            operation, request, caller, {OperationType.QUERY, OperationType.MUTATION}
        )
    except InvalidOperationTypeError:
        raise HTTPException(406, f"Subscriptions are sent as {EVENTS}, or by WebSocket.") from None


@router.websocket("")
async def listen(socket: WebSocket) -> None:
    """Carry subscriptions out by WebSocket."""
    await Sockets(socket.app.state.config).run(socket)


@router.get(
    "",
    operation_id="graphqlQuery",
    summary="A query",
    response_model=Result,
    responses={304: {"description": "The client has the answer, and it still holds."}},
)
async def ask(
    request: Request,
    caller: CurrentCaller,
    query: Annotated[str | None, Query(description="The document.")] = None,
    variables: Annotated[str | None, Query(description="A JSON object.")] = None,
    operation_name: Annotated[str | None, Query(alias="operationName")] = None,
    extensions: Annotated[
        str | None,
        Query(description="A JSON object; `persistedQuery` names a document by its hash."),
    ] = None,
) -> Response:
    """Answer a query; mutations are posted."""
    operation = Operation(
        query=query,
        variables=_object("variables", variables),
        operationName=operation_name,
        extensions=_object("extensions", extensions),
    )
    try:
        document = await _document(operation, request, caller)
    except Rejected as refusal:
        return _refused(request, refusal, caller)
    operation = operation.model_copy(update={"query": document})
    try:
        return await _answer(operation, request, caller, {OperationType.QUERY})
    except InvalidOperationTypeError:
        raise HTTPException(
            405, "Only queries are asked with GET.", headers={"Allow": "POST"}
        ) from None


def _object(name: str, given: str | None) -> dict[str, Any] | None:
    try:
        return TypeAdapter(dict[str, Any]).validate_json(given) if given else None
    except ValidationError:
        detail = f"The {name} are no JSON object."
        at = FieldError(pointer=f"#/{name}", location="query", detail=detail, code="json_invalid")
        raise Unprocessable(at) from None


async def _document(operation: Operation, request: Request, caller: Caller) -> str:
    """Give the document that is meant, sent or named. Raises what `Documents.find` raises."""
    config: ApiConfig = request.app.state.config
    extensions = operation.extensions or {}
    if operation.query is None and "persistedQuery" not in extensions:
        raise Unprocessable(
            FieldError(pointer="#/query", location="body", detail="Field required.", code="missing")
        )
    documents, kept = config.documents, caller.platform.cache
    if operation.query is not None and not extensions and not documents.only:
        return operation.query
    return await run_sync(documents.find, operation.query, extensions, kept)


def _refused(request: Request, refusal: Rejected, caller: Caller) -> Response:
    """Tell as GraphQL does why a document is not carried out."""
    if isinstance(refusal, Unprocessable):
        raise refusal
    error = GraphQLError(refusal.detail, original_error=refusal)
    content = {"data": None, "errors": told([error], caller.correlation_id)}
    return _respond(request, msgspec.json.encode(content), headers={}, failed=True)


async def _answer(
    operation: Operation, request: Request, caller: Caller, allowed: set[OperationType]
) -> Response:
    """Give an answer that was given before, if nothing has changed, or find a new one.

    The latter has a thread of its own, so resolvers may block; so has the question whether anything
    has changed, where a server has to be asked.
    """
    question = Question(caller, operation.query or "", operation.variables, operation.operationName)
    data_version = caller.platform.read.cached_data_version()
    if data_version is not None and (kept := _kept(request, question, data_version)) is not None:
        return kept
    return await run_sync(_find, request, question, allowed)


def _kept(request: Request, question: Question, data_version: str) -> Response | None:
    """Give an answer that was given before; None where there is none."""
    name = question.name(schema, data_version)
    etag = f'"{name}"'
    if request.method == "GET" and etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=_validators(etag))
    kept = question.caller.platform.cache.get(name)
    return None if kept is None else _respond(request, kept, headers=_validators(etag))


def _find(request: Request, question: Question, allowed: set[OperationType]) -> Response:
    """Give an answer that was given before, or find a new one, and keep it if it may be."""
    platform = question.caller.platform
    try:
        data_version = platform.read.data_version()
    except StorageUnavailable:
        data_version = None  # whoever answers the question will say so
    if data_version is not None and (kept := _kept(request, question, data_version)) is not None:
        return kept
    context = Context.of(question.caller)
    content = _executed(question, context, allowed)
    body = msgspec.json.encode(content)
    if "errors" in content or not context.may_keep or data_version is None:
        failed = content["data"] is None
        return _respond(request, body, failed=failed, headers=_retry(content))
    name = question.name(schema, data_version)
    platform.cache.put(name, body)
    return _respond(request, body, headers=_validators(f'"{name}"'))


def _executed(question: Question, context: Context, allowed: set[OperationType]) -> dict[str, Any]:
    try:
        result = schema.execute_sync(
            question.query,
            variable_values=question.variables,
            context_value=context,
            operation_name=question.operation_name,
            allowed_operation_types=allowed,
        )
    except (MissingQueryError, CannotGetOperationTypeError):
        unnamed = GraphQLError("The document has no operation, or none of this name.")
        return {"data": None, "errors": told([unnamed], context.caller.correlation_id)}
    content: dict[str, Any] = {"data": result.data}
    if result.errors:
        content["errors"] = told(result.errors, context.caller.correlation_id)
    if result.extensions:
        content["extensions"] = result.extensions
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
