"""A stopping server closes its WebRTC peers and all their sockets."""

import asyncio
import gc
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.clock import utc_now
from api.config import ApiConfig
from api.websocket import webrtc
from application.live.feed_access import OpenStreams
from application.operations.readiness import Readiness
from tests.api.peers import offered

CALLER: Any = SimpleNamespace(cache_scope=("home", "ada"), platform=SimpleNamespace(clock=utc_now))
TURNS = range(12)
"""Turns of the event loop after a response: from nothing started to everything closed."""


def sockets() -> list[asyncio.DatagramTransport]:
    """Return the open datagram transports of this process."""
    # compare by `type`: `isinstance` of a dead weak proxy, left by another test, raises
    # ReferenceError
    kind = asyncio.DatagramTransport
    transports = (each for each in gc.get_objects() if issubclass(type(each), kind))
    return [each for each in transports if each.get_extra_info("socket").fileno() >= 0]


@pytest.mark.parametrize("patience_s", [0.0, 60.0])
def test_closing_peers_leave_no_socket_open(
    monkeypatch: pytest.MonkeyPatch, patience_s: float
) -> None:
    """With a timeout of zero the server closes a peer at once, and is stopped while it does."""
    monkeypatch.setattr(webrtc, "CONNECT_S", patience_s)

    async def ended_after(turns: int) -> None:
        here = webrtc.Peers(ApiConfig(), OpenStreams(), Readiness(()))
        request: Any = None
        await here.answer(request, CALLER, None, await offered())
        for _ in range(turns):
            await asyncio.sleep(0)
        await here.close()
        assert sockets() == []

    for turns in TURNS:
        asyncio.run(ended_after(turns))


def test_aborted_offers_leave_no_socket_open() -> None:
    async def broken_off_after(turns: int) -> None:
        here = webrtc.Peers(ApiConfig(), OpenStreams(most_of_one=1), Readiness(()))
        request: Any = None
        sdp = await offered()
        asking = asyncio.create_task(here.answer(request, CALLER, None, sdp))
        for _ in range(turns):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking])
        await here.close()
        assert sockets() == []

    for turns in TURNS:
        asyncio.run(broken_off_after(turns))
