"""WebSocket connections: authentication, limits and close codes.

Pages of other sites are refused by their `Origin`. Clients authenticate by `Authorization`, or, as
browsers cannot set it, by the cookie of our own page, by a subprotocol `kinelog.token.<access
token>` offered together with `kinelog`, or by the first message. docs/how-to/stream.md lists the
close codes, which extend those of RFC 6455, 7.4.1.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import structlog
from anyio.to_thread import run_sync
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.caller import caller_of, claims_of, keep_claims, platform_of
from api.config import ApiConfig
from api.http.cookies import is_own_page
from api.middleware.authentication import TOKEN, bearer, bearer_of
from api.share_link_auth import PARAMETER, ShareLinkAuth
from application.caller import Caller
from application.live.feed_access import OpenStreams, TooManyStreams
from application.operations.readiness import Readiness
from application.share_links import ACTOR
from application.users.errors import SignInRequired, TenantMismatch
from application.users.tokens import AccessClaims
from domain.ids import RecordingId
from domain.kernel import Rejected

PROTOCOL: Final = "kinelog"
AUTH_TIMEOUT_S: Final = 5.0
"""Seconds until the first message must authenticate."""
IDLE_TIMEOUT_S: Final = 60.0
"""Seconds without a message until a connection is closed; a set has a chunk each half second."""
SHUTDOWN_CHECK_S: Final = 0.5
"""Interval of checks whether this process is shutting down."""
MAX_AUTH_MESSAGE_BYTES: Final = 16 * 1024

POLICY_VIOLATION: Final = 1008
TOO_LARGE: Final = 1009
SERVICE_RESTART: Final = 1012
TRY_LATER: Final = 1013
UNAUTHENTICATED: Final = 4401
FORBIDDEN: Final = 4403
NOT_FOUND: Final = 4404
TIMED_OUT: Final = 4408

log = structlog.get_logger()


class Closed(Exception):  # noqa: N818  the end of a conversation is not an error
    """Close the connection with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class AuthMessage(BaseModel):
    """First message of a client that authenticates by message."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    authorization: str
    tenant_id: str | None = None


@dataclass(frozen=True)
class Connection:
    """An open, authenticated WebSocket.

    `token` is the access token, `share` the share link of the client, if any.
    """

    socket: WebSocket
    caller: Caller
    token: str | None
    share: ShareLinkAuth | None = None

    @property
    def stream_key(self) -> tuple[str, ...]:
        """Key of the stream limit. Viewers with a share link do not use up the athlete's limit."""
        if self.share is not None and self.caller.claims is not None:
            return self.caller.tenant_id, f"{ACTOR}{self.caller.claims.sign_in_id}"
        return self.caller.cache_scope[:2]

    def current_caller(self) -> Caller:
        """Return the caller with freshly verified claims: tokens and links may have been revoked.

        Raises TokenRefused, ShareLinkExpired and ShareLinkRevoked; may query a server.
        """
        if self.share is not None:
            return replace(self.caller, claims=self.share.claims(self.caller.platform))
        if self.caller.claims is None or self.token is None:
            return self.caller
        services = self.caller.platform.accounts()
        return replace(self.caller, claims=services.sign_in_service.authenticate(self.token))

    def cached_caller(self) -> Caller | None:
        """Return the current caller as far as caches know it; None if a lookup is needed."""
        if self.share is not None:
            return None
        if self.caller.claims is None or self.token is None:
            return self.caller
        services = self.caller.platform.accounts()
        claims = services.sign_in_service.authenticate_cached(self.token)
        return None if claims is None else replace(self.caller, claims=claims)

    async def messages(self, largest: int) -> AsyncGenerator[str | bytes, None]:
        """Yield messages until the client disconnects.

        Reads the next message only after the current one is handled, which slows down fast senders.
        Raises Closed if the client is silent for too long, a message is larger than `largest`
        bytes, or this process shuts down.
        """
        readiness: Readiness = self.socket.app.state.readiness
        loop = asyncio.get_running_loop()
        last_message_at = loop.time()
        receiving = asyncio.ensure_future(self.socket.receive())
        try:
            while True:
                await asyncio.wait({receiving}, timeout=SHUTDOWN_CHECK_S)
                if receiving.done():
                    message = receiving.result()
                    if message["type"] == "websocket.disconnect":
                        return
                    yield content_of(message, largest)
                    last_message_at = loop.time()
                    receiving = asyncio.ensure_future(self.socket.receive())
                elif loop.time() - last_message_at > IDLE_TIMEOUT_S:
                    raise Closed(TIMED_OUT, "No message was received for too long.")
                if readiness.is_ending:
                    raise Closed(SERVICE_RESTART, "The server is shutting down. Reconnect.")
        finally:
            receiving.cancel()

    async def send(self, text: str) -> None:
        """Send a JSON text."""
        await self.socket.send_text(text)


