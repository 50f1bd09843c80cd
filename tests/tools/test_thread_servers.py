"""Servers in threads of the test process: they stop without leaving a connection open."""

import asyncio
import contextlib
import gc
import socket
import threading
import time
from typing import Any

import pytest
import uvicorn

from tests.adapters.users.mail_catcher import mail_catcher
from tests.thread_servers import ClosingServer, stop_accepting

pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")


@pytest.mark.parametrize("turns", range(5))
def test_a_connection_that_is_just_accepted_is_closed(turns: int) -> None:
    """The server stops a number of turns of its loop after a client has connected."""
    opened: list[Any] = []

    class Recorded(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            opened.append(transport)

    async def stop() -> None:
        server = await asyncio.get_running_loop().create_server(Recorded, "127.0.0.1", 0)
        client.connect(server.sockets[0].getsockname())
        for _ in range(turns):
            await asyncio.sleep(0)
        await stop_accepting([server])
        for transport in opened:
            transport.abort()

    with socket.socket() as client:
        asyncio.run(stop())
        assert _ends(client)
    gc.collect()


def test_a_client_that_connects_while_the_server_stops_is_disconnected() -> None:
    """The server accepts a second client in the turn of its loop in which it stops."""
    second = socket.socket()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        second.connect(address)  # the kernel accepts, the server not yet
        server.should_exit = True
        time.sleep(0.2)  # noqa: ASYNC251  until the loop is due to accept and to stop at once
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    config = uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
    server = ClosingServer(config)
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client, second:
        address = listener.getsockname()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        client.connect(address)
        client.sendall(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 204"
        thread.join(timeout=60)
        assert not thread.is_alive()
        assert _ends(second)
    gc.collect()


def test_a_response_that_does_not_end_is_cut_off() -> None:
    config = uvicorn.Config(_endless, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
    server = ClosingServer(config)
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        client.connect(listener.getsockname())
        client.sendall(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 200"
        server.should_exit = True
        thread.join(timeout=60)
        assert not thread.is_alive()
    gc.collect()


async def _endless(scope: Any, receive: Any, send: Any) -> None:
    """Send more than a client that does not read takes."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": bytes(2**20), "more_body": True})


def test_a_mail_server_disconnects_its_clients() -> None:
    with socket.socket() as greeted, socket.socket() as accepted:
        with mail_catcher() as catcher:
            greeted.connect((catcher.host, catcher.port))
            assert greeted.recv(4) == b"220 "
            accepted.connect((catcher.host, catcher.port))
        assert {_ends(client) for client in (greeted, accepted)} == {True}
    gc.collect()


def _ends(client: socket.socket) -> bool:
    client.settimeout(60)
    with contextlib.suppress(ConnectionResetError):
        while client.recv(1024):
            pass
    return True
