"""WebSocket protocol of the servers: reads only what the application and the client keep up with.

uvicorn answers each ping at once, whether or not the client reads: pings alone could fill the
memory, even before anything knows who sends them. It decompresses all messages of what it has read,
however few of them the application takes: 4 KiB can be a message of 4 MiB. It also closes a silent
connection only after everything was sent to it, so one whose client no longer reads would stay
open.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

PARSED_BYTES: Final = 4096
"""Bytes that are parsed before it is known whether a message waits for the application."""


class BoundedWebSocketProtocol(WebSocketsSansIOProtocol):
    """Pauses reading while messages or replies wait, and aborts a connection that takes none."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with nothing to parse."""
        self._unparsed = bytearray()
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Parse what arrived, as far as messages and replies do not wait."""
        self._unparsed += data
        self._parse()

    def resume_writing(self) -> None:
        """Read again, unless a message still waits for the application."""
        super().resume_writing()
        if not self.read_paused:
            self.transport.resume_reading()
            self._parse()

    async def receive(self) -> Any:
        """Return the next message or the end, and parse on once none waits."""
        event = await super().receive()
        self._parse()
        return event

    async def send(self, message: Any) -> None:
        """Send; after a close frame, parse on, as that of the client may already have arrived."""
        await super().send(message)
        if self.close_sent:
            self._parse()

    def keepalive_timeout(self) -> None:
        """Close the connection, without waiting for a client that does not read."""
        super().keepalive_timeout()
        if self.transport.get_write_buffer_size():
            self.transport.abort()

    def _parse(self) -> None:
        while self._unparsed and not self.read_paused and self.writable.is_set():
            if self.transport.is_closing():
                return
            part = bytes(self._unparsed[:PARSED_BYTES])
            del self._unparsed[:PARSED_BYTES]
            super().data_received(part)
        if self._unparsed or not self.writable.is_set():
            self.transport.pause_reading()
