"""Clients of WebSockets that do not read fill no memory, and keep no connection."""

import socket
import threading
from base64 import b64encode
from collections.abc import Generator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bootstrap.websocket_protocol import BoundedWebSocketProtocol
from tests.thread_servers import serving

PING = b"\x89\xfd\0\0\0\0" + b"p" * 125
PONG = b"\x8a\x7d" + b"p" * 125
MESSAGE = b"\x81\x82\0\0\0\0hi"
REPLY = b"\x81\x02hi"
FAR_TOO_MUCH = 64 * 2**20
BLOCKED_S = 2.0

over = threading.Event()


async def echo(connection: WebSocket) -> None:
    """Return each message."""
    await connection.accept()
    async for message in connection.iter_text():
        await connection.send_text(message)


async def pour(connection: WebSocket) -> None:
    """Send without end, and note when the connection has ended."""
    await connection.accept()
    try:
        while True:
            await connection.send_text("a" * 2**16)
    except WebSocketDisconnect:
        over.set()


@contextmanager
def connected(
    path: str, loop: str, *, ping_s: float = 3600.0
) -> Generator[tuple[socket.socket, bytes]]:
    """Yield a connection without compression, and what came with the reply to its handshake."""
    app = Starlette(routes=[WebSocketRoute("/echo", echo), WebSocketRoute("/pour", pour)])
    config = uvicorn.Config(
        app,
        loop=loop,
        ws=BoundedWebSocketProtocol,
        log_config=None,
        ws_ping_interval=ping_s,
        ws_ping_timeout=ping_s,
    )
    key = b64encode(b"k" * 16).decode()
    head = (
        f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    )
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        serving(config, listener),
        socket.create_connection(listener.getsockname(), timeout=60) as client,
    ):
        client.sendall(head.encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += client.recv(4096)
        assert answer.startswith(b"HTTP/1.1 101 ")
        yield client, answer.partition(b"\r\n\r\n")[2]


def send_pings(client: socket.socket) -> int:
    """Send pings until the server takes no more, and return the number of bytes."""
    sent, pings = 0, PING * 500
    client.settimeout(BLOCKED_S)
    try:
        while sent < FAR_TOO_MUCH:
            sent += client.send(pings[sent % len(PING) :])
    except TimeoutError:
        return sent
    finally:
        client.settimeout(60)
    raise AssertionError("The server takes everything.")


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_pings_of_a_client_that_does_not_read_fill_no_memory(loop: str) -> None:
    """Once it reads, each is answered, and so are its messages."""
    with connected("/echo", loop) as (client, received):
        sent = send_pings(client)
        rest = PING[sent % len(PING) :] if sent % len(PING) else b""
        due = (sent + len(rest)) // len(PING) * PONG + REPLY
        sender = threading.Thread(target=client.sendall, args=(rest + MESSAGE,))
        sender.start()
        answers = bytearray(received)
        while len(answers) < len(due):
            answers += client.recv(2**20)
        sender.join(timeout=60)
        assert answers == due


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_client_that_does_not_read_is_dropped(loop: str) -> None:
    """It answers no ping, and its connection does not stay open until it has read everything."""
    over.clear()
    with connected("/pour", loop, ping_s=0.2):
        assert over.wait(timeout=60)
