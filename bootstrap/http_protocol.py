"""HTTP protocol of the servers, which bounds the head of a request.

httptools has no limit: without one, a client could send headers until the memory is used up, before
anything knows who it is.
"""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES: Final = 64 * 1024
"""Bytes of a request line with its headers that arrive before the head is complete."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """Closes a connection whose request has a larger head."""

    _head_bytes = 0
    _is_in_head = True

    def data_received(self, data: bytes) -> None:
        """Parse what arrived."""
        if self._is_in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        is_too_large = self._is_in_head and self._head_bytes > MAX_HEAD_BYTES
        if is_too_large and not self.transport.is_closing():
            self.send_400_response("The request line and its headers are too large.")

    def on_headers_complete(self) -> None:
        """Note the end of a head."""
        self._is_in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that another head may follow."""
        self._is_in_head, self._head_bytes = True, 0
        super().on_message_complete()
