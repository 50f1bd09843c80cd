"""Format of an uploaded file by its first bytes, and the structure of MP4 and MOV files.

`matroska` has the structure of WebM and MKV files.
"""

import re
from collections.abc import Callable
from typing import BinaryIO, Final, Literal

HEAD_BYTES: Final = 4096

MATROSKA: Final = b"\x1a\x45\xdf\xa3"
DOC_TYPE: Final = re.compile(rb"\x42\x82[\x81-\x90](webm|matroska)")
DOC_TYPES: Final = {b"webm": "video/webm", b"matroska": "video/x-matroska"}

FIRST_BOXES: Final = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
"""First boxes of QuickTime files that are older than `ftyp`."""

NO_VIDEO: Final = (b"heic", b"heix", b"mif1", b"avif", b"M4A ", b"M4B ", b"crx ", b"jp2 ")
"""Brands of pictures and sounds in the container of MP4."""

BOX_TYPE: Final = re.compile(rb"[ -~\xa9]{4}")
HEADER_BYTES: Final = 8
LARGE_HEADER_BYTES: Final = 16

MAX_PARTS: Final = 2_000_000
"""Boxes or elements of a file that are looked at: three hours in fragments of one picture each."""

PARTS_AT_ONCE: Final = 10_000
PADDING_BYTES: Final = 2**20

Fault = Literal["damaged", "contains_other_data"]


def sniff_media_type(head: bytes) -> str | None:
    """Return the media type of a file that begins with these bytes; None if it is not accepted."""
    if head.startswith(MATROSKA):
        match = DOC_TYPE.search(head)
        return None if match is None else DOC_TYPES[match[1]]
    kind, brand = head[4:8], head[8:12]
    if kind == b"ftyp":
        if brand in NO_VIDEO:
            return None
        return "video/quicktime" if brand == b"qt  " else "video/mp4"
    return "video/quicktime" if kind in FIRST_BOXES else None


def is_same_container(first: str, second: str) -> bool:
    """Return whether two media types share a container: MP4 and MOV, or WebM and MKV."""
    return is_mp4(first) == is_mp4(second)


def is_mp4(media_type: str) -> bool:
    """Return whether files of this type consist of boxes (ISO/IEC 14496-12)."""
    return media_type in {"video/mp4", "video/quicktime"}


def find_fault(file: BinaryIO, size: int, proceed: Callable[[], None]) -> Fault | None:
    """Return what is wrong with the boxes of an MP4 or MOV file: all of it has to be in boxes.

    `proceed` is called now and then, and may raise.
    """
    return find_fault_in_parts(file, size, proceed, LARGE_HEADER_BYTES, _after_box)


def find_fault_in_parts(
    file: BinaryIO,
    size: int,
    proceed: Callable[[], None],
    header_bytes: int,
    after: Callable[[bytes, int, int], int | Fault],
) -> Fault | None:
    """Return what is wrong with a file of parts that follow each other, or None.

    `after` is given the header of a part, its start and the size of the file, and returns the start
    of the next part, or a fault. Zeros may follow the last part.
    """
    start = 0
    for number in range(MAX_PARTS):
        if number % PARTS_AT_ONCE == 0:
            proceed()
        if start >= size:
            return None
        file.seek(start)
        header = file.read(header_bytes)
        if not any(header):
            return _find_fault_in_padding(file, start, proceed)
        found = after(header, start, size)
        if not isinstance(found, int):
            return found
        start = found
    return "contains_other_data"


def _after_box(header: bytes, start: int, size: int) -> int | Fault:
    """Return where a box ends, or its fault."""
    if len(header) < HEADER_BYTES:
        return "contains_other_data"
    length, kind = int.from_bytes(header[:4]), header[4:8]
    if not BOX_TYPE.fullmatch(kind):
        return "contains_other_data"
    if length == 0:
        return size
    least = HEADER_BYTES
    if length == 1:
        length, least = int.from_bytes(header[8:]), LARGE_HEADER_BYTES
    if length < least or start + length > size:
        return "damaged"
    return start + length


def _find_fault_in_padding(file: BinaryIO, start: int, proceed: Callable[[], None]) -> Fault | None:
    """Return what is wrong with padding: it has nothing but zeros, up to the end of the file."""
    file.seek(start)
    while chunk := file.read(PADDING_BYTES):
        proceed()
        if any(chunk):
            return "contains_other_data"
    return None
