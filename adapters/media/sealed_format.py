"""Format of sealed media: AES-256-GCM in blocks, so that a range decrypts only its blocks.

A header: the magic, whose last byte is the version; the lengths of the subject and of the sealed
key (u16 each) and of the content (u64), little-endian; the subject's id; the key of this file,
sealed with the key of the subject. Then blocks of 1 MiB, each with a tag of 16 bytes. The nonce
of a block is its number, as every file has a key of its own; the header is authenticated with each.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from application.kernel.ports import MediaCorrupt
from domain.ids import UserId

MAGIC: Final = b"\x89KINMED\x01"
FIXED: Final = struct.Struct("<8sHHQ")
MAX_HEADER_BYTES: Final = 1024
"""Bytes to read for the longest header: ids have at most 128 characters."""

Buffer = bytes | memoryview

KEY_BYTES: Final = 32
BLOCK_BYTES: Final = 1024 * 1024
"""As much as is sent at a time: a block of that size is decrypted without another copy."""
TAG_BYTES: Final = 16
STORED_BLOCK_BYTES: Final = BLOCK_BYTES + TAG_BYTES


@dataclass(frozen=True)
class Header:
    """Header of sealed media. `size` is that of the content."""

    subject: UserId
    sealed_key: bytes
    size: int

    def encode(self) -> bytes:
        """Return the bytes of the header."""
        subject = self.subject.encode()
        lengths = FIXED.pack(MAGIC, len(subject), len(self.sealed_key), self.size)
        return lengths + subject + self.sealed_key


def parse_header(start: bytes) -> Header | None:
    """Return the header at the start of stored media; None for media that are not sealed."""
    if len(start) < FIXED.size or not start.startswith(MAGIC):
        return None
    _, subject_bytes, key_bytes, size = FIXED.unpack_from(start)
    end = FIXED.size + subject_bytes
    subject, key = start[FIXED.size : end], start[end : end + key_bytes]
    if len(subject) != subject_bytes or len(key) != key_bytes:
        raise MediaCorrupt
    try:
        return Header(UserId(subject.decode()), key, size)
    except UnicodeDecodeError as error:
        raise MediaCorrupt from error


class BlockCipher:
    """Encrypts and decrypts the blocks of one file."""

    def __init__(self, header: Header, key: bytes) -> None:
        self._header = header.encode()
        self._size = header.size
        self._cipher = AESGCM(key)

    def seal(self, blocks: Iterable[Buffer]) -> Iterator[memoryview]:
        """Yield the header, then the encrypted blocks. Every block but the last is full.

        A block is valid until the next one: they share one buffer.
        """
        yield memoryview(self._header)
        buffer = memoryview(bytearray(STORED_BLOCK_BYTES))
        for number, block in enumerate(blocks):
            stored = buffer[: len(block) + TAG_BYTES]
            self._cipher.encrypt_into(_nonce(number), block, self._header, stored)
            yield stored

    def stored_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of stored bytes whose blocks have a range of the content."""
        first, last = start // BLOCK_BYTES, -(-end // BLOCK_BYTES)
        stored_size = self._size + -(-self._size // BLOCK_BYTES) * TAG_BYTES
        until = min(last * STORED_BLOCK_BYTES, stored_size)
        return len(self._header) + first * STORED_BLOCK_BYTES, len(self._header) + until

    def unseal(self, stored: Buffer, start: int, end: int) -> bytes:
        """Decrypt the blocks of `stored_range`; return the range. Raises MediaCorrupt."""
        number = start // BLOCK_BYTES
        skipped = start - number * BLOCK_BYTES
        blocks: list[bytes] = []
        try:
            for at in range(0, len(stored), STORED_BLOCK_BYTES):
                block = stored[at : at + STORED_BLOCK_BYTES]
                blocks.append(self._cipher.decrypt(_nonce(number), block, self._header))
                number += 1
        except (InvalidTag, ValueError) as changed:
            raise MediaCorrupt from changed
        opened = blocks[0] if len(blocks) == 1 else b"".join(blocks)
        size = end - start
        if len(opened) < skipped + size:
            raise MediaCorrupt
        return opened if len(opened) == size else opened[skipped : skipped + size]


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
