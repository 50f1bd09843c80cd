"""A server that ends without dropping anybody: it says so first, then finishes what it has."""

import signal
import socket
import time
from collections.abc import Callable
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI

from application.operations.readiness import Readiness
from domain.kernel import Rejected

MAX_MESSAGE_BYTES: Final = 4 * 1024 * 1024
"""Bytes of a message of a WebSocket; each door has a smaller limit of its own."""
MAX_QUEUED_MESSAGES: Final = 4
"""Messages of a WebSocket that are read before they are worked; then the sender has to wait."""


class AddressUnavailable(Rejected):
    """Another program listens on this address already, or it is not one of this machine."""

    code = "address.unavailable"
    kind = "unavailable"


class GracefulServer(uvicorn.Server):
    """Ends in steps when it is told to.

    At once `/readyz` says no, so that no new requests are sent here. SIGTERM leaves `drain_s` for
    that to be noticed; SIGINT, which a person sends, nothing. Then it listens no more, streams of
    events end, and requests have the configured time to finish. A second signal skips the first
    wait, a third one all others.
    """

    def __init__(self, config: uvicorn.Config, *, drain_s: float, ends: Callable[[], None]) -> None:
        super().__init__(config)
        self._drain_s = drain_s
        self._ends = ends
        self._closes_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  uvicorn's
        """Take a signal. Unlike uvicorn's it is not raised again at the end: the status is 0."""
        self._ends()
        now = time.monotonic()
        if self._closes_at is None:
            self._closes_at = now + (self._drain_s if sig == signal.SIGTERM else 0.0)
        elif self.should_exit:
            self.force_exit = True
        else:
            self._closes_at = now

    async def on_tick(self, counter: int) -> bool:
        """Look every tenth of a second whether it is time."""
        if self._closes_at is not None and time.monotonic() >= self._closes_at:
            self.should_exit = True
        return await super().on_tick(counter)


def serve_app(
    listener: socket.socket, app: FastAPI, *, drain_s: float = 0.0, shutdown_s: float = 5.0
) -> None:
    """Serve an application on a socket that listens, until told to end."""
    config = uvicorn.Config(
        app,
        log_config=None,  # its lines are told as all others are
        access_log=False,
        timeout_graceful_shutdown=max(1, round(shutdown_s)),
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_max_queue=MAX_QUEUED_MESSAGES,
    )
    readiness: Readiness = app.state.readiness
    GracefulServer(config, drain_s=drain_s, ends=readiness.end).run(sockets=[listener])


def bind_socket(host: str, port: int) -> socket.socket:
    """Give a socket that listens. Raises AddressUnavailable."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
    except OSError as refused:
        raise AddressUnavailable(f"{host}:{port} cannot be listened on: {refused}.") from refused
    # asyncio sets it only on sockets that know they are TCP; without, an answer in two packets
    # waits 40 ms for the client to acknowledge the first one.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
