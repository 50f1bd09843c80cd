"""Video of a recording's images, encoded with PyAV in a child of `adapters.video.isolated`."""

import os
from collections.abc import Iterable
from fractions import Fraction
from io import SEEK_CUR, SEEK_SET, RawIOBase
from typing import Any, Final

import av
import numpy as np
from av.error import FFmpegError
from PIL import Image

from adapters.video.encoding import ENCODING, FAST_START, TICKS_PER_S
from adapters.video.images import open_jpeg
from application.kernel.video import VideoEmpty, VideoUnwritable

NOMINAL_RATE: Final = 15
"""Nominal frame rate of the encoder; each image has its own time."""


class PositionedFile(RawIOBase):
    """A file with a position of its own: FFmpeg reads the video again to move its index forward."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._position = 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET, /) -> int:
        if whence == SEEK_SET:
            self._position = offset
        elif whence == SEEK_CUR:
            self._position += offset
        else:
            self._position = os.fstat(self._descriptor).st_size + offset
        return self._position

    def read(self, size: int = -1, /) -> bytes:
        content = os.pread(self._descriptor, max(0, size), self._position)
        self._position += len(content)
        return content

    def write(self, content: Any, /) -> int:
        count = os.pwrite(self._descriptor, content, self._position)
        self._position += count
        return count


def encode_video(output: int, pictures: Iterable[tuple[float, bytes]]) -> None:
    """Write an MP4 of JPEGs to a descriptor, each shown from its time in seconds to the next.

    All have the size of the first. Raises PictureRefused, VideoEmpty and VideoUnwritable.
    """

    def open_again(*_: object) -> PositionedFile:
        return PositionedFile(output)

    try:
        with av.open(
            PositionedFile(output),
            "w",
            format="mp4",
            container_options=FAST_START,
            io_open=open_again,
        ) as file:
            _write(file, pictures)
    except (FFmpegError, OSError) as failed:
        raise VideoUnwritable(f"The video cannot be written: {failed.strerror}.") from failed


# The container and its stream are Any because PyAV's packets are not completely typed.
def _write(file: Any, pictures: Iterable[tuple[float, bytes]]) -> None:
    stream: Any = None
    last_tick = -1
    for time_s, content in pictures:
        picture = open_jpeg(content)
        if stream is None:
            stream = _begun(file, picture)
        picture = picture.resize((stream.width, stream.height))
        frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")
        last_tick = max(last_tick + 1, round(time_s * TICKS_PER_S))
        frame.pts, frame.time_base = last_tick, Fraction(1, TICKS_PER_S)
        file.mux(stream.encode(frame))
    if stream is None:
        raise VideoEmpty("There is no picture to make a video of.")
    file.mux(stream.encode(None))


def _begun(file: Any, picture: Image.Image) -> Any:
    stream = file.add_stream("libx264", rate=NOMINAL_RATE, options=ENCODING)
    stream.width, stream.height = (side // 2 * 2 for side in picture.size)  # H.264 wants even sides
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
    return stream
