"""A Kafka client that cannot connect, or is closed before it has sent, leaves no socket open."""

import socket
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import Any, cast

import kafka.net.inet
import kafka.net.selector
import kafka.net.transport
import pytest

from adapters.bus.kafka import client

network = cast("Any", kafka.net)


@contextmanager
def silent_server() -> Generator[str]:
    """Yield an address whose queue of connections is full: further ones are never completed."""
    with ExitStack() as open_sockets:
        server = open_sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address = server.getsockname()
        for _ in range(3):
            waiting = open_sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            with suppress(BlockingIOError):
                waiting.connect(address)
        yield f"127.0.0.1:{address[1]}"


@contextmanager
def refused() -> Generator[str]:
    """Yield an address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    yield f"127.0.0.1:{port}"


@pytest.mark.parametrize("server", [silent_server, refused])
def test_a_connection_that_fails_is_closed(
    server: Callable[[], AbstractContextManager[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[socket.socket] = []

    def remembered(_factory: object, *options: int) -> socket.socket:
        opened.append(socket.socket(*options))
        return opened[-1]

    monkeypatch.setattr(network.inet.KafkaNetSocket, "socket", remembered)
    with server() as address, pytest.raises(client.errors.KafkaError):
        client.library.KafkaAdminClient(bootstrap_servers=address, bootstrap_timeout_ms=300)
    assert opened
    assert [connection.fileno() for connection in opened] == [-1] * len(opened)


def test_a_connection_that_was_closed_before_it_sent_a_request_is_closed() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        loop = network.selector.NetworkSelector()
        transport = network.transport.KafkaTCPTransport(loop, ours)
        transport.write(b"a request")
        transport.close()
        loop.close()
        assert ours.fileno() == -1
