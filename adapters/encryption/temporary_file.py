"""Encrypted temporary files."""

import io
import os
import tempfile
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final, cast

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import XTS

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

KEY_BYTES: Final = 64
"""Two keys of AES-256."""

SECTOR_BYTES: Final = 64 * 1024
"""Unit of encryption; the last one is padded."""


UPLOAD_IN_MEMORY_BYTES: Final = 1 << 20


class EncryptedTemporaryFile(io.RawIOBase):
    """A file without a name, encrypted by AES-XTS with a key that is only in memory.

    Only this object can read it. The file disappears when the process ends. Bytes can be replaced
    at any position. Not thread-safe.
    """

    def __init__(self, folder: Path) -> None:
        """Open an empty file on the disk of a folder, which is made if needed. Raises OSError."""
        super().__init__()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  closed by `close`
        self._key = os.urandom(KEY_BYTES)
        self._size = self._position = self._number = 0
        self._sector = bytearray(SECTOR_BYTES)
        self._is_changed = False

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        output = memoryview(buffer).cast("B")
        number, offset = divmod(self._position, SECTOR_BYTES)
        count = max(0, min(len(output), SECTOR_BYTES - offset, self._size - self._position))
        if count:
            self._open(number)
            output[:count] = self._sector[offset : offset + count]
            self._position += count
        return count

    def write(self, content: "ReadableBuffer", /) -> int:
        left = memoryview(content).cast("B")
        written = len(left)
        while len(left):
            number, offset = divmod(self._position, SECTOR_BYTES)
            count = min(len(left), SECTOR_BYTES - offset)
            self._open(number)
            self._sector[offset : offset + count] = left[:count]
            self._is_changed = True
            self._position += count
            self._size = max(self._size, self._position)
            left = left[count:]
        return written

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def _open(self, number: int) -> None:
        """Decrypt a sector, after storing the former one if it was changed."""
        if number == self._number:
            return
        if self._is_changed:
            encryptor = self._cipher(self._number).encryptor()
            self._file.seek(self._number * SECTOR_BYTES)
            self._file.write(encryptor.update(self._sector))
            self._is_changed = False
        self._file.seek(number * SECTOR_BYTES)
        stored = self._file.read(SECTOR_BYTES)
        decryptor = self._cipher(number).decryptor()
        self._sector[:] = decryptor.update(stored) if stored else bytes(SECTOR_BYTES)
        self._number = number

    def _cipher(self, number: int) -> Cipher[XTS]:
        return Cipher(AES(self._key), XTS(number.to_bytes(16, "little")))


class EncryptedSpool(SpooledTemporaryFile[bytes]):
    """A file in memory that continues as an `EncryptedTemporaryFile` beyond `max_size` bytes.

    It is unencrypted in memory only. Not thread-safe.
    """

    _file: IO[bytes]

    def rollover(self) -> None:
        """Move the content to the disk, in the folder for temporary files. Raises OSError."""
        state = cast("Any", self)  # CPython's own attributes, which Starlette reads as well
        if state._rolled:  # noqa: SLF001  ours
            return
        memory = cast("io.BytesIO", self._file)
        disk = io.BufferedRandom(EncryptedTemporaryFile(Path(tempfile.gettempdir())), SECTOR_BYTES)
        disk.write(memory.getbuffer())
        disk.seek(memory.tell())
        self._file = disk
        state._rolled = True  # noqa: SLF001  ours


def open_upload() -> EncryptedSpool:
    """Open a file for an upload: up to 1 MiB in memory, beyond that encrypted on disk."""
    return EncryptedSpool(max_size=UPLOAD_IN_MEMORY_BYTES)
