"""A data channel takes chunks as the other doors do; a set begun at one goes on at another."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiortc
import pytest
from starlette.testclient import TestClient

from api import peers
from api.app import create_app
from api.doors import Doors
from api.following import OpenStreams
from application.live_format import encode
from application.live_frames import IngestFrames
from application.platform import Platform
from bootstrap.settings import Settings
from tests.api.conftest import WEB
from tests.api.people import Town
from tests.api.test_live_socket import begun, posted, said
from tests.live.takes import as_json, command, take

PATIENCE_S = 60.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Where facts are kept makes no difference to peers."""
    return Settings(home=tmp_path / "home", cache=tmp_path / "cache", postgres_url=None, kafka=None)


@pytest.fixture
def town(platform: Platform, settings: Settings) -> Iterator[Town]:
    app = create_app(platform, web=WEB, doors=Doors(sign_in_required=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Town(client, platform, settings.home / "mail")


class Line:
    """A client's end of a data channel."""

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

    async def chunk(self, asked: IngestFrames) -> dict[str, Any]:
        return await self.ask(encode(asked))


def offer(client: TestClient, sdp: str, headers: dict[str, str] | None = None) -> Any:
    body = {"type": "offer", "sdp": sdp}
    return client.post("/v1/live/rtc", json=body, headers=headers or {})


@asynccontextmanager
async def line_to(client: TestClient, headers: dict[str, str] | None = None) -> Any:
    connection = aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=[]))
    line = Line(connection, connection.createDataChannel("frames"))
    try:
        await connection.setLocalDescription(await connection.createOffer())
        sdp = connection.localDescription.sdp
        answer = await asyncio.to_thread(offer, client, sdp, headers)
        assert answer.status_code == 201, answer.text
        told = aiortc.RTCSessionDescription(**answer.json())
        await connection.setRemoteDescription(told)
        await asyncio.wait_for(line.opened.wait(), PATIENCE_S)
        yield line
    finally:
        await connection.close()


def test_a_set_is_counted_that_goes_on_from_door_to_door(client: TestClient) -> None:
    """C-01, R-LIV-10, R-LIV-14, R-LIV-15: POST, data channel, WebSocket, POST, in mid-set."""
    expected = [posted(client, asked) for asked in take(begun(client), repetitions=3)]
    session = begun(client)
    chunks = take(session, repetitions=3)
    third = len(chunks) // 3
    posted(client, chunks[0])

    async def by_channel() -> None:
        async with line_to(client) as line:
            assert (await line.chunk(chunks[0]))["seqAck"] == 1  # sent again
            for asked in chunks[1:third]:
                assert (await line.chunk(asked))["seqAck"] == asked.sequence
            text = await line.ask(json.dumps(as_json(chunks[third])))
            assert text["seqAck"] == third + 1
            assert (await line.chunk(chunks[-1]))["code"] == "live.sequence_gap"

    asyncio.run(by_channel())
    with client.websocket_connect("/ws/live") as socket:
        for asked in chunks[third : 2 * third]:
            assert said(socket, asked)["seqAck"] == max(asked.sequence, third + 1)
    for asked in chunks[2 * third :]:
        last = posted(client, asked)
    assert (last["repetitions"], last["setOver"]) == (3, True)
    assert last["repetitions"] == expected[-1]["repetitions"]


def test_a_channel_is_for_whoever_has_signed_in_and_as_long_as_that_holds(town: Town) -> None:
    """R-API-01, R-TEN-03."""
    ada, bob = town.citizen(), town.citizen("bob@example.org")
    session = begun(town.client, ada)
    assert offer(town.client, "m=application").status_code == 401

    async def theirs() -> None:
        async with line_to(town.client, bob.headers) as line:
            assert (await line.chunk(command(session, 1)))["code"] == "session.unknown"
        async with line_to(town.client, ada.headers) as line:
            assert (await line.chunk(command(session, 1)))["seqAck"] == 1
            await asyncio.to_thread(ada.post, "/v1/auth/logout")
            line.channel.send(encode(command(session, 2)))
            await asyncio.wait_for(line.closed.wait(), PATIENCE_S)

    asyncio.run(theirs())


def test_what_is_no_offer_is_refused_and_nobody_has_too_many(client: TestClient) -> None:
    both = "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nm=video 9 RTP/SAVPF 96\r\n"
    for sdp in ("", "m=application", "v=0\r\nm=application 9 x\r\n", both):
        refused = offer(client, sdp)
        assert (refused.status_code, refused.json()["code"]) == (422, "live.offer_refused")
    app: Any = client.app
    app.state.peers._streams = OpenStreams(most_of_one=0)
    refused = offer(client, "v=0\r\nm=application 9 x\r\n")
    assert (refused.status_code, refused.json()["code"]) == (503, "progress.too_many_streams")
    assert client.get("/v1/live/rtc").json() == {"iceServers": []}


def test_a_peer_that_says_nothing_is_let_go(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = begun(client)
    monkeypatch.setattr(peers, "IDLE_S", 0.2)
    monkeypatch.setattr(peers, "LOOK_S", 0.05)

    async def silent() -> None:
        async with line_to(client) as line:
            assert (await line.chunk(command(session, 1)))["seqAck"] == 1
            await asyncio.wait_for(line.closed.wait(), PATIENCE_S)

    asyncio.run(silent())
