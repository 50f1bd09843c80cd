"""Servers in threads of the test process, which leave no connection open when they stop."""

import asyncio
import socket
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager

import uvicorn


class ClosingServer(uvicorn.Server):
    """Server that stops without losing track of connections.

    Uvicorn closes those that it knows when it stops. One that was accepted just before is not among
    them and outlives the loop: the warning about it fails the test that runs when garbage is
    collected.
    """

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve on sockets, which send at once, as those of `bind_socket` do."""
        for each in sockets or ():
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().run(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, and close all connections."""
        await stop_accepting(self.servers)
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):  # their time is over
            connection.transport.abort()


async def stop_accepting(servers: Sequence[asyncio.Server]) -> None:
    """Close servers, with a protocol for each connection that they have accepted.

    That takes two turns of the event loop. A server that is closed within them drops the
    connection without closing it.
    """
    loop = asyncio.get_running_loop()
    for server in servers:
        for listener in server.sockets:
            loop.remove_reader(listener)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for server in servers:
        server.close()


@contextmanager
def serving(config: uvicorn.Config, listener: socket.socket) -> Generator[None]:
    """Serve on a listening socket until the block ends."""
    server = ClosingServer(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=60)
