"""Data channels to a live session."""

import asyncio
import json
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

import aiortc
from starlette.testclient import TestClient

from application.live.chunk import IngestChunk
from application.live.chunk_codec import encode

PATIENCE_S = 60.0


class Line:
    """Client side of a data channel."""

    def __init__(self, connection: Any, channel: Any) -> None:
        self.connection = connection
        self.channel = channel
        self.heard = asyncio.Queue[Any]()
        self.opened, self.closed = asyncio.Event(), asyncio.Event()
        channel.on("open", self.opened.set)
        channel.on("message", self.heard.put_nowait)
        channel.on("close", self.closed.set)

    async def ask(self, message: str | bytes) -> dict[str, Any]:
        self.channel.send(message)
        return dict(json.loads(await asyncio.wait_for(self.heard.get(), PATIENCE_S)))

    async def chunk(self, query: IngestChunk) -> dict[str, Any]:
        return await self.ask(encode(query))


def offer(client: TestClient, sdp: str, headers: dict[str, str] | None = None) -> Any:
    body = {"type": "offer", "sdp": sdp}
    return client.post("/v1/live/webrtc", json=body, headers=headers or {})


@asynccontextmanager
async def line_to(
    client: TestClient,
    headers: dict[str, str] | None = None,
    *,
    view: Callable[[str], str] = str,
) -> Any:
    """Open a data channel; `view` changes the offer before it is sent."""
    connection = aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=[]))
    line = Line(connection, connection.createDataChannel("frames"))
    try:
        await connection.setLocalDescription(await connection.createOffer())
        sdp = view(connection.localDescription.sdp)
        answer = await asyncio.to_thread(offer, client, sdp, headers)
        assert answer.status_code == 201, answer.text
        await connection.setRemoteDescription(aiortc.RTCSessionDescription(**answer.json()))
        await asyncio.wait_for(line.opened.wait(), PATIENCE_S)
        yield line
    finally:
        await connection.close()
