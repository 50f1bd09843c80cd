"""GraphQL subscriptions by WebSocket or server-sent events.

The protocols are graphql-transport-ws
(https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md) and, of graphql-sse
(https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md), the distinct connections mode.
Neither buffers results for disconnected clients: they resume by cursor.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from datetime import timedelta
from typing import Any, Final, cast

import msgspec
import structlog
from anyio.to_thread import run_sync
from graphql import GraphQLError
from pydantic import BaseModel, ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.schema import BaseSchema
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    SubscribeMessage,
)
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType
from strawberry.types.unset import UNSET

from api.caller import caller_of, claims_of, keep_claims, platform_of
from api.config import ApiConfig
from api.graphql.errors import masked
from api.graphql.operations import Operation, find_document
from api.graphql.schema import schema
from api.graphql.subscriptions import Subscriber
from api.middleware.authentication import bearer, bearer_of
from api.websocket.connection import TRY_LATER
from application.kernel.outages import is_transient
from application.users.errors import SignInRequired
from domain.kernel import Rejected
from domain.tenants.tenant_id import TenantInvalid

AUTH_TIMEOUT_S: Final = 10
"""Seconds until `connection_init` must arrive."""
IDLE_TIMEOUT_S: Final = 300.0
"""Seconds without subscriptions until a connection is closed."""
IDLE_CLOSE_CODE: Final = 4408
MAX_OPERATIONS: Final = 8
"""Concurrent subscriptions of one connection."""
MAX_MESSAGE_CHARS: Final = 64 * 1024
"""Maximum characters of a message; a normal subscription has a few hundred."""
HEARTBEAT_S: Final = 15

Results = AsyncGenerator[Any, None]

log = structlog.get_logger()


class SubscriptionSchema:
    """Adapter of the schema for Strawberry's handlers: subscriptions only, with masked errors."""

    async def stream(self, query: str | None, **named: Any) -> Results:
        """Execute a subscription."""
        subscriber: Subscriber = named["context_value"]
        only = (OperationType.SUBSCRIPTION,)
        results = await schema.stream(query, **named, allowed_operation_types=only)
        return _masked_results(results, subscriber)


async def _masked_results(results: Results, subscriber: Subscriber) -> Results:
    identity = subscriber.connection.state.correlation_id
    async with aclosing(results):
        try:
            async for result in results:
                if result.errors:
                    result.errors = [masked(error, identity) for error in result.errors]
                yield result
        except GraphQLError as unread:  # raised for documents that cannot be parsed
            yield PreExecutionError(data=None, errors=[masked(unread, identity)])


class _Message(BaseModel):
    """A message of a client. `id` names one of its subscriptions."""

    type: str
    id: str = ""
    payload: dict[str, Any] | None = None


class _Handler(BaseGraphQLTransportWSHandler[Subscriber, None]):
    """Speaks graphql-transport-ws, and closes idle connections."""

    async def handle(self) -> None:
        watch = asyncio.create_task(self._close_when_idle())
        try:
            with self.context.open_socket:
                await super().handle()
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        try:
            await super().handle_connection_init(message)
        except Rejected as refusal:  # too many sockets, or an outage
            log.info("socket.refused", code=refusal.code)
            await self.websocket.close(TRY_LATER, refusal.code)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        try:
            operation = Operation.model_validate(message["payload"])
        except ValidationError:
            await self.handle_invalid_message("Failed to parse message")
            return
        if self.connection_acknowledged and message["id"] not in self.operations:
            try:
                document = await find_document(operation, self.context.connection)
            except Rejected as refusal:
                await self._refuse(message["id"], refusal)
                return
            message["payload"]["query"] = document
        await super().handle_subscribe(message)

    async def _refuse(self, name: str, refusal: Rejected) -> None:
        """Send why a subscription was not executed."""
        error = GraphQLError(refusal.detail, original_error=refusal)
        formatted = masked(error, self.context.connection.state.correlation_id).formatted
        await self.send_message({"id": name, "type": "error", "payload": [formatted]})

    async def _close_when_idle(self) -> None:
        loop = asyncio.get_running_loop()
        busy_at = loop.time()
        while loop.time() < busy_at + IDLE_TIMEOUT_S:
            await asyncio.sleep(IDLE_TIMEOUT_S / 10)
            if self.operations:
                busy_at = loop.time()
        await self.websocket.close(IDLE_CLOSE_CODE, "Nothing is subscribed to.")


