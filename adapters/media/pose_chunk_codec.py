"""Codec of landmark chunks: columnar, compressed and lossless.

Layout, little-endian: the magic `KPC1`; the count of frames (u32), whether world landmarks follow
(u8), the aspect ratio (f64); then, deflated, the columns `times_s` (f64), `image` (f32) and `world`
(f32). A column stores each point's values over time together, as the differences of their bit
patterns from frame to frame, and of those first all lowest bytes, then all second ones, and so on:
bodies move smoothly, so the upper bytes are nearly all zero. Bit patterns survive, those of absent
points (NaN) too. The same chunk gives the same bytes; the digest under which the media store keeps
them is their checksum.
"""

import struct
import zlib
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from application.kernel.ports import MediaCorrupt
from domain.kernel import Rejected
from domain.motion.landmarks import LANDMARK_COUNT, PoseChunk

MAGIC: Final = b"KPC1"
HEADER: Final = struct.Struct("<4sIBd")
MAX_FRAMES: Final = 100_000
"""Almost an hour at 30 frames a second; anything longer is an attack on memory."""

LEVEL: Final = 6
"""zlib compression level, 1 to 9."""

NO_CHUNK: Final = "These bytes are not a chunk of landmarks."

Bits = npt.NDArray[np.unsignedinteger[Any]]


class ChunkTooLong(Rejected):
    """A chunk holds at most 100,000 frames."""

    code = "chunk.too_long"
    kind = "invalid"


def encode(chunk: PoseChunk, *, level: int = LEVEL) -> bytes:
    """Encode a chunk. Raises ChunkTooLong for one that could not be decoded.

    `level` is zlib's. Other levels give the same chunk other bytes and another digest.
    """
    if len(chunk) > MAX_FRAMES:
        raise ChunkTooLong
    columns = [_fold(chunk.times_s.astype("<f8")), _fold(chunk.image.astype("<f4"))]
    if chunk.world is not None:
        columns.append(_fold(chunk.world.astype("<f4")))
    header = HEADER.pack(MAGIC, len(chunk), chunk.world is not None, chunk.aspect_ratio)
    return header + zlib.compress(b"".join(columns), level=level)


def decode(content: bytes) -> PoseChunk:
    """Decode a chunk; raise MediaCorrupt for anything else."""
    try:
        magic, frames, has_world, aspect_ratio = HEADER.unpack_from(content)
    except struct.error as short:
        raise MediaCorrupt(NO_CHUNK) from short
    if magic != MAGIC or frames > MAX_FRAMES or has_world > 1:
        raise MediaCorrupt(NO_CHUNK)
    image, world = (frames, LANDMARK_COUNT, 4), (frames, LANDMARK_COUNT, 3)
    layout = [((frames,), "<u8"), (image, "<u4"), *([(world, "<u4")] if has_world else [])]
    columns = _inflate(content[HEADER.size :], layout)
    return PoseChunk(
        times_s=columns[0].view(np.float64),
        image=columns[1].view(np.float32),
        world=columns[2].view(np.float32) if has_world else None,
        aspect_ratio=aspect_ratio,
    )


def _inflate(deflated: bytes, layout: list[tuple[tuple[int, ...], str]]) -> list[Bits]:
    """Return the columns of this layout; raise MediaCorrupt unless the bytes hold exactly those."""
    sizes = [int(np.prod(shape)) * np.dtype(kind).itemsize for shape, kind in layout]
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(deflated, sum(sizes) + 1)
    except zlib.error as error:
        raise MediaCorrupt(NO_CHUNK) from error
    if len(content) != sum(sizes) or not inflater.eof or inflater.unused_data:
        raise MediaCorrupt(NO_CHUNK)
    ends = np.cumsum(sizes)
    return [
        _unfold(content[end - size : end], shape, kind)
        for end, size, (shape, kind) in zip(ends, sizes, layout, strict=True)
    ]


def _fold(column: npt.NDArray[np.floating[Any]]) -> bytes:
    """Encode (n, ...) floats: values over time, their differences, byte by byte."""
    width = column.dtype.itemsize
    courses = np.moveaxis(column.view(f"<u{width}"), 0, -1)
    differences = np.diff(courses, axis=-1, prepend=courses.dtype.type(0))
    return np.ascontiguousarray(differences).view(np.uint8).reshape(-1, width).T.tobytes()


def _unfold(content: bytes, shape: tuple[int, ...], kind: str) -> Bits:
    """Undo `_fold`: return (n, ...) bit patterns."""
    width = np.dtype(kind).itemsize
    planes = np.frombuffer(content, np.uint8).reshape(width, -1)
    differences = np.ascontiguousarray(planes.T).view(kind).reshape(*shape[1:], shape[0])
    courses = np.cumsum(differences, axis=-1, dtype=kind)  # sums wrap around, like the differences
    return np.ascontiguousarray(np.moveaxis(courses, -1, 0))
