"""Clients that send chunks of live sessions: by WebSocket, as the pages do, and by requests."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, Protocol

import aiohttp  # a dependency of Faust; uses less CPU than httpx2, which leaves more to the server

from application.live.chunk_codec import MEDIA_TYPE
from benchmarks._harness import PATH

SOCKET: Final = "/ws/live"
PATIENCE_S: Final = 10.0
"""Seconds for which a chunk is retried before it is lost, and for which a client waits."""


class Client(Protocol):
    """Sends the chunks of one session, one at a time."""

    async def ask(self, content: bytes, trace: str, /) -> Mapping[str, Any] | None:
        """Send a chunk and return the answer; None if it was rejected or failed.

        Only requests carry `trace`; a server begins a trace for each message of a socket.
        """
        ...


class RequestClient:
    """Client that sends requests."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def ask(self, content: bytes, trace: str) -> Mapping[str, Any] | None:
        headers = {"Content-Type": MEDIA_TYPE, "traceparent": f"00-{trace}-{trace[:16]}-01"}
        try:
            async with self._http.post(PATH, data=content, headers=headers) as answer:
                reply: dict[str, Any] = json.loads(await answer.read())
                return reply if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError):
            return None


class SocketClient:
    """Client with a WebSocket, which it opens again if it was closed."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def ask(self, content: bytes, trace: str) -> Mapping[str, Any] | None:  # noqa: ARG002
        try:
            async with asyncio.timeout(PATIENCE_S):
                if self._socket is None:
                    self._socket = await self._http.ws_connect(SOCKET)
                await self._socket.send_bytes(content)
                reply: dict[str, Any] = json.loads(await self._socket.receive_str())
        except (aiohttp.ClientError, TimeoutError, TypeError):  # TypeError: it was closed
            await self.close()
            return None
        return reply if "seqAck" in reply else None

    async def close(self) -> None:
        """Close the connection, if there is one."""
        if self._socket is not None:
            await self._socket.close()
        self._socket = None


OpenClient = Callable[[aiohttp.ClientSession], AbstractAsyncContextManager[Client]]


@asynccontextmanager
async def by_requests(http: aiohttp.ClientSession) -> AsyncGenerator[Client]:
    yield RequestClient(http)


@asynccontextmanager
async def by_socket(http: aiohttp.ClientSession) -> AsyncGenerator[Client]:
    client = SocketClient(http)
    try:
        yield client
    finally:
        await client.close()


CLIENTS: Final[dict[str, OpenClient]] = {"websocket": by_socket, "http": by_requests}
