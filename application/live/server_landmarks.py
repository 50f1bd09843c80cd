"""Landmarks that the server found in images, for viewers whose device found none.

They are part of the reply to their chunk, packed: plain numbers would be ten times as large.
"""

import numpy as np

from domain.kernel import value
from domain.motion.landmarks import LANDMARK_COUNT, Floats, PoseChunk

_PACKED = "<f4"
_IMAGE, _WORLD = 4, 3


@value
class ServerLandmarks:
    """Landmarks of all frames of a chunk, ours among the device's.

    `image` has for each frame and point x, y, z and visibility, `world` x, y and z in metres, where
    they are known: floats of 32 bits, little-endian; NaN is what was not found.
    """

    image: bytes
    world: bytes | None


def to_server_landmarks(sent: PoseChunk, seen: PoseChunk) -> ServerLandmarks | None:
    """Return the landmarks of an analyzed chunk, None if the analysis added none."""
    if seen is sent:
        return None
    world = None if seen.world is None else seen.world.astype(_PACKED).tobytes()
    return ServerLandmarks(seen.image.astype(_PACKED).tobytes(), world)


def with_server_landmarks(sent: PoseChunk, found: ServerLandmarks | None) -> PoseChunk:
    """Return a chunk with the server's landmarks."""
    if found is None:
        return sent
    world = None if found.world is None else _unpacked(found.world, _WORLD)
    return PoseChunk(sent.times_s, _unpacked(found.image, _IMAGE), world, sent.aspect_ratio)


def _unpacked(packed: bytes, width: int) -> Floats:
    return np.frombuffer(packed, _PACKED).reshape(-1, LANDMARK_COUNT, width).astype(np.float32)
