"""Peers at the other end of WebRTC data channels: let in, listened to, and let go of.

A channel `frames`, ordered and reliable, takes chunks and answers each, as the WebSocket does.
Channels know no back-pressure on the way in: who sends on without waiting for answers is let go.
"""

import asyncio
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Final

import structlog
from anyio.to_thread import run_sync
from starlette.requests import HTTPConnection

from api.caller import Caller
from api.config import ApiConfig
from api.feed_access import OpenStreams
from api.live_chunks import MOST_BYTES, answer_to
from api.websocket.turn_credentials import known_to
from application.operations.readiness import Readiness
from domain.kernel import Rejected

CHANNEL: Final = "frames"
MOST_CANDIDATES: Final = 64
"""Addresses that an offer may name; a browser on a machine with five networks names twenty."""
CONNECT_S: Final = 30.0
"""Two ends find each other within so many seconds, or not at all."""
IDLE_S: Final = 60.0
LOOK_S: Final = 0.5
MOST_WAITING: Final = 8
"""Chunks of a peer that wait for their turn: four seconds."""

log = structlog.get_logger()


class OfferRefused(Rejected):
    """An offer is one end of a WebRTC connection: data channels alone, 64 candidates at most."""

    code = "live.offer_refused"
    kind = "invalid"


@dataclass(eq=False)
class Peer:
    """One connection: who is there, and what they have said that is not answered yet.

    `connection` is aiortc's, which is not completely typed, and so is the channel in `said`.
    """

    request: HTTPConnection
    caller: Caller
    token: str | None
    connection: Any
    said: asyncio.Queue[tuple[Any, str | bytes] | None] = field(
        default_factory=lambda: asyncio.Queue[tuple[Any, str | bytes] | None](MOST_WAITING)
    )
    has_channel: bool = False

    def now(self) -> Caller:
        """Say who asks now: what a token says may end. Raises TokenRefused."""
        if self.caller.claims is None or self.token is None:
            return self.caller
        services = self.caller.platform.accounts()
        return replace(self.caller, claims=services.sign_in_service.authenticate(self.token))

    def listen(self) -> None:
        """Take what is said on the channel, from now on."""
        self.connection.on("datachannel", self._joined)
        self.connection.on("connectionstatechange", self._changed)

    def _joined(self, channel: Any) -> None:
        if channel.label != CHANNEL or self.has_channel:
            channel.close()
            return
        self.has_channel = True
        channel.on("message", partial(self._hear, channel))
        channel.on("close", partial(self._hear, channel, None))

    def _changed(self) -> None:
        if self.connection.connectionState in {"failed", "closed"}:
            self._hear(None, None)

    def _hear(self, channel: Any, message: str | bytes | None) -> None:
        """Let something wait for its turn; what is too much, or too long, ends it all."""
        if message is not None and len(message) > MOST_BYTES:
            message = None
        if self.said.full():
            self.said.get_nowait()
            message = None
        self.said.put_nowait(None if message is None else (channel, message))


class Peers:
    """The peers of this process. Belongs to one event loop.

    Of a connection whose making or closing is broken off, sockets stay open: both are tasks of
    their own, which nobody cancels and for which `close` waits.
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
        """Answer an offer; gives aiortc's description. Raises OfferRefused and TooManyStreams."""
        import aiortc  # noqa: PLC0415  it loads FFmpeg

        offered = _usable(sdp)
        config, now = self._config, caller.platform.clock()
        known = known_to(config.ice_servers, config.turn_secret, now)
        servers = [aiortc.RTCIceServer(**asdict(each)) for each in known]
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
            except Exception as unread:  # the library raises whatever its parser stumbles over
                raise OfferRefused from unread
            conversation = asyncio.create_task(self._converse(peer))
            self._conversations.add(conversation)
            conversation.add_done_callback(partial(self._over, opened.pop_all()))
            return connection.localDescription

    async def close(self) -> None:
        """Let go of all."""
        for each in (conversations := list(self._conversations)):
            each.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)
        while self._closings:
            await asyncio.wait(self._closings)

    def _over(self, opened: ExitStack, conversation: asyncio.Task[None]) -> None:
        """End what a conversation has opened, though it was cancelled before it began."""
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
        """Answer what is said, one after the other, until there is no more, or for too long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + CONNECT_S
        while loop.time() < until and not self._readiness.is_ending:
            with suppress(TimeoutError):
                said = await asyncio.wait_for(peer.said.get(), LOOK_S)
                if said is None:
                    return
                channel, message = said
                caller = await run_sync(peer.now)
                answer = await answer_to(peer.request, caller, message)
                if channel.readyState != "open":
                    return
                channel.send(answer)
                until = loop.time() + IDLE_S


def _usable(sdp: str) -> str:
    """Give an offer without what would only be waited for. Raises OfferRefused.

    Lines end where the library sees them end, or it would read what is not looked at here. A name
    that only the other end's network knows (`.local`) is not looked up: who has one, or an address
    that we do not hear of, calls us first. So nobody's list of addresses is ever complete.
    """
    lines = sdp.splitlines()
    media = [line.split()[0] for line in lines if line.startswith("m=")]
    if media != ["m=application"]:  # what comes by audio or video nobody would read
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
    """Close a connection: what is still being opened for it would not be found before."""
    await asyncio.wait([agreeing])
    await connection.close()
