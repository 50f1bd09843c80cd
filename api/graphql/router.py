"""GraphQL over HTTP: https://graphql.github.io/graphql-over-http/draft/."""

from collections.abc import Callable, Coroutine, Iterable
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from graphql import GraphQLError
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.websockets import WebSocket
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from api.caller import CurrentCaller, find_usual_caller
from api.graphql.context import Context
from api.graphql.errors import format_errors
from api.graphql.event_streams import SubscriptionSockets, events_of
from api.graphql.operations import Operation, find_document
from api.graphql.response_cache import QueryKey
from api.graphql.schema import schema
from api.graphql.subscriptions import Subscriber
from api.idempotency import Key, bound_command_id
from api.middleware.authentication import bearer
from api.problem_details import (
    FieldError,
    Unprocessable,
    problem_responses,
    to_response,
    validation_problem,
)
from application.caller import Caller
from application.kernel.ports import StorageUnavailable
from domain.kernel import Rejected


class GraphQLRoute(APIRoute):
    """Route that rejects a malformed request with 400, as GraphQL over HTTP recommends.

    Usual requests skip FastAPI's dependencies, which take longer than returning a kept response.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of requests."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                operation = await _usual_operation(request)
                caller = None if operation is None else find_usual_caller(request)
                if operation is None or caller is None:
                    return await handler(request)
                return await _respond_to(operation, request, caller)
            except RequestValidationError as invalid:
                return validation_problem(request, invalid, HTTPStatus.BAD_REQUEST)
            except Unprocessable as invalid:
                return to_response(request, invalid, HTTPStatus.BAD_REQUEST)

        return handle


router = APIRouter(
    prefix="/graphql",
    tags=["graphql"],
    responses=problem_responses(400, 405, 422, 429),
    route_class=GraphQLRoute,
)

JSON: Final = "application/json"

MEDIA_TYPE: Final = "application/graphql-response+json"

EVENTS: Final = "text/event-stream"

VARY: Final = "Accept, Authorization, Cookie, X-Tenant-ID"
"""Request headers that identify the caller and the format."""


class Result(BaseModel):
    """A GraphQL response. One that was not executed has `errors` and no `data`."""

    data: dict[str, Any] | None = None
    errors: list[dict[str, Any]] | None = None


async def _usual_operation(request: Request) -> Operation | None:
    """Return the operation of a request by POST without an idempotency key.

    None for another request, and for one that is malformed: FastAPI says what is wrong with it.
    """
    headers = request.headers
    if request.method != "POST" or headers.get("content-type") != JSON:
        return None
    if "idempotency-key" in headers:
        return None
    try:
        return Operation.model_validate_json(await request.body())
    except ValidationError:
        return None


@router.post("", operation_id="graphql", summary="Execute an operation", response_model=Result)
async def execute(
    operation: Operation, request: Request, caller: CurrentCaller, key: Key = None
) -> Response:
    """Execute a query or mutation; a subscription if the client accepts server-sent events.

    `Idempotency-Key` applies to the mutations of the document that have no `commandId`.
    """
    if key is None:
        return await _respond_to(operation, request, caller)
    async with bound_command_id(caller, request, key) as request.state.command_id:
        return await _respond_to(operation, request, caller)


async def _respond_to(operation: Operation, request: Request, caller: Caller) -> Response:
    try:
        document = await find_document(operation, request)
    except Rejected as refusal:
        return _rejected(request, refusal, caller)
    operation = operation.model_copy(update={"query": document})
    if EVENTS in request.headers.get("accept", ""):
        subscriber = Subscriber(request, caller, bearer(request))
        return events_of(subscriber, document, operation.variables, operation.operationName)
    try:
        return await _cached_or_executed(
            operation, request, caller, {OperationType.QUERY, OperationType.MUTATION}
        )
    except InvalidOperationTypeError:
        raise HTTPException(406, f"Accept {EVENTS} or use a WebSocket for subscriptions.") from None


@router.websocket("")
async def subscribe(socket: WebSocket) -> None:
    """Execute subscriptions by WebSocket."""
    await SubscriptionSockets(socket.app.state.config).run(socket)


@router.get(
    "",
    operation_id="graphqlQuery",
    summary="Execute a query",
    response_model=Result,
    responses={304: {"description": "The cached response is still current."}},
)
async def execute_query(
    request: Request,
    caller: CurrentCaller,
    query: Annotated[str | None, Query(description="The document.")] = None,
    variables: Annotated[str | None, Query(description="A JSON object.")] = None,
    operation_name: Annotated[str | None, Query(alias="operationName")] = None,
    extensions: Annotated[
        str | None,
        Query(description="A JSON object; `persistedQuery` refers to a document by its hash."),
    ] = None,
) -> Response:
    """Execute a query. Send mutations with POST."""
    operation = Operation(
        query=query,
        variables=_object("variables", variables),
        operationName=operation_name,
        extensions=_object("extensions", extensions),
    )
    try:
        document = await find_document(operation, request)
    except Rejected as refusal:
        return _rejected(request, refusal, caller)
    operation = operation.model_copy(update={"query": document})
    try:
        return await _cached_or_executed(operation, request, caller, {OperationType.QUERY})
    except InvalidOperationTypeError:
        raise HTTPException(
            405, "Only queries can be sent with GET. Use POST.", headers={"Allow": "POST"}
        ) from None


def _object(name: str, text: str | None) -> dict[str, Any] | None:
    try:
        return TypeAdapter(dict[str, Any]).validate_json(text) if text else None
    except ValidationError:
        detail = f"`{name}` is not a JSON object."
        at = FieldError(pointer=f"#/{name}", location="query", detail=detail, code="json_invalid")
        raise Unprocessable(at) from None


def _rejected(request: Request, refusal: Rejected, caller: Caller) -> Response:
    """Return a GraphQL error for a rejected document."""
    if isinstance(refusal, Unprocessable):
        raise refusal
    error = GraphQLError(refusal.detail, original_error=refusal)
    content = _not_executed([error], caller)
    return _respond(request, msgspec.json.encode(content), headers={}, executed=False)


def _not_executed(errors: Iterable[GraphQLError], caller: Caller) -> dict[str, Any]:
    """Return the response to a request error: it has no `data` (GraphQL, section 7.1)."""
    return {"errors": format_errors(errors, caller.correlation_id)}


async def _cached_or_executed(
    operation: Operation, request: Request, caller: Caller, allowed: set[OperationType]
) -> Response:
    """Return a cached response, or execute the operation.

    Execution runs in a thread, as resolvers block; so does the check of the data version, if it has
    to query a server.
    """
    key = QueryKey(caller, operation.query or "", operation.variables, operation.operationName)
    data_version = caller.platform.read.cached_data_version()
    name = None if data_version is None else key.name(schema, data_version)
    if name is not None and (cached := _cached(request, key, name)) is not None:
        return cached
    return await run_sync(_execute_and_cache, request, key, allowed, name)


def _cached(request: Request, key: QueryKey, name: str) -> Response | None:
    """Return the cached response of a name, or None."""
    etag = f'"{name}"'
    if request.method == "GET" and etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=_validators(etag))
    cached = key.caller.platform.cache.get(name)
    return None if cached is None else _respond(request, cached, headers=_validators(etag))


def _execute_and_cache(
    request: Request, key: QueryKey, allowed: set[OperationType], name: str | None
) -> Response:
    """Return a cached response, or execute the operation and cache its response if possible.

    `name` is that of the response, None if the data version has to be queried. Another request may
    have cached the response while this one waited for a thread.
    """
    platform = key.caller.platform
    name = name or _current_name(key)
    if name is not None and (cached := _cached(request, key, name)) is not None:
        return cached
    context = Context.of(key.caller, getattr(request.state, "command_id", None))
    content = _executed(key, context, allowed)
    body = msgspec.json.encode(content)
    keeps = context.may_keep and not key.caller.notes  # each read of others' data leaves a note
    if "errors" in content or not keeps or name is None:
        headers = {"Cache-Control": "private, no-store"} | _retry(content)
        return _respond(request, body, executed="data" in content, headers=headers)
    platform.cache.put(name, body)
    return _respond(request, body, headers=_validators(f'"{name}"'))


def _current_name(key: QueryKey) -> str | None:
    """Return the name for the current data version, None while it is unavailable."""
    try:
        return key.name(schema, key.caller.platform.read.data_version())
    except StorageUnavailable:
        return None  # the execution reports it


def _executed(key: QueryKey, context: Context, allowed: set[OperationType]) -> dict[str, Any]:
    try:
        result = schema.execute_sync(
            key.query,
            variable_values=key.variables,
            context_value=context,
            operation_name=key.operation_name,
            allowed_operation_types=allowed,
        )
    except (MissingQueryError, CannotGetOperationTypeError):
        unnamed = GraphQLError("The document has no operation, or none of this name.")
        return _not_executed([unnamed], context.caller)
    errors = result.errors or ()
    was_executed = result.data is not None or any(error.path for error in errors)
    content: dict[str, Any] = {"data": result.data} if was_executed else {}
    if errors:
        content["errors"] = format_errors(errors, context.caller.correlation_id)
    if result.extensions:
        content["extensions"] = result.extensions
    return content


def _respond(
    request: Request, body: bytes, *, headers: dict[str, str], executed: bool = True
) -> Response:
    """Respond in the accepted media type; only the newer one reports request errors by status."""
    if MEDIA_TYPE not in request.headers.get("accept", ""):
        return Response(body, headers=headers, media_type=JSON)
    return Response(body, 200 if executed else 400, headers, media_type=MEDIA_TYPE)


def _validators(etag: str) -> dict[str, str]:
    """Return headers that let clients cache the response and revalidate it each time."""
    return {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": VARY}


def _retry(content: dict[str, Any]) -> dict[str, str]:
    """Return `Retry-After` if something was unavailable."""
    hints = (error["extensions"].get("retryAfterS") for error in content.get("errors", ()))
    longest = max((hint for hint in hints if hint is not None), default=None)
    return {} if longest is None else {"Retry-After": str(longest)}
