"""Messages between a child process for media and its parent.

The parent passes a task as an argument, and `adapters/child_messages.py` describes what the child
sends. Content goes to the child after its length (u32): images; for a video, the time in seconds
and the image, and nothing (length 0) at the end.
"""

import struct
from typing import Final, Literal

import msgspec

from adapters.sandbox import Protection
from adapters.video.limits import VideoLimits

FRAME: Final = struct.Struct("<dII")
"""Of a frame or an image: its time in seconds, height and width; then RGB, a byte each."""

TIME: Final = struct.Struct("<d")
"""Of an image that goes into a video: the time in seconds."""

SHAPE, PIXELS = b"S", b"P"


class Confinement(msgspec.Struct):
    """Protections that are in force in a child."""

    protections: tuple[Protection, ...]


class ChildTask(msgspec.Struct):
    """What the child is to do, and its limits.

    A child for images first reports how it is confined; a probe does nothing else.
    """

    kind: Literal["frames", "images", "encode", "probe"]
    limits: VideoLimits
    longest_side: int
    output: int = -1
    """Descriptor of the file for the encoded video; otherwise -1."""
