"""WebRTC data channels accept chunks, and a set can continue on another transport."""

import asyncio
import base64
import hmac
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from api.http.webrtc import LONGEST_SDP
from api.websocket import webrtc as peers
from api.websocket.turn_credentials import LASTS
from application.live.chunk_codec import encode
from application.live.feed_access import MAX_PER_CALLER
from application.platform import Platform
from bootstrap.settings import Settings
from tests.api.conftest import WEB
from tests.api.data_channel_lines import PATIENCE_S, Line, line_to, offer
from tests.api.live_messages import begun, posted, said
from tests.api.peers import offered
from tests.api.people import Town
from tests.data_folders import prepared
from tests.live.chunks import as_json, command, take


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Embedded settings: the storage of events does not affect peers."""
    return Settings(
        home=prepared(tmp_path / "home"), cache=tmp_path / "cache", postgres_url=None, kafka=None
    )


def test_a_set_continues_on_another_server(client: TestClient) -> None:
    """C-01, R-LIV-10, R-LIV-14, R-LIV-15: POST, data channel, WebSocket, POST, within a set."""
    expected = [posted(client, query) for query in take(begun(client), repetitions=3)]
    session = begun(client)
    chunks = take(session, repetitions=3)
    third = len(chunks) // 3
    posted(client, chunks[0])

    async def by_channel() -> None:
        async with line_to(client) as line:
            assert (await line.chunk(chunks[0]))["seqAck"] == 1  # sent again
            for query in chunks[1:third]:
                assert (await line.chunk(query))["seqAck"] == query.sequence
            text = await line.ask(json.dumps(as_json(chunks[third])))
            assert text["seqAck"] == third + 1
            assert (await line.chunk(chunks[-1]))["code"] == "live.sequence_gap"

    asyncio.run(by_channel())
    with client.websocket_connect("/ws/live") as socket:
        for query in chunks[third : 2 * third]:
            assert said(socket, query)["seqAck"] == max(query.sequence, third + 1)
    for query in chunks[2 * third :]:
        last = posted(client, query)
    assert (last["repetitions"], last["setOver"]) == (3, True)
    assert last["repetitions"] == expected[-1]["repetitions"]


def test_a_data_channel_needs_a_valid_sign_in(town: Town) -> None:
    """R-API-01, R-TEN-03."""
    ada, bob = town.citizen(), town.citizen("bob@example.org")
    stranger = town.citizen("ada@example.com", tenant="gym")
    session = begun(town.client, ada)
    assert offer(town.client, "m=application").status_code == 401
    lost = offer(town.client, "m=application", {**ada.headers, "X-Tenant-ID": "gym"})
    assert (lost.status_code, lost.json()["code"]) == (403, "auth.tenant_mismatch")

    async def theirs() -> None:
        for other in (bob, stranger):
            async with line_to(town.client, other.headers) as line:
                assert (await line.chunk(command(session, 1)))["code"] == "session.unknown"
        async with line_to(town.client, ada.headers) as line:
            assert (await line.chunk(command(session, 1)))["seqAck"] == 1
            await asyncio.to_thread(ada.post, "/v1/auth/logout")
            line.channel.send(encode(command(session, 2)))
            await asyncio.wait_for(line.closed.wait(), PATIENCE_S)

    asyncio.run(theirs())


DATA: Final = "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
CANDIDATE: Final = "a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host\r\n"
NO_OFFERS: Final = {
    "nothing": "",
    "one line": "m=application",
    "nonsense": "v=0\r\nm=application 9 x\r\n",
    "a camera": DATA + "m=video 9 RTP/SAVPF 96\r\n",
    "a camera alone": "v=0\r\nm=video 9 RTP/SAVPF 96\r\n",
    "a camera behind a line that only some see": DATA + "a=x\x0bm=video 9 RTP/SAVPF 96\r\n",
    "a microphone behind half the end of a line": DATA + "a=x\rm=audio 9 RTP/SAVPF 111\r\n",
    "two channels": DATA + DATA.removeprefix("v=0\r\n"),
    "everybody's addresses": DATA + CANDIDATE * (peers.MOST_CANDIDATES + 1),
}


@pytest.mark.parametrize("sdp", NO_OFFERS.values(), ids=NO_OFFERS)
def test_invalid_offers_are_rejected_without_a_peer(client: TestClient, sdp: str) -> None:
    """C-01: the server does not read media tracks."""
    refused = offer(client, sdp)
    assert (refused.status_code, refused.json()["code"]) == (422, "live.offer_refused")
    app: Any = client.app
    assert app.state.peers._streams._open.total() == 0


def test_oversized_or_invalid_offers_are_not_parsed(client: TestClient) -> None:
    for sdp, status, code in (
        ("v" * (LONGEST_SDP + 1), 422, "request.invalid"),
        ("v" * (1024 * 1024), 413, "http.413"),
    ):
        refused = offer(client, sdp)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    half_a_letter = client.post("/v1/live/webrtc", content=b'{"type":"offer","sdp":"\\ud800"}')
    assert (half_a_letter.status_code, half_a_letter.json()["code"]) == (422, "request.invalid")
    refused = client.post("/v1/live/webrtc", json={"type": "answer", "sdp": DATA})
    assert (refused.status_code, refused.json()["code"]) == (422, "live.offer_refused")


def test_peers_are_limited_per_caller(town: Town) -> None:
    """C-01."""
    ada, bob = town.citizen(), town.citizen("bob@example.org")
    app: Any = town.client.app
    here = app.state.peers
    sdp = asyncio.run(offered())
    view = [offer(town.client, sdp, ada.headers) for _ in range(MAX_PER_CALLER)]
    assert {each.status_code for each in view} == {201}
    for _ in range(100):
        refused = offer(town.client, sdp, ada.headers)
        assert (refused.status_code, refused.json()["code"]) == (503, "progress.too_many_streams")
    assert len(here._conversations) == MAX_PER_CALLER
    assert offer(town.client, sdp, bob.headers).status_code == 201
    assert town.client.get("/v1/live/webrtc", headers=bob.headers).json() == {"iceServers": []}


def test_local_network_addresses_do_not_delay_the_connection(
    client: TestClient,
) -> None:
    """C-01: browsers hide local addresses behind mDNS names while no camera is in use."""
    session = begun(client)

    async def by_a_hidden_address() -> None:
        async with line_to(client, view=hidden) as line:
            assert (await line.chunk(command(session, 1)))["seqAck"] == 1

    asyncio.run(by_a_hidden_address())


def hidden(sdp: str) -> str:
    """Replace the addresses of an offer with an mDNS name."""
    return re.sub(r"(a=candidate:(?:\S+ ){4})\S+", r"\1nobody-knows-it.local", sdp)


def test_a_peer_has_one_channel(client: TestClient) -> None:
    """C-01: other channels are closed."""

    async def opens_more() -> None:
        async with line_to(client) as line:
            for label in ("frames", "other"):
                more = Line(line.connection, line.connection.createDataChannel(label))
                await asyncio.wait_for(more.closed.wait(), PATIENCE_S)
            assert (await line.ask("{}"))["code"] == "request.invalid"

    asyncio.run(opens_more())


def test_a_silent_peer_is_closed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    session = begun(client)
    monkeypatch.setattr(peers, "IDLE_S", 0.2)
    monkeypatch.setattr(peers, "LOOK_S", 0.05)

    async def silent() -> None:
        async with line_to(client) as line:
            assert (await line.chunk(command(session, 1)))["seqAck"] == 1
            await asyncio.wait_for(line.closed.wait(), PATIENCE_S)

    asyncio.run(silent())


def test_turn_servers_get_signed_credentials(platform: Platform) -> None:
    """C-01: the user name holds the expiry, the password its HMAC (coturn's static-auth-secret)."""
    config = ApiConfig(
        ice_servers=("stun:stun.example.org", "turn:turn.example.org?transport=udp"),
        turn_secret="s3cret",  # noqa: S106  of nobody
    )
    before = int((platform.clock() + LASTS).timestamp())
    with TestClient(build_app(platform, web=WEB, config=config)) as client:
        view = client.get("/v1/live/webrtc")
    stun, turn = view.json()["iceServers"]
    assert stun == {"urls": "stun:stun.example.org"}
    assert int(turn["username"]) - before in range(60)
    digest = hmac.digest(b"s3cret", turn["username"].encode(), "sha1")
    assert base64.b64decode(turn["credential"]) == digest
    assert view.headers["Cache-Control"] == "no-store"
