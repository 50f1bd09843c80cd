"""Orientation of frames as their file declares it, beyond the rotation that PyAV reads."""

from collections.abc import Mapping
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

MATRIX: Final = "DISPLAYMATRIX"
"""FFmpeg's name of the display matrix: nine numbers, row by row, of which four turn and mirror."""


def is_mirrored(frame: VideoFrame) -> bool:
    """Return whether top and bottom of a frame are swapped before it is turned by its rotation.

    The display matrix of a front camera that films like a mirror has a negative determinant.
    """
    side_data = cast("Mapping[str, Any]", frame.side_data)  # its declared type lacks the matrix
    if MATRIX not in side_data:
        return False
    a, b, _, c, d, *_ = np.frombuffer(side_data[MATRIX], np.int32).tolist()
    return bool(a * d < b * c)


def upright(frame: VideoFrame, rgb: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Return the pixels of a frame, (rows, columns, 3) as its file stores them, as they are shown.

    Only quarter turns are applied.
    """
    stored = rgb[::-1] if is_mirrored(frame) else rgb
    return np.ascontiguousarray(np.rot90(stored, frame.rotation // 90), dtype=np.uint8)
