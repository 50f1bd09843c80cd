"""HTTP protocol of the servers, which bounds heads and trailers of requests, and silence.

httptools has no limit for them: without one, a client could send headers until the memory is used
up, before anything knows who it is. The size of bodies is limited by the application. uvicorn keeps
connections open whose clients do not continue a request, until no file descriptor is left for those
of others.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES: Final = 64 * 1024
"""Bytes that may arrive before a head is complete, a part of a body arrives, or a request ends."""
SILENCE_S: Final = 60.0
"""Seconds for a head to be complete, or until the next part of a body. Idle connections are closed
sooner after a response."""
TIMED_OUT: Final = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 38\r\nconnection: close\r\n\r\nThe request was not completed in time."
)


class _NotedFlow(FlowControl):
    """Calls `resumed` when reading continues: until then, a client could not send more."""

    def __init__(self, transport: asyncio.Transport, resumed: Callable[[], None]) -> None:
        super().__init__(transport)
        self._resumed = resumed

    def resume_reading(self) -> None:
        """Read on."""
        if self.read_paused:
            self._resumed()
        super().resume_reading()


class BoundedHttpProtocol(HttpToolsProtocol):
    """Closes a connection that sends a larger head or trailers, or does not finish a request."""

    _unfinished_bytes = 0
    _continued_at = 0.0
    _waits_for_100 = False
    _silence: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.flow = _NotedFlow(transport, self._note)
        self._continue()
        self._watch(SILENCE_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._watch(None)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Leave the connection to the protocol of WebSockets, which sends pings."""
        self._watch(None)
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        """Parse what arrived."""
        self._unfinished_bytes += len(data)
        super().data_received(data)
        if self._unfinished_bytes <= MAX_HEAD_BYTES or self.transport.is_closing():
            return
        if not self.cycle or self.cycle.response_complete:
            self.send_400_response("The headers of the request are too large.")
        else:
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Note the end of a head."""
        self._continue()
        super().on_headers_complete()
        self._waits_for_100 = self.expect_100_continue

    def on_body(self, body: bytes) -> None:
        """Note a part of a body."""
        self._continue()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note the end of a request."""
        self._continue()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._note()
        super().on_response_complete()

    def _continue(self) -> None:
        self._unfinished_bytes = 0
        self._note()

    def _note(self) -> None:
        self._continued_at = self.loop.time()

    def _watch(self, after_s: float | None) -> None:
        """Look after a time whether the client is silent; None: not any more."""
        if self._silence is not None:
            self._silence.cancel()
        self._silence = None if after_s is None else self.loop.call_later(after_s, self._look)

    def _look(self) -> None:
        left_s = self._continued_at + SILENCE_S - self.loop.time()
        if not self._is_client_next:
            self._watch(SILENCE_S)
        elif self._waits_for_100:  # until a moment ago, or longer: the time begins now
            self._waits_for_100 = False
            self._note()
            self._watch(SILENCE_S)
        elif left_s > 0:
            self._watch(left_s)
        elif not self.transport.is_closing():
            if self._unfinished_bytes or self._is_body_next:
                self.transport.write(TIMED_OUT)
            self.transport.close()

    @property
    def _is_client_next(self) -> bool:
        """Whether a request, or the rest of one, is missing, and nothing keeps it from coming."""
        is_answering_earlier = bool(self.pipeline)
        is_finished = not self.cycle or self.cycle.response_complete
        return not is_answering_earlier and (is_finished or self._is_body_next)

    @property
    def _is_body_next(self) -> bool:
        cycle = self.cycle
        return (
            bool(cycle)
            and cycle.more_body
            and not cycle.response_started
            and not cycle.waiting_for_100_continue
            and not self.flow.read_paused
        )
