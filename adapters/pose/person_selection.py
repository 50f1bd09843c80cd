"""Person selection: counts the people of comparable size in an image.

A passer-by far behind, a mirror's edge or a second detection of the same body is not an athlete.
The thresholds were set on images of one athlete (with and without bystanders) and on the same
images pasted side by side: none of the former counts two, most of the latter do.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.motion.landmarks import Floats, Landmark

TORSO: Final = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
)
SEEN: Final = 0.5
"""Minimum visibility of a visible landmark: MediaPipe's threshold for drawing."""

SMALLEST_RATIO: Final = 0.5
"""Comparable bodies: the smaller is at least half as long as the larger."""

LARGEST_OVERLAP: Final = 0.3
"""Separate bodies: their boxes share at most this part of the smaller box."""

WIDE: Final = 2.0
"""Aspect ratio from which an image is searched in halves: the detector shrinks an image into a
square, where people in a wide one become too small to be found."""


def looks(rgb: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], ...]:
    """Return the parts of an image to search: the image, or the halves of a wide one."""
    height, width = rgb.shape[:2]
    if width < WIDE * height:
        return (rgb,)
    return (rgb[:, : width // 2], rgb[:, width // 2 :])


def in_picture(body: Floats, offset: float, share: float) -> Floats:
    """Convert a body (33, 4) found in a part that begins at `offset` and is `share` wide."""
    placed = body.copy()
    placed[:, 0] = offset + share * placed[:, 0]
    return placed


def whole(body: Floats) -> bool:
    """Return whether a body (33, 4) shows its torso inside the image."""
    torso = body[list(TORSO)]
    inside = (torso[:, :2] >= 0).all() and (torso[:, :2] <= 1).all()
    return bool(inside and (torso[:, 3] >= SEEN).sum() >= len(TORSO) - 1)


def comparable(bodies: Sequence[Floats], aspect_ratio: float) -> int:
    """Count the largest body (33, 4) and those of similar size that do not overlap it.

    `aspect_ratio` is the image's width over its height.
    """
    boxes = sorted((_box(body, aspect_ratio) for body in bodies), key=_length, reverse=True)
    if not boxes:
        return 0
    largest = boxes[0]
    others = [
        box
        for box in boxes[1:]
        if _length(box) >= SMALLEST_RATIO * _length(largest)
        and _overlap(box, largest) <= LARGEST_OVERLAP
    ]
    return 1 + len(others)


def _box(body: Floats, aspect_ratio: float) -> npt.NDArray[np.float64]:
    """Return the bounding box of visible landmarks: (left, top, right, bottom) in image heights."""
    points = body[body[:, 3] >= SEEN, :2] * (aspect_ratio, 1)
    box: npt.NDArray[np.float64] = np.concatenate([points.min(axis=0), points.max(axis=0)])
    return box


def _length(box: npt.NDArray[np.float64]) -> float:
    """Return a box's diagonal, which is the same for a body lying or standing."""
    return float(np.hypot(*(box[2:] - box[:2])))


def _overlap(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    shared = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    smaller = min(np.prod(box[2:] - box[:2]) for box in (one, other))
    return float(np.prod(np.clip(shared, 0, None)) / max(smaller, np.finfo(float).tiny))
