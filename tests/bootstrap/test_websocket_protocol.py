"""Clients of WebSockets that do not read, or send too much, fill no memory."""

import asyncio
import socket
import threading
import zlib
from base64 import b64encode
from collections.abc import Generator
from contextlib import contextmanager
from typing import ClassVar

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
CLOSE = b"\x88\x82\0\0\0\0\x03\xe8"
REPLY = b"\x81\x02hi"
LARGE = 2**20
FAR_TOO_MUCH = 64 * 2**20
BLOCKED_S = 2.0
"""Seconds without progress after which the server takes no more."""

over, may_read = threading.Event(), threading.Event()


async def echo(connection: WebSocket) -> None:
    """Return each message."""
    await connection.accept()
    async for message in connection.iter_text():
        await connection.send_text(message)


async def refuse(connection: WebSocket) -> None:
    """Close the connection after the first message."""
    await connection.accept()
    await connection.receive_text()
    await connection.close(1013)


async def measure(connection: WebSocket) -> None:
    """Return the length of each message, as soon as the test allows it."""
    await connection.accept()
    await asyncio.to_thread(may_read.wait, 60)
    async for message in connection.iter_text():
        await connection.send_text(f"{len(message):08}")


class ObservedProtocol(BoundedWebSocketProtocol):
    """Notes how many messages wait for the application; waits an hour for a close frame."""

    waiting: ClassVar[list[int]] = []
    some_wait: ClassVar[threading.Event] = threading.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.close_timeout = 3600.0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.waiting.append(self.queue.qsize())
        if self.waiting[-1]:
            self.some_wait.set()


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
    path: str, loop: str, *, ping_s: float = 3600.0, more: str = ""
) -> Generator[tuple[socket.socket, bytes]]:
    """Yield a connection without compression, and what came with the reply to its handshake."""
    app = Starlette(
        routes=[
            WebSocketRoute("/echo", echo),
            WebSocketRoute("/pour", pour),
            WebSocketRoute("/refuse", refuse),
            WebSocketRoute("/measure", measure),
        ]
    )
    config = uvicorn.Config(
        app,
        loop=loop,
        ws=ObservedProtocol,
        log_config=None,
        ws_ping_interval=ping_s,
        ws_ping_timeout=ping_s,
    )
    key = b64encode(b"k" * 16).decode()
    head = (
        f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{more}\r\n"
    )
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        serving(config, listener),
        socket.create_connection(listener.getsockname(), timeout=60) as client,
    ):
        client.sendall(head.encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += received_from(client)
        assert answer.startswith(b"HTTP/1.1 101 ")
        yield client, answer.partition(b"\r\n\r\n")[2]


def received_from(client: socket.socket) -> bytes:
    """Return what came next; fail if the server has closed the connection."""
    received = client.recv(2**20)
    assert received, "the server has closed the connection"
    return received


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
            answers += received_from(client)
        sender.join(timeout=60)
        assert answers == due


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_client_that_does_not_read_is_dropped(loop: str) -> None:
    """It answers no ping, and its connection does not stay open until it has read everything."""
    over.clear()
    with connected("/pour", loop, ping_s=0.2):
        assert over.wait(timeout=60)


def compressed(text: bytes) -> bytes:
    """Return a compressed message of a client, in a frame."""
    pressing = zlib.compressobj(9, zlib.DEFLATED, -12, 9)
    content = (pressing.compress(text) + pressing.flush(zlib.Z_SYNC_FLUSH))[:-4]
    return b"\xc1\xfe" + len(content).to_bytes(2) + bytes(4) + content


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_messages_are_decompressed_one_after_the_other(loop: str) -> None:
    """Also if many arrive at once; each is received."""
    may_read.clear()
    ObservedProtocol.waiting.clear()
    ObservedProtocol.some_wait.clear()
    more = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n"
    lengths = [LARGE] * 100 + [2] * 1000
    with connected("/measure", loop, more=more) as (client, received):
        sending = compressed(b"a" * LARGE) * 100 + MESSAGE * 1000
        sender = threading.Thread(target=client.sendall, args=(sending,))
        sender.start()
        assert ObservedProtocol.some_wait.wait(60)
        may_read.set()
        inflate, text = zlib.decompressobj(-12), b""
        answers = bytearray(received)
        while len(text) < 8 * len(lengths):
            if len(answers) < 2 or len(answers) < 2 + answers[1]:
                answers += received_from(client)
                continue
            frame = bytes(answers[2 : 2 + answers[1]])
            is_compressed = bool(answers[0] & 0x40)
            del answers[: 2 + len(frame)]
            text += inflate.decompress(frame + b"\0\0\xff\xff") if is_compressed else frame
        sender.join(timeout=60)
    assert text == b"".join(b"%08d" % each for each in lengths)
    assert max(ObservedProtocol.waiting) <= 4096 // len(MESSAGE) + 1
    assert ObservedProtocol.waiting[1] <= 4, "large ones"


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_connection_that_both_sides_close_ends_at_once(loop: str) -> None:
    """Also if the client's close frame waited behind messages that the application left unread."""
    with connected("/refuse", loop) as (client, received):
        client.sendall(MESSAGE * 1000 + CLOSE)
        answers = received
        while more := client.recv(2**16):
            answers += more
    assert answers == b"\x88\x02" + (1013).to_bytes(2)
