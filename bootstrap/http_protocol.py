"""HTTP protocol of the servers, which bounds heads and trailers of requests.

httptools has no limit for them: without one, a client could send headers until the memory is used
up, before anything knows who it is. The size of bodies is limited by the application.
"""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES: Final = 64 * 1024
"""Bytes that may arrive before a head is complete, a part of a body arrives, or a request ends."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """Closes a connection that sends a larger head or larger trailers."""

    _unfinished_bytes = 0

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
        self._unfinished_bytes = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Note a part of a body."""
        self._unfinished_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note the end of a request."""
        self._unfinished_bytes = 0
        super().on_message_complete()
