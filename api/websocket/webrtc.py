"""WebRTC data channels for frames: offers, limits and shutdown.

A channel `frames`, ordered and reliable, takes chunks and answers each, as the WebSocket does. Data
channels have no back-pressure on the way in, so a client that keeps sending without waiting for
answers is disconnected.
"""

import asyncio
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Final

import structlog
from anyio.to_thread import run_sync
from starlette.requests import HTTPConnection

from api.config import ApiConfig
from api.live_chunks import MOST_BYTES, answer_to
from api.middleware.rate_limits import caller_key, throttle
from api.websocket.turn_credentials import turn_credentials
from application.caller import Caller
from application.live.feed_access import OpenStreams
from application.operations.readiness import Readiness
from domain.kernel import Rejected

CHANNEL: Final = "frames"
MOST_CANDIDATES: Final = 64
"""Maximum number of addresses in an offer; a browser on a machine with five networks sends
twenty."""
CONNECT_S: Final = 30.0
"""Seconds in which a connection must be established."""
IDLE_S: Final = 60.0
LOOK_S: Final = 0.5
MOST_WAITING: Final = 8
"""Maximum number of unanswered chunks of a peer: four seconds."""

log = structlog.get_logger()


class OfferRefused(Rejected):
    """An offer is one end of a WebRTC connection: data channels alone, 64 candidates at most."""

    code = "live.offer_refused"
    kind = "invalid"


@dataclass(eq=False)
class Peer:
    """A connection, its caller, and the messages that are not answered yet.

    `connection` is aiortc's, which is not fully typed; neither is the channel in `messages`.
    """

    request: HTTPConnection
    caller: Caller
    token: str | None
    connection: Any
    messages: asyncio.Queue[tuple[Any, str | bytes] | None] = field(
        default_factory=lambda: asyncio.Queue[tuple[Any, str | bytes] | None](MOST_WAITING)
    )
    has_channel: bool = False

    def now(self) -> Caller:
        """Return the caller with freshly verified claims: tokens expire. Raises TokenRefused."""
        if self.caller.claims is None or self.token is None:
            return self.caller
        services = self.caller.platform.accounts()
        return replace(self.caller, claims=services.sign_in_service.authenticate(self.token))

    def listen(self) -> None:
        """Receive the messages of the channel from now on."""
        self.connection.on("datachannel", self._joined)
        self.connection.on("connectionstatechange", self._changed)

    def _joined(self, channel: Any) -> None:
        if channel.label != CHANNEL or self.has_channel:
            channel.close()
            return
        self.has_channel = True
        channel.on("message", partial(self._receive, channel))
        channel.on("close", partial(self._receive, channel, None))

    def _changed(self) -> None:
        if self.connection.connectionState in {"failed", "closed"}:
            self._receive(None, None)

    def _receive(self, channel: Any, message: str | bytes | None) -> None:
        """Queue a message. Too many messages, or one that is too large, end the connection."""
        if message is not None and len(message) > MOST_BYTES:
            message = None
        if self.messages.full():
            self.messages.get_nowait()
            message = None
        self.messages.put_nowait(None if message is None else (channel, message))


class Peers:
    """The WebRTC connections of this process. Belongs to one event loop.

    aiortc leaks sockets if opening or closing a connection is cancelled. Both therefore run in
    tasks of their own, which are never cancelled and which `close` awaits.
    """

    def __init__(self, config: ApiConfig, streams: OpenStreams, readiness: Readiness) -> None:
        self._config = config
        self._streams = streams
        self._readiness = readiness
        self._conversations = set[asyncio.Task[None]]()
        self._closings = set[asyncio.Task[None]]()

    async def answer(
        self, request: HTTPConnection, caller: Caller, token: str | None, sdp: str
    ) -> Any:
        """Answer an offer; returns aiortc's description. Raises OfferRefused and TooManyStreams."""
        import aiortc  # noqa: PLC0415  it loads FFmpeg

        offered = _usable(sdp)
        config, now = self._config, caller.platform.clock()
        ice = turn_credentials(config.ice_servers, config.turn_secret, now)
        servers = [aiortc.RTCIceServer(**asdict(each)) for each in ice]
        with ExitStack() as opened:
            opened.enter_context(self._streams.acquire(caller.cache_scope[:2]))
            connection = aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=servers))
            peer = Peer(request, caller, token, connection)
            peer.listen()
            offer = aiortc.RTCSessionDescription(sdp=offered, type="offer")
            agreeing = asyncio.create_task(_agree(connection, offer))
            opened.callback(self._let_go, connection, agreeing)
            try:
                await asyncio.shield(agreeing)
            except Exception as unread:  # the library's parser raises many types
                raise OfferRefused from unread
            conversation = asyncio.create_task(self._converse(peer))
            self._conversations.add(conversation)
            conversation.add_done_callback(partial(self._over, opened.pop_all()))
            return connection.localDescription

    async def close(self) -> None:
        """Close all connections."""
        for each in (conversations := list(self._conversations)):
            each.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)
        while self._closings:
            await asyncio.wait(self._closings)

    def _over(self, opened: ExitStack, conversation: asyncio.Task[None]) -> None:
        """Close the resources of a conversation, even if it was cancelled before it started."""
        self._conversations.discard(conversation)
        opened.close()

    def _let_go(self, connection: Any, agreeing: asyncio.Task[None]) -> None:
        closing = asyncio.create_task(_closed(connection, agreeing))
        self._closings.add(closing)
        closing.add_done_callback(self._closings.discard)

    async def _converse(self, peer: Peer) -> None:
        try:
            await self._answer_each(peer)
        except Rejected as refusal:
            log.info("peer.refused", code=refusal.code)

    async def _answer_each(self, peer: Peer) -> None:
        """Answer messages in order until the channel closes, or no message arrives in time."""
        loop, key = asyncio.get_running_loop(), caller_key(peer.request)
        until = loop.time() + CONNECT_S
        while loop.time() < until and not self._readiness.is_ending:
            with suppress(TimeoutError):
                item = await asyncio.wait_for(peer.messages.get(), LOOK_S)
                if item is None:
                    return
                channel, message = item
                await throttle(self._config, "streaming", key)
                caller = await run_sync(peer.now)
                answer = await answer_to(peer.request, caller, message)
                if channel.readyState != "open":
                    return
                channel.send(answer)
                until = loop.time() + IDLE_S


def _usable(sdp: str) -> str:
    """Return an offer without unusable candidates. Raises OfferRefused.

    Lines are split as the library splits them, so that it reads no line that was not checked here.
    Names that only the client's network can resolve (`.local`) are not looked up: a client that has
    only such names, or an address that its offer lacks, connects to us first. An offer's list of
    addresses is therefore never assumed to be complete.
    """
    lines = sdp.splitlines()
    media = [line.split()[0] for line in lines if line.startswith("m=")]
    if media != ["m=application"]:  # audio and video would not be read
        raise OfferRefused
    candidates = [line for line in lines if line.startswith("a=candidate:")]
    if len(candidates) > MOST_CANDIDATES:
        raise OfferRefused
    unused = {"a=end-of-candidates", *(each for each in candidates if ".local " in each.lower())}
    return "".join(f"{line}\r\n" for line in lines if line not in unused)


async def _agree(connection: Any, offer: Any) -> None:
    await connection.setRemoteDescription(offer)
    await connection.setLocalDescription(await connection.createAnswer())


async def _closed(connection: Any, agreeing: asyncio.Task[None]) -> None:
    """Close a connection once it is set up: `close` would miss what is still being opened."""
    await asyncio.wait([agreeing])
    await connection.close()
