"""Index of a fragmented MP4: its codec, and the bytes and time of each segment (ISO 14496-12).

Only sizes and a few numbers are read. The file is the output of a process that worked on an
untrusted video, so sizes that exceed the file are refused.
"""

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from application.content.encoding import EncodingFailed, Segment

HEAD: Final = struct.Struct(">I4s")
SAMPLE_ENTRY: Final = {b"avc1": 78, b"av01": 78, b"mp4a": 28}
"""Bytes of the fields of a sample entry before its own boxes."""
LARGEST_HEAD: Final = 1 << 20
"""Bytes of a box that is read; only `mdat` is larger."""


def read_track(file: BinaryIO, duration_s: float) -> tuple[str, int, tuple[Segment, ...]]:
    """Return codec, size of the initial part, and segments. Raises EncodingFailed."""
    try:
        return _read(file, duration_s)
    except (struct.error, IndexError, KeyError, ZeroDivisionError) as invalid:
        raise EncodingFailed("The encoder wrote a file without an index.") from invalid


def _read(file: BinaryIO, duration_s: float) -> tuple[str, int, tuple[Segment, ...]]:
    size = file.seek(0, os.SEEK_END)
    codecs, timescale, init_size = "", 0, 0
    starts: list[tuple[int, float]] = []
    for kind, offset, end in _boxes(file, 0, size):
        if kind == b"moov":
            content = _content(file, offset, end)
            codecs, timescale, init_size = _codecs(content), _timescale(content), end
        elif kind == b"moof":
            starts.append((offset, _decode_time(_content(file, offset, end)) / timescale))
    if not starts or not init_size:
        raise EncodingFailed("The encoder wrote a file without segments.")
    ends = [*starts[1:], (size, duration_s)]
    segments = tuple(
        Segment(start, until - start, round(until_s - start_s, 6))
        for (start, start_s), (until, until_s) in zip(starts, ends, strict=True)
    )
    if any(each.duration_s <= 0 for each in segments):
        raise EncodingFailed("The encoder wrote segments whose times do not rise.")
    return codecs, init_size, segments


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of the boxes of a file."""
    at = start
    while at < end:
        file.seek(at)
        size, kind = HEAD.unpack(file.read(HEAD.size))
        if size < HEAD.size or at + size > end:
            raise EncodingFailed("The encoder wrote a box that is cut off.")
        yield kind, at, at + size
        at += size


def _content(file: BinaryIO, start: int, end: int) -> bytes:
    if end - start > LARGEST_HEAD:
        raise EncodingFailed("The encoder wrote an index that is too large.")
    file.seek(start + HEAD.size)
    return file.read(end - start - HEAD.size)


def _find(content: bytes, *path: bytes) -> bytes:
    """Return the content of the first box on a path. Raises KeyError."""
    kind, *rest = path
    at = 0
    while at < len(content):
        size, each = HEAD.unpack_from(content, at)
        if size < HEAD.size:
            break
        if each == kind:
            inner = content[at + HEAD.size : at + size]
            return _find(inner, *rest) if rest else inner
        at += size
    raise KeyError(kind)


def _timescale(moov: bytes) -> int:
    header = _find(moov, b"trak", b"mdia", b"mdhd")
    return int.from_bytes(header[20:24] if header[0] == 1 else header[12:16], "big")


def _decode_time(moof: bytes) -> int:
    header = _find(moof, b"traf", b"tfdt")
    return int.from_bytes(header[4:12] if header[0] == 1 else header[4:8], "big")


def _codecs(moov: bytes) -> str:
    """Return the codec's name of RFC 6381."""
    entries = _find(moov, b"trak", b"mdia", b"minf", b"stbl", b"stsd")[8:]
    size, kind = HEAD.unpack_from(entries)
    inner = entries[HEAD.size + SAMPLE_ENTRY[kind] : size]
    match kind:
        case b"avc1":
            return f"avc1.{_find(inner, b'avcC')[1:4].hex()}"
        case b"av01":
            return _av1_name(_find(inner, b"av1C"))
        case _:
            return "mp4a.40.2"


def _av1_name(configuration: bytes) -> str:
    """Return the name of an `av1C` box (AV1 in ISO base media, 2.3)."""
    profile, level = configuration[1] >> 5, configuration[1] & 31
    tier = "H" if configuration[2] & 0x80 else "M"
    depth = 10 if configuration[2] & 0x40 else 8
    return f"av01.{profile}.{level:02}{tier}.{depth:02}"
