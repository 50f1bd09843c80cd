"""A server that closes every connection at once, and counts them."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from threading import Thread


class ClosingPeer:
    """Its address, and the number of connections so far."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connections = 0


@contextmanager
def closing_peer() -> Generator[ClosingPeer]:
    """Listen on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        peer = ClosingPeer(listener.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                peer.connections += 1
                connection.close()

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield peer
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
