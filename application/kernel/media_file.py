"""Stored media as an open file."""

import io
import os
from typing import TYPE_CHECKING, Final

from application.kernel.ports import MediaReader
from domain.ids import TenantId

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK_BYTES: Final = 1024 * 1024
"""Media are read in whole blocks, as they are encrypted."""


class MediaFile(io.RawIOBase):
    """A read-only, seekable file that has one block of the media in memory. Not thread-safe.

    The content is not compared with its digest. Methods raise what the store does.
    """

    def __init__(
        self, media: MediaReader, tenant_id: TenantId, digest: str, *, prefix: str = ""
    ) -> None:
        super().__init__()
        self._media, self._tenant_id = media, tenant_id
        self._digest, self._prefix = digest, prefix
        self._size = media.size(tenant_id, digest, prefix=prefix)
        self._position = 0
        self._number: int = -1
        self._block = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        if self._position >= self._size:
            return 0
        number, offset = divmod(self._position, BLOCK_BYTES)
        self._open(number)
        output = memoryview(buffer).cast("B")
        content = memoryview(self._block)[offset : offset + len(output)]
        output[: len(content)] = content
        self._position += len(content)
        return len(content)

    def _open(self, number: int) -> None:
        if number != self._number:
            start = number * BLOCK_BYTES
            end = min(start + BLOCK_BYTES, self._size)
            self._block = self._media.part(
                self._tenant_id, self._digest, start, end, prefix=self._prefix
            )
            self._number = number
