"""HTTP protocol of the servers, with limits for the size, the time and the number of requests.

httptools does not limit their size: a client could send headers until the memory is used up, before
anything knows who it is. The size of bodies is limited by the application. uvicorn does not limit
the time: connections with unfinished requests would stay open until no file descriptor is left for
others. It reads any number of requests before it has answered them, so one connection could fill
the memory with them.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES: Final = 64 * 1024
"""Bytes that may arrive before a head is complete, a part of a body arrives, or a request ends."""
READ_TIMEOUT_S: Final = 60.0
"""Seconds until a head is complete, or until the next part of a body arrives. Idle connections are
closed sooner after a response."""
MAX_PIPELINED: Final = 100
"""Requests of a connection that wait for the answers to earlier ones. No browser sends any, and a
client sends those without an answer again: RFC 9112, section 9.3.2."""
TIMED_OUT: Final = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 38\r\nconnection: close\r\n\r\nThe request was not completed in time."
)


class _TooManyRequests(Exception):  # noqa: N818  never leaves the parser
    """The client sends requests without waiting for answers."""


class _ObservedFlowControl(FlowControl):
    """Flow control that calls `on_resume` before reading continues after a pause."""

    def __init__(self, transport: asyncio.Transport, on_resume: Callable[[], None]) -> None:
        super().__init__(transport)
        self._on_resume = on_resume

    def resume_reading(self) -> None:
        """Continue to read what the client sends."""
        if self.read_paused:
            self._on_resume()
        super().resume_reading()


class BoundedHttpProtocol(HttpToolsProtocol):
    """Closes a connection that sends a larger head or trailers, or does not finish a request.

    One that sends too many requests before their answers gets the answers to the first ones.
    """

    _unfinished_bytes = 0
    _waiting_since = 0.0
    _waits_for_100 = False
    _is_full = False
    _timeout_check: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request, and check the timeout regularly."""
        super().connection_made(transport)
        self.flow = _ObservedFlowControl(transport, self._restart_timeout)
        self._record_progress()
        self._schedule_check(READ_TIMEOUT_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Check the timeout no longer."""
        self._cancel_check()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Leave the connection to the protocol of WebSockets, which sends pings."""
        self._cancel_check()
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        """Parse what arrived, unless the connection is to be closed after the waiting requests."""
        if self._is_full:
            return
        self._unfinished_bytes += len(data)
        super().data_received(data)
        if self._unfinished_bytes <= MAX_HEAD_BYTES or self.transport.is_closing():
            return
        if not self.cycle or self.cycle.response_complete:
            self.send_400_response("The headers of the request are too large.")
        else:
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Note the end of a head. Raises _TooManyRequests, which ends the parsing."""
        self._record_progress()
        if len(self.pipeline) >= MAX_PIPELINED:
            self._is_full = True
            newest, _ = self.pipeline[0]
            newest.keep_alive = False
            raise _TooManyRequests
        super().on_headers_complete()
        self._waits_for_100 = self.expect_100_continue

    def send_400_response(self, msg: str) -> None:
        """Refuse a malformed request; one too many is left out, as earlier ones are answered."""
        if not self._is_full:
            super().send_400_response(msg)

    def on_body(self, body: bytes) -> None:
        """Note a part of a body."""
        self._record_progress()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note the end of a request."""
        self._record_progress()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, or answer the next of those that wait before reading more."""
        self._restart_timeout()
        super().on_response_complete()
        if self.pipeline and not self._is_full:
            self.flow.pause_reading()

    def _record_progress(self) -> None:
        self._unfinished_bytes = 0
        self._restart_timeout()

    def _restart_timeout(self) -> None:
        self._waiting_since = self.loop.time()

    def _schedule_check(self, after_s: float) -> None:
        self._timeout_check = self.loop.call_later(after_s, self._check_timeout)

    def _cancel_check(self) -> None:
        if self._timeout_check is not None:
            self._timeout_check.cancel()

    def _check_timeout(self) -> None:
        """Close the connection if the client has not continued in time, or check again later."""
        left_s = self._waiting_since + READ_TIMEOUT_S - self.loop.time()
        if not self._waits_for_client:
            self._schedule_check(READ_TIMEOUT_S)
        elif self._waits_for_100:  # status 100 was sent after the previous check
            self._waits_for_100 = False
            self._restart_timeout()
            self._schedule_check(READ_TIMEOUT_S)
        elif left_s > 0:
            self._schedule_check(left_s)
        elif not self.transport.is_closing():
            if self._unfinished_bytes or self._waits_for_body:
                self.transport.write(TIMED_OUT)
            self.transport.close()

    @property
    def _waits_for_client(self) -> bool:
        """Whether the client is to send a request or the rest of a body, and is able to."""
        is_answering_earlier = bool(self.pipeline)
        is_finished = not self.cycle or self.cycle.response_complete
        return not is_answering_earlier and (is_finished or self._waits_for_body)

    @property
    def _waits_for_body(self) -> bool:
        cycle = self.cycle
        return (
            bool(cycle)
            and cycle.more_body
            and not cycle.response_started
            and not cycle.waiting_for_100_continue
            and not self.flow.read_paused
        )
