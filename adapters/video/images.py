"""JPEG images of a camera, decoded with Pillow. `adapters.video.isolated` runs it in a child."""

import struct
from io import BytesIO
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from application.kernel.video import (
    MAX_IMAGE_BYTES,
    MAX_IMAGE_SIDE,
    MIN_IMAGE_SIDE,
    PictureRefused,
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

Pixels = npt.NDArray[np.uint8]


class JpegPictures:
    """Opens JPEG images. The declared size is checked before the content is decoded."""

    def check(self, picture: bytes) -> None:
        open_jpeg(picture)

    def open(self, picture: bytes) -> Pixels:
        return np.asarray(open_jpeg(picture))


def open_jpeg(content: bytes) -> Image.Image:
    """Return an upright image. Raises PictureRefused."""
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
