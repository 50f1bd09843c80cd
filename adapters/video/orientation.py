"""Orientation of frames as their file declares it, beyond the rotation that PyAV reads."""

from collections.abc import Mapping
from typing import Any, Final, cast

import numpy as np
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
