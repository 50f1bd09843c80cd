"""Pose track of a lesson: what the trainer does in each frame, in files of a minute each.

Little-endian: `KPT1`, the number of frames (u32), the aspect ratio of the picture (f32), the times
in milliseconds (u32), then 33 landmarks of each frame as (x, y, z, visibility) and as (x, y, z) in
meters (i16, in units of 1/8192; -32768 is unknown). `PoseChunk` explains the landmarks. Pages read
the files, so the format has a number.
"""

import struct
from typing import Final

import numpy as np

from application.kernel.ports import MediaCorrupt
from domain.motion.landmarks import LANDMARK_COUNT, Floats, PoseChunk

MAGIC: Final = b"KPT1"
HEADER: Final = struct.Struct("<4sIf")
UNITS: Final = 8192.0
"""Steps of a unit: 0.1 mm of a meter, a sixth of a pixel of a 720p picture's width."""

UNKNOWN: Final = -32768
LARGEST: Final = 32767
IMAGE, WORLD = 4, 3

PIECE_S: Final = 60.0
"""Length of a piece: what a crash costs, and what a page loads at once."""

PIECE_SUFFIX: Final = ".kpt"
TRACK_TYPE: Final = "application/vnd.kinelog.poses"


def piece_name(piece: int) -> str:
    """Return the name of a piece, from 0, among the files of a video."""
    return f"poses.{piece}{PIECE_SUFFIX}"


def piece_to_bytes(chunk: PoseChunk) -> bytes:
    """Return the file of a piece. Landmarks far outside of the picture move closer to it."""
    world: Floats = (
        np.full((len(chunk), LANDMARK_COUNT, WORLD), np.nan, np.float32)
        if chunk.world is None
        else chunk.world
    )
    times = np.round(chunk.times_s * 1000).astype("<u4")
    header = HEADER.pack(MAGIC, len(chunk), chunk.aspect_ratio)
    return b"".join((header, times.tobytes(), _packed(chunk.image), _packed(world)))


def piece_of_bytes(content: bytes) -> PoseChunk:
    """Return a stored piece. Raises MediaCorrupt."""
    try:
        magic, frames, aspect_ratio = HEADER.unpack_from(content)
    except struct.error:
        raise MediaCorrupt("These bytes are not a pose track.") from None
    size = HEADER.size + frames * (4 + 2 * LANDMARK_COUNT * (IMAGE + WORLD))
    if magic != MAGIC or len(content) != size:
        raise MediaCorrupt("These bytes are not a pose track.")
    times = np.frombuffer(content, "<u4", frames, HEADER.size)
    at = HEADER.size + 4 * frames
    image = _unpacked(content, at, (frames, LANDMARK_COUNT, IMAGE))
    at += 2 * frames * LANDMARK_COUNT * IMAGE
    world = _unpacked(content, at, (frames, LANDMARK_COUNT, WORLD))
    return PoseChunk(times.astype(np.float64) / 1000, image, world, aspect_ratio)


def _packed(values: Floats) -> bytes:
    steps = np.clip(np.round(values * UNITS), -LARGEST, LARGEST)
    return np.where(np.isnan(steps), UNKNOWN, steps).astype("<i2").tobytes()


def _unpacked(content: bytes, at: int, shape: tuple[int, int, int]) -> Floats:
    steps = np.frombuffer(content, "<i2", int(np.prod(shape)), at).reshape(shape)
    values = (steps / np.float32(UNITS)).astype(np.float32)
    values[steps == UNKNOWN] = np.nan
    return values
