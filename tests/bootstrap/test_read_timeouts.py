"""Connections whose clients do not finish a request are closed; others are not disturbed."""

import asyncio
import socket
import threading
from collections.abc import AsyncGenerator, Coroutine, Generator
from typing import Any
from unittest.mock import Mock

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn.server import ServerState
from websockets.sync.client import connect

from bootstrap import http_protocol
from bootstrap.http_protocol import BoundedHttpProtocol
from tests.thread_servers import serving

Address = tuple[str, int]

BODY = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"

may_answer = threading.Event()


async def read(request: Request) -> Response:
    """Return the body."""
    return Response(await request.body())


def wait(_: Request) -> Response:
    """Return as soon as the test allows it."""
    may_answer.wait(timeout=60)
    return Response("late")


async def count_body(request: Request) -> Response:
    """Return the size of the body, which is read as soon as the test allows it."""
    await asyncio.to_thread(may_answer.wait, 60)
    return Response(str(len(await request.body())))


async def stream(_: Request) -> Response:
    """Stream until the test allows the end."""

    async def parts() -> AsyncGenerator[str]:
        yield "begin, "
        await asyncio.to_thread(may_answer.wait, 60)
        yield "end"

    return StreamingResponse(parts())


async def echo(connection: WebSocket) -> None:
    """Return each message."""
    await connection.accept()
    async for message in connection.iter_text():
        await connection.send_text(message)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Generator[Address]:
    """Address of a server that waits half a second for clients."""
    monkeypatch.setattr(http_protocol, "READ_TIMEOUT_S", 0.5)
    may_answer.clear()
    app = Starlette(
        routes=[
            Route("/read", read, methods=["POST"]),
            Route("/wait", wait),
            Route("/stream", stream),
            Route("/count_body", count_body, methods=["POST"]),
            WebSocketRoute("/echo", echo),
        ]
    )
    config = uvicorn.Config(app, http=BoundedHttpProtocol, log_config=None, timeout_keep_alive=60)
    with socket.create_server(("127.0.0.1", 0)) as listener, serving(config, listener):
        yield listener.getsockname()
        may_answer.set()


def answer_to(address: Address, sent: bytes = b"") -> bytes:
    """Send this, and return what the server sends until it closes the connection."""
    with socket.create_connection(address, timeout=60) as client:
        client.sendall(sent)
        return b"".join(iter(lambda: client.recv(4096), b""))


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /wa",
        b"GET /wait HTTP/1.1\r\nHost: x\r\nX-Long: a",
        BODY + b"ab",
        b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
    ids=["line", "head", "body", "chunk"],
)
def test_a_request_that_does_not_continue_is_refused(address: Address, begun: bytes) -> None:
    answer = answer_to(address, begun)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.endswith(b"\r\n\r\nThe request was not completed in time.")


def test_a_connection_without_a_request_is_closed(address: Address) -> None:
    """Browsers open some ahead of their requests, and expect no answer on them."""
    assert answer_to(address) == b""


def test_an_idle_connection_is_closed_after_an_answer(address: Address) -> None:
    answer = answer_to(address, BODY + b"abcd")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\nabcd")


def test_an_answer_may_take_longer(address: Address) -> None:
    with socket.create_connection(address, timeout=60) as waiting:
        waiting.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        for _ in range(2):
            assert answer_to(address) == b""
        may_answer.set()
        answer = b"".join(iter(lambda: waiting.recv(4096), b""))
    assert answer.endswith(b"\r\n\r\nlate")


def test_a_body_may_wait_until_it_is_read(address: Address) -> None:
    """The server reads no further while much of a body waits, so the client cannot continue."""
    head = b"POST /count_body HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    head += b"Content-Length: 200000\r\n\r\n"
    with socket.create_connection(address, timeout=60) as waiting:
        waiting.sendall(head + b"a" * 199_999)
        for _ in range(2):
            assert answer_to(address) == b""
        may_answer.set()
        waiting.sendall(b"a")
        answer = b"".join(iter(lambda: waiting.recv(4096), b""))
    assert answer.endswith(b"\r\n\r\n200000")


def test_a_body_may_wait_until_the_server_asks_for_it(address: Address) -> None:
    """With `Expect: 100-continue`, the client is not silent before status 100."""
    head = b"POST /count_body HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    head += b"Expect: 100-continue\r\nContent-Length: 4\r\n\r\n"
    with socket.create_connection(address, timeout=60) as waiting:
        waiting.sendall(head)
        assert answer_to(address) == b""
        may_answer.set()
        assert waiting.recv(4096).startswith(b"HTTP/1.1 100 ")
        assert answer_to(address) == b""
        waiting.sendall(b"abcd")
        answer = b"".join(iter(lambda: waiting.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 200 ")


def test_a_request_that_has_begun_does_not_end_the_answer_before_it(address: Address) -> None:
    with socket.create_connection(address, timeout=60) as pipelining:
        pipelining.sendall(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n" + BODY + b"ab")
        for _ in range(2):
            assert answer_to(address) == b""
        may_answer.set()
        answer = b"".join(iter(lambda: pipelining.recv(4096), b""))
    assert b"begin, " in answer
    assert b"end" in answer
    assert answer.endswith(b"The request was not completed in time.")


def test_the_timeout_begins_again_when_reading_continues() -> None:
    """Until then, the client could not send more."""

    def never_start(work: Coroutine[Any, Any, None], **_: Any) -> Mock:
        work.close()
        return Mock()

    loop = Mock(create_task=never_start, time=Mock(return_value=0.0))
    transport = Mock(is_closing=Mock(return_value=False), get_extra_info=Mock(return_value=None))
    config = uvicorn.Config(Starlette(), log_config=None)
    config.load()
    protocol = BoundedHttpProtocol(config, ServerState(), {}, _loop=loop)
    protocol.connection_made(transport)
    protocol.data_received(BODY.replace(b"4", b"200000") + b"a" * 199_999)
    assert protocol.flow.read_paused
    loop.time.return_value = 2 * http_protocol.READ_TIMEOUT_S
    protocol.flow.resume_reading()
    loop.call_later.call_args.args[1]()
    transport.close.assert_not_called()
    loop.time.return_value = 3 * http_protocol.READ_TIMEOUT_S
    loop.call_later.call_args.args[1]()
    transport.close.assert_called_once_with()


def test_a_silent_websocket_stays_open(address: Address) -> None:
    host, port = address
    with connect(f"ws://{host}:{port}/echo", compression=None) as client:
        for _ in range(2):
            assert answer_to(address) == b""
        client.send("still here")
        assert client.recv() == "still here"