ConnectionHandler = Callable[[Connection], Coroutine[Any, Any, None]]


async def serve_connection(
    socket: WebSocket,
    handler: ConnectionHandler,
    *,
    shown: RecordingId | None = None,
    streams: OpenStreams | None = None,
) -> None:
    """Accept and authenticate a connection, run its handler, and close it.

    A share link to the recording `shown` is accepted instead of a token. The connection counts as
    one of `streams`, by default of those that follow feeds. In `streams` of another kind, callers
    who are not signed in, and cannot be told apart, have only the limit of the process.
    """
    if not _is_origin_allowed(socket):
        await socket.close(POLICY_VIOLATION)
        return
    await socket.accept(PROTOCOL if PROTOCOL in _offered_subprotocols(socket) else None)
    try:
        connection = await _authenticate(socket, shown)
        is_shared = streams is not None and connection.caller.claims is None
        counted: OpenStreams = streams or socket.app.state.streams
        with counted.acquire(connection.stream_key, is_shared=is_shared):
            await handler(connection)
    except Closed as closed:
        await _close(socket, closed)
    except Rejected as refusal:
        log.info("socket.refused", code=refusal.code)
        await _close(socket, Closed(_close_code(refusal), refusal.code))
    except WebSocketDisconnect:
        log.info("socket.gone")


def _close_code(refusal: Rejected) -> int:
    if isinstance(refusal, TooManyStreams) or refusal.kind == "unavailable":
        return TRY_LATER
    if refusal.kind == "not_found":
        return NOT_FOUND
    if isinstance(refusal, TenantMismatch) or refusal.kind != "unauthenticated":
        return FORBIDDEN
    return UNAUTHENTICATED


async def _close(socket: WebSocket, closed: Closed) -> None:
    try:
        await socket.close(closed.code, closed.reason)
    except (RuntimeError, WebSocketDisconnect):
        log.info("socket.gone")  # the client has closed it already


def _is_origin_allowed(socket: WebSocket) -> bool:
    """Return whether the `Origin` is allowed. Clients other than browsers send none."""
    origin = socket.headers.get("origin")
    config: ApiConfig = socket.app.state.config
    return origin is None or origin in config.origins or is_own_page(socket)


def _offered_subprotocols(socket: WebSocket) -> list[str]:
    return cast("list[str]", socket.scope.get("subprotocols", []))


async def _authenticate(socket: WebSocket, shown: RecordingId | None) -> Connection:
    link = socket.query_params.get(PARAMETER)
    if link is not None and shown is not None:
        return await run_sync(_authenticate_by_link, socket, ShareLinkAuth(link, shown))
    claims, token = claims_of(socket), bearer(socket)
    tenant = socket.headers.get("x-tenant-id")
    if claims is None:
        offered = (each for each in _offered_subprotocols(socket) if each.startswith(TOKEN))
        token = next((each.removeprefix(TOKEN) for each in offered), None)
        config: ApiConfig = socket.app.state.config
        if token is None and config.sign_in_required:
            message_auth = await _receive_auth_message(socket)
            token, tenant = bearer_of(message_auth.authorization), message_auth.tenant_id or tenant
            if token is None:
                raise SignInRequired
        if token is not None:
            claims = await run_sync(_verify_token, socket, token)
            keep_claims(socket, claims)
    return Connection(socket, caller_of(socket, claims, tenant), token)


def _authenticate_by_link(socket: WebSocket, share: ShareLinkAuth) -> Connection:
    claims = share.claims_noted(platform_of(socket), socket.url.path)
    return Connection(socket, caller_of(socket, claims, None), None, share)


def _verify_token(socket: WebSocket, token: str) -> AccessClaims:
    return platform_of(socket).accounts().sign_in_service.authenticate(token)


async def _receive_auth_message(socket: WebSocket) -> AuthMessage:
    try:
        message = await asyncio.wait_for(socket.receive(), AUTH_TIMEOUT_S)
    except TimeoutError:
        raise Closed(TIMED_OUT, "The connection was not authenticated in time.") from None
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    try:
        return AuthMessage.model_validate_json(content_of(message, MAX_AUTH_MESSAGE_BYTES))
    except ValidationError:
        raise Closed(UNAUTHENTICATED, SignInRequired.code) from None


def content_of(message: Any, largest: int) -> str | bytes:
    """Return the content of a message. Raises Closed if it is larger than `largest` bytes."""
    content: str | bytes | None = message.get("text")
    if content is None:
        content = cast("bytes", message["bytes"])
    if len(content) > largest:
        raise Closed(TOO_LARGE, f"A message has at most {largest} bytes.")
    return content
