"""Messages between a child process that encodes videos and its parent.

They have the form of `adapters.video.messages`.
"""

import struct
from typing import Annotated, Final, Literal

import msgspec

from adapters.sandbox import MEBIBYTE
from adapters.video.limits import VideoLimits

PROGRESS: Final = b"G"
SHARE: Final = struct.Struct("<d")
"""Share of the work that is done."""

MAX_PICTURES_BYTES: Final = 64 * MEBIBYTE

Side = Annotated[int, msgspec.Meta(ge=2, le=65_536)]
Part = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]


class VideoTask(msgspec.Struct):
    """A rendition to encode."""

    codec: Literal["h264", "av1"]
    width: int
    height: int
    rate: tuple[int, int]
    frames_per_segment: int


class ContentTask(msgspec.Struct):
    """What the child is to do, its limits, and the descriptor of its output."""

    kind: Literal["inspect", "video", "audio", "pictures", "speech"]
    limits: VideoLimits
    output: int = -1
    max_bytes: int = 0
    seconds: float = 0.0
    video: VideoTask | None = None


class ReportedVideo(msgspec.Struct):
    """A video as the child reports it."""

    width: Side
    height: Side
    rate: tuple[Part, Part]
    duration_s: Annotated[float, msgspec.Meta(gt=0, le=1_000_000)]
    has_audio: bool


class ReportedTrack(msgspec.Struct):
    """Length of an encoded track in seconds."""

    duration_s: Annotated[float, msgspec.Meta(gt=0, le=1_000_000)]


SoundBytes = Annotated[int, msgspec.Meta(ge=0, le=1024 * MEBIBYTE)]
SoundTime = Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]


class ReportedSound(msgspec.Struct):
    """Parts of the sound in the output: offset, size, start and end in seconds."""

    parts: Annotated[
        list[tuple[SoundBytes, SoundBytes, SoundTime, SoundTime]], msgspec.Meta(max_length=1000)
    ]


PictureName = Annotated[str, msgspec.Meta(pattern=r"\A[a-z]{1,20}(-[0-9])?\.jpg\Z")]
PictureBytes = Annotated[int, msgspec.Meta(ge=0, le=MAX_PICTURES_BYTES)]


class ReportedPictures(msgspec.Struct):
    """Ranges of pictures in the output, and the form of the storyboard."""

    files: Annotated[
        dict[PictureName, tuple[PictureBytes, PictureBytes]], msgspec.Meta(max_length=10)
    ]
    tile_width: Side
    tile_height: Side
    columns: Annotated[int, msgspec.Meta(ge=1, le=100)]
    count: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    every_s: Annotated[float, msgspec.Meta(gt=0, le=1_000_000)]
