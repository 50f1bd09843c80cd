"""HTTP server with graceful shutdown: readiness first, then open requests."""

import signal
import socket
import time
from collections.abc import Callable
from types import FrameType
from typing import Final, Self

import uvicorn
from fastapi import FastAPI

from application.operations.readiness import Readiness
from bootstrap.http_protocol import BoundedHttpProtocol
from bootstrap.websocket_protocol import BoundedWebSocketProtocol
from domain.kernel import Rejected

MAX_MESSAGE_BYTES: Final = 4 * 1024 * 1024
"""Bytes of a WebSocket message; each endpoint has a smaller limit of its own."""


class AddressUnavailable(Rejected):
    """Another program uses this address, or it does not belong to this machine."""

    code = "address.unavailable"
    kind = "unavailable"


class EarlySignal:
    """SIGTERM or Ctrl-C that came before the server handles signals itself.

    Otherwise it would kill the process while it starts, and leave everything open. The handler only
    remembers it: an exception could be raised anywhere, and be lost there. A second Ctrl-C raises
    KeyboardInterrupt: what starts may wait for something.
    """

    def __init__(self) -> None:
        self.received: int | None = None
        """The number of the first signal."""

    def __enter__(self) -> Self:
        numbers = (signal.SIGTERM, signal.SIGINT)
        self._before = {each: signal.signal(each, self._receive) for each in numbers}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT and self.received is not None:
            signal.default_int_handler(number, frame)
        if self.received is None:
            self.received = number


class GracefulServer(uvicorn.Server):
    """Uvicorn server that shuts down in steps.

    First, `/readyz` fails, so that load balancers send no new requests. SIGTERM allows `drain_s`
    for that; SIGINT, which a person sends, nothing. Then it stops listening, event streams end, and
    requests have the configured time to finish. A second signal skips the first wait, a third one
    all others.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        *,
        drain_s: float,
        ends: Callable[[], None],
        early: EarlySignal | None = None,
    ) -> None:
        super().__init__(config)
        self._early = early
        self._drain_s = drain_s
        self._ends = ends
        self._closes_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  uvicorn's
        """Handle a signal. Unlike uvicorn, do not raise it again at the end: the exit code is 0."""
        self._ends()
        now = time.monotonic()
        if self._closes_at is None:
            self._closes_at = now + (self._drain_s if sig == signal.SIGTERM else 0.0)
        elif self.should_exit:
            self.force_exit = True
        else:
            self._closes_at = now

    async def on_tick(self, counter: int) -> bool:
        """Check every tenth of a second whether the drain time is over."""
        if self._closes_at is None and self._early is not None and self._early.received is not None:
            self.handle_exit(self._early.received, None)
        if self._closes_at is not None and time.monotonic() >= self._closes_at:
            self.should_exit = True
        return await super().on_tick(counter)


def serve_app(
    listener: socket.socket,
    app: FastAPI,
    *,
    drain_s: float = 0.0,
    shutdown_s: float = 5.0,
    early: EarlySignal | None = None,
) -> None:
    """Serve an application on a listening socket until a shutdown signal, which may be `early`."""
    config = build_server_config(app, shutdown_s=shutdown_s)
    readiness: Readiness = app.state.readiness
    server = GracefulServer(config, drain_s=drain_s, ends=readiness.end, early=early)
    server.run(sockets=[listener])


def build_server_config(app: FastAPI, *, shutdown_s: float) -> uvicorn.Config:
    """Return how an application is served: the protocols, their limits, and the logs."""
    return uvicorn.Config(
        app,
        http=BoundedHttpProtocol,
        ws=BoundedWebSocketProtocol,
        log_config=None,  # logs go through the root logger
        access_log=False,
        proxy_headers=False,  # the application reads them: api/middleware/proxies.py
        timeout_graceful_shutdown=max(1, round(shutdown_s)),
        ws_max_size=MAX_MESSAGE_BYTES,
    )


def bind_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises AddressUnavailable."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:
        raise AddressUnavailable(f"Cannot listen on {host}:{port}: {error}.") from error
    # asyncio sets this only on sockets created as TCP. Without it, a reply in two packets waits
    # 40 ms until the client acknowledges the first one.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
