"""Messages between a decoding child process and its parent.

The parent passes a task as an argument. A message to the parent is a letter, the length of its
content (u32, little-endian), and the content. Images go to the child after their length (u32).
"""

import struct
from typing import Final, Literal

import msgspec

from adapters.video.limits import VideoLimits

HEAD: Final = struct.Struct("<cI")
FRAME: Final = struct.Struct("<dII")
"""Of a frame or an image: its time in seconds, height and width; then RGB, a byte each."""

SHAPE, PIXELS, REFUSAL, END = b"S", b"P", b"R", b"E"


class Refusal(msgspec.Struct):
    """Why a file was refused: the code of the rejection, and its text."""

    code: str
    detail: str


class ChildTask(msgspec.Struct):
    """What the child is to do, and its limits."""

    kind: Literal["film", "images"]
    limits: VideoLimits
    longest_side: int
