"""Video of a recording's images, encoded with PyAV."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from av.error import FFmpegError
from PIL import Image

from adapters.video.overlay import ENCODING, FAST_START, TICKS_PER_S
from application.kernel.video import VideoEmpty, VideoUnwritable

NOMINAL_RATE: Final = 15
"""Nominal frame rate of the encoder; each image has its own time."""

Pixels = npt.NDArray[np.uint8]


def encode_video(path: Path, pictures: Iterable[tuple[float, Pixels]]) -> None:
    """Write an MP4 of decoded images, each shown from its time in seconds to that of the next.

    All have the size of the first. Raises VideoEmpty and VideoUnwritable.
    """
    try:
        with av.open(str(path), "w", format="mp4", container_options=FAST_START) as file:
            _write(file, pictures)
    except FFmpegError as failed:
        raise VideoUnwritable(f"{path} cannot be written: {failed.strerror}.") from failed


# The container and its stream are Any because PyAV's packets are not completely typed.
def _write(file: Any, pictures: Iterable[tuple[float, Pixels]]) -> None:
    stream: Any = None
    last_tick = -1
    for time_s, pixels in pictures:
        picture = Image.fromarray(pixels)
        if stream is None:
            stream = _begun(file, picture)
        picture = picture.resize((stream.width, stream.height))
        frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")
        last_tick = max(last_tick + 1, round(time_s * TICKS_PER_S))
        frame.pts, frame.time_base = last_tick, Fraction(1, TICKS_PER_S)
        file.mux(stream.encode(frame))
    if stream is None:
        raise VideoEmpty("There is no picture to make a film of.")
    file.mux(stream.encode(None))


def _begun(file: Any, picture: Image.Image) -> Any:
    stream = file.add_stream("libx264", rate=NOMINAL_RATE, options=ENCODING)
    stream.width, stream.height = (side // 2 * 2 for side in picture.size)  # H.264 wants even sides
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
    return stream
