"""Drawing of limbs, discs and labels over an image, with soft edges.

A shape is a capsule: all points within a radius of a line segment. The coverage of a pixel is
estimated from the distance of its center to the edge, which smooths the edge.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Point = tuple[float, float]
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Ink:
    """A color (red, green, blue; 0..255 each) and its opacity, 0..1."""

    colour: Colour
    opacity: float = 1.0


def draw_capsule(picture: Picture, start: Point, end: Point, radius: float, ink: Ink) -> None:
    """Draw a line with round ends onto an image (h, w, 3), in place; all in pixels."""
    left, top, right, bottom = _reach(picture, start, end, radius)
    if left >= right or top >= bottom:
        return
    x, y = np.meshgrid(np.arange(left, right) + 0.5, np.arange(top, bottom) + 0.5)
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length_squared = along_x**2 + along_y**2 or 1.0
    share = ((x - start[0]) * along_x + (y - start[1]) * along_y) / length_squared
    share = share.clip(0, 1)
    distance = np.hypot(x - start[0] - share * along_x, y - start[1] - share * along_y)
    cover = (radius + 0.5 - distance).clip(0, 1) * ink.opacity
    _blend(picture[top:bottom, left:right], np.array(ink.colour), cover[:, :, None])


def draw_disc(picture: Picture, centre: Point, radius: float, ink: Ink) -> None:
    """Draw a disc onto an image (h, w, 3), in place; all in pixels."""
    draw_capsule(picture, centre, centre, radius, ink)


def draw_label(picture: Picture, label: npt.NDArray[np.uint8], left: int, top: int) -> None:
    """Blend a label (h, w, 4: color and opacity) onto an image, in place, clipped at its border."""
    place = picture[top : top + label.shape[0], left : left + label.shape[1]]
    visible = label[: place.shape[0], : place.shape[1]]
    _blend(place, visible[:, :, :3], visible[:, :, 3:] / 255)


def _reach(picture: Picture, start: Point, end: Point, radius: float) -> tuple[int, int, int, int]:
    """Return the part of the image that a capsule may touch: left, top, right, bottom."""
    height, width = picture.shape[:2]
    left = max(0, int(min(start[0], end[0]) - radius - 1))
    top = max(0, int(min(start[1], end[1]) - radius - 1))
    right = min(width, int(max(start[0], end[0]) + radius + 2))
    bottom = min(height, int(max(start[1], end[1]) + radius + 2))
    return left, top, right, bottom


def _blend(
    place: Picture, colour: npt.NDArray[np.integer], cover: npt.NDArray[np.floating]
) -> None:
    place[:] = np.rint(place + (colour - place.astype(np.float32)) * cover).astype(np.uint8)
