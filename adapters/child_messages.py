"""Messages from a child process that works on an untrusted file to its parent.

A message is a letter, the length of its content (u32, little-endian), and the content. Each kind
of child has letters of its own beside these. This module imports little: it is part of the start of
every child.
"""

import struct
from typing import BinaryIO, Final

import msgspec

from adapters.sandbox import MEBIBYTE
from domain.kernel import Rejected

HEAD: Final = struct.Struct("<cI")

REFUSAL, END = b"R", b"E"


class Refusal(msgspec.Struct):
    """Why a file was refused: the code of the rejection, and its text."""

    code: str
    detail: str


def send_refusal(sink: BinaryIO, refusal: Rejected) -> None:
    """Send the code and the text of a rejection."""
    send(sink, REFUSAL, msgspec.json.encode(Refusal(refusal.code, refusal.detail)))


def send(sink: BinaryIO, kind: bytes, content: bytes) -> None:
    """Send a message."""
    write_all(sink, HEAD.pack(kind, len(content)) + content)


def write_all(sink: BinaryIO, content: bytes | memoryview) -> None:
    """Write to a pipe, which may take a part at a time."""
    rest = memoryview(content)
    while rest:
        rest = rest[sink.write(rest) :]


def read_exactly(source: BinaryIO, size: int) -> bytes:
    """Read this many bytes, fewer at the end."""
    parts: list[bytes] = []
    while size and (part := source.read(min(size, MEBIBYTE))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
