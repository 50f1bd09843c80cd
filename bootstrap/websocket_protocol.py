"""WebSocket protocol of the servers, which reads from a client only while it takes the replies.

uvicorn answers each ping at once, whether or not the client reads: pings alone could fill the
memory, even before anything knows who sends them. It also closes a silent connection only after
everything was sent to it, so one whose client no longer reads would stay open.
"""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class BoundedWebSocketProtocol(WebSocketsSansIOProtocol):
    """Pauses reading while replies wait, and aborts a connection that takes none."""

    def data_received(self, data: bytes) -> None:
        """Handle what arrived; read no more while replies wait for the client."""
        super().data_received(data)
        if not self.writable.is_set():
            self.transport.pause_reading()

    def resume_writing(self) -> None:
        """Read again, unless a message still waits for the application."""
        super().resume_writing()
        if not self.read_paused:
            self.transport.resume_reading()

    def keepalive_timeout(self) -> None:
        """Close the connection, without waiting for a client that does not read."""
        super().keepalive_timeout()
        if self.transport.get_write_buffer_size():
            self.transport.abort()