class SubscriptionSockets(GraphQL[Subscriber, None]):
    """Handles one WebSocket of our own pages or those of `origins`.

    Clients authenticate by request headers, or, as browsers cannot set those, by the cookie of our
    own page or by the payload of `connection_init`: `Authorization`, and `X-Tenant-ID` if it
    differs from the token's.
    """

    graphql_transport_ws_handler_class = _Handler

    def __init__(self, config: ApiConfig) -> None:
        own = () if config.origin is None else (config.origin,)
        super().__init__(
            schema=cast("BaseSchema", SubscriptionSchema()),
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=AUTH_TIMEOUT_S),
            max_subscriptions_per_connection=MAX_OPERATIONS,
            allowed_origins=(*config.origins, *own),
        )
        self._sign_in_required = config.sign_in_required

    async def get_context(self, request: Request | WebSocket, response: Any) -> Subscriber:
        del response
        return Subscriber(request)

    async def on_ws_connect(self, context: Subscriber) -> Any:
        """Authenticate by the payload of `connection_init`, and count the socket.

        Callers who are not signed in cannot be told apart, and have only the limit of the process.
        Raises ConnectionRejectionError, TooManyStreams, and what is unavailable.
        """
        try:
            await run_sync(self._authenticate, context)
        except Rejected as refusal:
            if is_transient(refusal):
                raise
            log.info("socket.refused", code=refusal.code)
            raise ConnectionRejectionError from refusal
        context.count_socket()
        return UNSET

    def decode_json(self, data: str | bytes) -> object:
        if len(data) > MAX_MESSAGE_CHARS:
            raise json.JSONDecodeError("This message is too long", "", 0)
        try:
            return _Message.model_validate_json(data).model_dump(exclude_unset=True)
        except ValidationError as invalid:
            raise json.JSONDecodeError("This message is invalid", "", 0) from invalid

    def _authenticate(self, subscriber: Subscriber) -> None:
        connection, parameters = subscriber.connection, subscriber.connection_params or {}
        claims, token = claims_of(connection), bearer(connection)
        offered_token = bearer_of(parameters.get("Authorization"))
        if offered_token is not None and bearer_of(connection.headers.get("authorization")) is None:
            token, services = offered_token, platform_of(connection).accounts()
            claims = services.sign_in_service.authenticate(offered_token)
            keep_claims(connection, claims)
        elif claims is None and self._sign_in_required:
            raise SignInRequired
        tenant = parameters.get("X-Tenant-ID", connection.headers.get("x-tenant-id"))
        if tenant is not None and not isinstance(tenant, str):
            raise TenantInvalid
        subscriber.caller = caller_of(connection, claims, tenant)
        subscriber.token = token


def events_of(
    subscriber: Subscriber, query: str, variables: dict[str, Any] | None, name: str | None
) -> EventSourceResponse:
    """Execute a subscription as server-sent events."""
    return EventSourceResponse(_events(subscriber, query, variables, name), ping=HEARTBEAT_S)


async def _events(
    subscriber: Subscriber, query: str, variables: dict[str, Any] | None, name: str | None
) -> AsyncIterator[ServerSentEvent]:
    results = await SubscriptionSchema().stream(
        query, variable_values=variables, context_value=subscriber, operation_name=name
    )
    async with aclosing(results):
        async for result in results:
            content: dict[str, Any] = {"data": result.data}
            if result.errors:
                content["errors"] = [dict(error.formatted) for error in result.errors]
            yield ServerSentEvent(msgspec.json.encode(content).decode(), event="next")
    yield ServerSentEvent("", event="complete")
