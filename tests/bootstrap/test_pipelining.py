"""Requests that are sent before the answers to earlier ones fill no memory."""

import asyncio
import re
import socket
import threading
from collections.abc import Generator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bootstrap.http_protocol import MAX_PIPELINED, BoundedHttpProtocol
from tests.thread_servers import serving

Address = tuple[str, int]

has_begun, may_answer = threading.Event(), threading.Event()


async def wait(_: Request) -> Response:
    """Return as soon as the test allows it."""
    has_begun.set()
    await asyncio.to_thread(may_answer.wait, 60)
    return Response("0;")


async def number(request: Request) -> Response:
    """Return the number in the path, and the body."""
    return Response(f"{request.path_params['number']};{(await request.body()).decode()}")


@pytest.fixture(params=["asyncio", "uvloop"])
def address(request: pytest.FixtureRequest) -> Generator[Address]:
    """Address of a server."""
    has_begun.clear()
    may_answer.clear()
    routes = [Route("/wait", wait), Route("/{number}", number, methods=["GET", "POST"])]
    config = uvicorn.Config(
        Starlette(routes=routes), http=BoundedHttpProtocol, loop=request.param, log_config=None
    )
    with socket.create_server(("127.0.0.1", 0)) as listener, serving(config, listener):
        yield listener.getsockname()
        may_answer.set()


def numbered(first: int, last: int) -> bytes:
    """Return requests of the numbers of a range."""
    return b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % each for each in range(first, last))


def answered(client: socket.socket, most: int) -> tuple[list[int], bytes]:
    """Return the numbers of answers, up to `most` or the end, and all that came."""
    received = b""
    while len(found := re.findall(rb"\r\n\r\n(\d+);", received)) < most:
        try:
            part = client.recv(2**16)
        except ConnectionResetError:
            break
        if not part:
            break
        received += part
    return [int(each) for each in found], received


def test_a_client_that_sends_too_many_requests_gets_the_first_answers(address: Address) -> None:
    """Then the connection is closed, and others are not affected."""
    with socket.create_connection(address, timeout=60) as client:
        body = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
        upgrade = b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        sent = b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n" + numbered(1, MAX_PIPELINED + 1)
        client.sendall(sent + body + upgrade + b"no request" + numbered(1, 3000))
        assert has_begun.wait(60)
        may_answer.set()
        found, received = answered(client, 2 * MAX_PIPELINED)
    assert found == [*range(MAX_PIPELINED + 1)]
    assert b" 400 " not in received
    last = received.rpartition(b"HTTP/1.1 ")[2]
    assert b"connection: close\r\n" in last.lower()
    assert last.endswith(f"\r\n\r\n{MAX_PIPELINED};".encode())
    with socket.create_connection(address, timeout=60) as other:
        other.sendall(numbered(7, 8))
        assert answered(other, 1)[0] == [7]


def test_requests_wait_in_the_network_until_earlier_ones_are_answered(address: Address) -> None:
    """A client that waits for answers now and then may send any number of requests."""
    with socket.create_connection(address, timeout=60) as client:
        client.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n" + numbered(1, 80))
        assert has_begun.wait(60)
        client.sendall(numbered(80, 160))
        may_answer.set()
        assert answered(client, 160)[0] == [*range(160)]
        client.sendall(numbered(160, 200))
        assert answered(client, 40)[0] == [*range(160, 200)]
