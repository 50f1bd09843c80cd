"""A Kafka client whose connection never comes about leaves no socket open."""

import socket
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from adapters.bus.kafka import client


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
def test_no_socket_is_left_to_the_garbage_collector(
    server: Callable[[], AbstractContextManager[str]],
) -> None:
    with server() as address:
        before = open_sockets()
        with pytest.raises(client.errors.KafkaError) as failed:
            client.library.KafkaAdminClient(bootstrap_servers=address, bootstrap_timeout_ms=300)
        assert open_sockets() == before, failed  # the exception keeps what the client still has


def open_sockets() -> set[int]:
    """Return the descriptors of the internet sockets that this process has open."""
    found: set[int] = set()
    for path in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # it is no socket
            looked_at = socket.socket(fileno=int(path.name))
            if looked_at.family == socket.AF_INET:
                found.add(looked_at.fileno())
            looked_at.detach()
    return found
