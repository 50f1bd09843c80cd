"""A WebSocket is for whoever says who they are, as long as that holds, and for nobody silent.

Pages of other sites get none: browsers say in `Origin` which page asks. Who asks is said by
`Authorization`, or, as browsers cannot set it, by the cookie of a page of ours, by a subprotocol
`kinelog.token.<access token>` offered beside `kinelog`, or by the first message. Close codes beside
those of RFC 6455, 7.4.1, are in docs/how-to/stream.md.
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

from api.caller import Caller, caller_of, claims_of, platform_of
from api.config import ApiConfig
from api.feed_access import OpenStreams, TooManyStreams
from api.http.cookies import is_own_page
from api.http.share_link_auth import PARAMETER, ShareLinkAuth
from api.middleware.authentication import TOKEN, bearer, bearer_of
from application.operations.readiness import Readiness
from application.share_links import ACTOR
from application.users.errors import SignInRequired, TenantMismatch
from application.users.tokens import AccessClaims
from domain.ids import RecordingId
from domain.kernel import Rejected

PROTOCOL: Final = "kinelog"
FIRST_WORD_S: Final = 5.0
"""A socket says who it is within so many seconds."""
IDLE_S: Final = 60.0
"""A socket that says nothing for so long is closed; a set has a chunk each half second."""
LOOK_S: Final = 0.5
"""So often it is looked whether this process is about to end."""
LONGEST_FIRST_WORD: Final = 16 * 1024

POLICY: Final = 1008
TOO_LARGE: Final = 1009
RESTARTS: Final = 1012
TRY_LATER: Final = 1013
UNREADABLE: Final = 4400
NOT_SIGNED_IN: Final = 4401
NOT_ALLOWED: Final = 4403
NOT_THERE: Final = 4404
SILENT: Final = 4408

log = structlog.get_logger()


class Closed(Exception):  # noqa: N818  how a conversation ends is no error
    """The socket is to be closed, with this code and for this reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class FirstWord(BaseModel):
    """What is said first where nothing else says who asks."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    authorization: str
    tenant_id: str | None = None


@dataclass(frozen=True)
class Connection:
    """Somebody at the other end of an open WebSocket.

    `token` is what they have signed in with, `share` the link that they have come by.
    """

    socket: WebSocket
    caller: Caller
    token: str | None
    share: ShareLinkAuth | None = None

    @property
    def counted_as(self) -> tuple[str, ...]:
        """Say whose stream this is: those who come by a link take none away from its giver."""
        if self.share is not None and self.caller.claims is not None:
            return self.caller.tenant_id, f"{ACTOR}{self.caller.claims.sign_in_id}"
        return self.caller.cache_scope[:2]

    def now(self) -> Caller:
        """Say who asks now: what a token says may end, and so may a link.

        Raises TokenRefused, ShareLinkExpired, ShareLinkRevoked; may take a question.
        """
        if self.share is not None:
            return replace(self.caller, claims=self.share.claims(self.caller.platform))
        if self.caller.claims is None or self.token is None:
            return self.caller
        services = self.caller.platform.accounts()
        return replace(self.caller, claims=services.sign_in_service.authenticate(self.token))

    async def messages(self, largest: int) -> AsyncGenerator[str | bytes, None]:
        """Give what is said, one message after the other, until there is no more.

        The next one is read only when this one is done with: who sends faster has to wait. Raises
        Closed where the socket is silent for too long or a message larger than `largest` bytes,
        and where this process is about to end.
        """
        readiness: Readiness = self.socket.app.state.readiness
        loop = asyncio.get_running_loop()
        heard_at = loop.time()
        receiving = asyncio.ensure_future(self.socket.receive())
        try:
            while True:
                await asyncio.wait({receiving}, timeout=LOOK_S)
                if receiving.done():
                    message = receiving.result()
                    if message["type"] == "websocket.disconnect":
                        return
                    yield content_of(message, largest)
                    heard_at = loop.time()
                    receiving = asyncio.ensure_future(self.socket.receive())
                elif loop.time() - heard_at > IDLE_S:
                    raise Closed(SILENT, "Nothing was said for too long.")
                if readiness.is_ending:
                    raise Closed(RESTARTS, "This server is about to end: come again.")
        finally:
            receiving.cancel()

    async def say(self, text: str) -> None:
        """Tell something, as JSON."""
        await self.socket.send_text(text)


Conversation = Callable[[Connection], Coroutine[Any, Any, None]]


async def serve_connection(
    socket: WebSocket, conversation: Conversation, *, shown: RecordingId | None = None
) -> None:
    """Let a visitor in, and let them go when all is said, or it comes to an end.

    A link to the recording that is `shown` lets whoever has it in.
    """
    if not _is_invited(socket):
        await socket.close(POLICY)
        return
    await socket.accept(PROTOCOL if PROTOCOL in _offered(socket) else None)
    try:
        connection = await _introduced(socket, shown)
        streams: OpenStreams = socket.app.state.streams
        with streams.acquire(connection.counted_as):
            await conversation(connection)
    except Closed as closed:
        await _close(socket, closed)
    except Rejected as refusal:
        log.info("socket.refused", code=refusal.code)
        await _close(socket, Closed(_code_of(refusal), refusal.code))
    except WebSocketDisconnect:
        log.info("socket.gone")


def _code_of(refusal: Rejected) -> int:
    if isinstance(refusal, TooManyStreams) or refusal.kind == "unavailable":
        return TRY_LATER
    if refusal.kind == "not_found":
        return NOT_THERE
    if isinstance(refusal, TenantMismatch) or refusal.kind != "unauthenticated":
        return NOT_ALLOWED
    return NOT_SIGNED_IN


async def _close(socket: WebSocket, closed: Closed) -> None:
    try:
        await socket.close(closed.code, closed.reason)
    except (RuntimeError, WebSocketDisconnect):
        log.info("socket.gone")  # the other end was faster


def _is_invited(socket: WebSocket) -> bool:
    """Whether a page of this site asks, or of one that may; programs name none."""
    origin = socket.headers.get("origin")
    config: ApiConfig = socket.app.state.config
    return origin is None or origin in config.origins or is_own_page(socket)


def _offered(socket: WebSocket) -> list[str]:
    return cast("list[str]", socket.scope.get("subprotocols", []))


async def _introduced(socket: WebSocket, shown: RecordingId | None) -> Connection:
    link = socket.query_params.get(PARAMETER)
    if link is not None and shown is not None:
        return await run_sync(_by_link, socket, ShareLinkAuth(link, shown))
    claims, token = claims_of(socket), bearer(socket)
    tenant = socket.headers.get("x-tenant-id")
    if claims is None:
        offered = (each for each in _offered(socket) if each.startswith(TOKEN))
        token = next((each.removeprefix(TOKEN) for each in offered), None)
        config: ApiConfig = socket.app.state.config
        if token is None and config.sign_in_required:
            word = await _first_word(socket)
            token, tenant = bearer_of(word.authorization), word.tenant_id or tenant
            if token is None:
                raise SignInRequired
        if token is not None:
            claims = await run_sync(_authenticated, socket, token)
    return Connection(socket, caller_of(socket, claims, tenant), token)


def _by_link(socket: WebSocket, share: ShareLinkAuth) -> Connection:
    claims = share.claims_noted(platform_of(socket), socket.url.path)
    return Connection(socket, caller_of(socket, claims, None), None, share)


def _authenticated(socket: WebSocket, token: str) -> AccessClaims:
    return platform_of(socket).accounts().sign_in_service.authenticate(token)


async def _first_word(socket: WebSocket) -> FirstWord:
    try:
        message = await asyncio.wait_for(socket.receive(), FIRST_WORD_S)
    except TimeoutError:
        raise Closed(SILENT, "Nobody said who asks.") from None
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    try:
        return FirstWord.model_validate_json(content_of(message, LONGEST_FIRST_WORD))
    except ValidationError:
        raise Closed(NOT_SIGNED_IN, SignInRequired.code) from None


def content_of(message: Any, largest: int) -> str | bytes:
    """Give what a message says. Raises Closed for one of more than `largest` bytes."""
    content: str | bytes | None = message.get("text")
    if content is None:
        content = cast("bytes", message["bytes"])
    if len(content) > largest:
        raise Closed(TOO_LARGE, f"A message has at most {largest} bytes.")
    return content
