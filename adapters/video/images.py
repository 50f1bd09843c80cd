"""JPEG images of a camera: decoded with Pillow, encoded as a video with PyAV."""

import struct
from collections.abc import Iterable
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt
from av.error import FFmpegError
from PIL import Image, UnidentifiedImageError

from adapters.video.overlay import ENCODING, FAST_START, TICKS_PER_S
from application.kernel.video import (
    MAX_IMAGE_BYTES,
    MAX_IMAGE_SIDE,
    MIN_IMAGE_SIDE,
    PictureRefused,
    VideoEmpty,
    VideoUnwritable,
)

BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""Pillow's exceptions for invalid, truncated or oversized images."""

SCAN: Final = b"\xff\xda"
"""Marker of a scan of a JPEG."""
MAX_SCANS: Final = 100
"""Maximum scans of a JPEG; cameras write one, progressive encoders ten. Each scan decodes the whole
image: 27,000 scans fit into 400 KB, and would take minutes."""

ORIENTATION: Final = 0x0112
"""The EXIF tag of the camera's orientation."""
TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The operation that makes an image upright, by its orientation (EXIF 2.32, 4.6.4)."""

UNREADABLE: Final = (struct.error, SyntaxError, TypeError, ValueError, KeyError)
"""Pillow's exceptions for unreadable EXIF, which is treated as missing."""

NOMINAL_RATE: Final = 15
"""Nominal frame rate of the encoder; each image has its own time."""


class JpegPictures:
    """Opens JPEG images. The declared size is checked before the content is decoded."""

    def check(self, picture: bytes) -> None:
        _opened(picture)

    def open(self, picture: bytes) -> npt.NDArray[np.uint8]:
        return np.asarray(_opened(picture))

    def encode_video(self, path: Path, pictures: Iterable[tuple[float, bytes]]) -> None:
        try:
            with av.open(str(path), "w", format="mp4", container_options=FAST_START) as file:
                _write(file, pictures)
        except FFmpegError as failed:
            raise VideoUnwritable(f"{path} cannot be written: {failed.strerror}.") from failed


def _opened(content: bytes) -> Image.Image:
    if len(content) > MAX_IMAGE_BYTES:
        raise PictureRefused(
            f"A picture has {len(content)} bytes; at most {MAX_IMAGE_BYTES} are taken."
        )
    if content.count(SCAN) > MAX_SCANS:
        raise PictureRefused(f"A JPEG has more than {MAX_SCANS} scans.")
    try:
        with Image.open(BytesIO(content), formats=("JPEG",)) as picture:
            _require_size(*picture.size)
            return _upright(picture).convert("RGB")
    except UnidentifiedImageError as other:
        raise PictureRefused("The image is not a JPEG.") from other
    except BROKEN as error:
        raise PictureRefused("The JPEG is invalid or truncated.") from error


def _upright(picture: Image.Image) -> Image.Image:
    """Rotate an image upright: landmarks are relative to the upright image."""
    try:
        orientation = picture.getexif().get(ORIENTATION)
    except UNREADABLE:
        return picture
    return picture.transpose(TURNS[orientation]) if orientation in TURNS else picture


def _require_size(width: int, height: int) -> None:
    if not MIN_IMAGE_SIDE <= min(width, height) <= max(width, height) <= MAX_IMAGE_SIDE:
        raise PictureRefused(
            f"The image has {width} x {height} pixels. Send sides of {MIN_IMAGE_SIDE} to"
            f" {MAX_IMAGE_SIDE} pixels."
        )


# The container and its stream are Any because PyAV's packets are not completely typed.
def _write(file: Any, pictures: Iterable[tuple[float, bytes]]) -> None:
    stream: Any = None
    last_tick = -1
    for time_s, content in pictures:
        picture = _opened(content)
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
