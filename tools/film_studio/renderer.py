"""Renderer of posed figures: draws far parts first and near parts over them.

Each part is drawn in a few layers, from a dark rim to a lit center shifted towards the light:
enough shading for a body to look round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from adapters.sample_athlete.camera import Camera
from adapters.sample_athlete.geometry import Array, unit
from tools.film_studio.body_parts import Part

Image = npt.NDArray[np.uint8]
"""Pixels (height, width, 3), blue, green, red."""

Color = tuple[float, float, float]

ATHLETE: Final[Mapping[str, Color]] = {
    "skin": (140, 172, 222),
    "ear": (128, 158, 210),
    "hair": (34, 44, 60),
    "shirt": (152, 84, 44),
    "shorts": (84, 74, 68),
    "sock": (226, 226, 226),
    "shoe": (60, 60, 190),
    "sole": (232, 232, 232),
    "eye_white": (236, 238, 240),
    "iris": (40, 50, 66),
    "lips": (100, 98, 178),
    "shade": (96, 116, 168),
}
"""Colors of the athlete (blue, green, red)."""

COMPANION: Final[Mapping[str, Color]] = {
    **ATHLETE,
    "skin": (96, 128, 178),
    "ear": (88, 118, 166),
    "hair": (22, 24, 30),
    "shirt": (70, 130, 60),
    "shorts": (110, 70, 60),
    "shoe": (40, 40, 44),
    "shade": (66, 86, 128),
}

LAYERS: Final = ((1.0, 0.70), (0.93, 0.78), (0.84, 0.86), (0.72, 0.93), (0.56, 0.99), (0.36, 1.04))
"""Share of the radius and brightness of each layer, rim first."""

LIGHT: Final = np.array([-0.34, -0.40])
"""Towards the light in the picture, as a share of the radius the innermost layer moves."""

GRAZING: Final = 0.15
"""Cosine to the line of sight below which a feature of the surface is not visible."""

SUBPIXEL_BITS: Final = 4

_TURN: Final = np.linspace(0.0, 2.0 * np.pi, 18, endpoint=False)
CIRCLE: Final = np.stack([np.cos(_TURN), np.sin(_TURN)], axis=-1)


@dataclass(frozen=True, eq=False)
class _ProjectedPart:
    """A part projected to the image: outlines (n, layers, k, 18, 2), depth (n,), seen (n,)."""

    part: Part
    colors: tuple[Color, ...]
    outlines: npt.NDArray[np.int32]
    depth: Array
    seen: npt.NDArray[np.bool_]


class Renderer:
    """Renders the frames of figures, each given as its parts and the colors it wears."""

    def __init__(
        self, camera: Camera, dressed: Sequence[tuple[list[Part], Mapping[str, Color]]]
    ) -> None:
        self._projected = [
            _project(camera, part, wears[part.color]) for parts, wears in dressed for part in parts
        ]

    def render(self, canvas: Image, frame: int) -> None:
        """Draw one frame's figures onto a canvas."""
        visible = [projected for projected in self._projected if projected.seen[frame]]
        for projected in sorted(visible, key=lambda each: -each.depth[frame]):
            for layer, color in enumerate(projected.colors):
                for hull in projected.part.hulls:
                    _fill(canvas, projected.outlines[frame, layer, list(hull)], color)


def _fill(canvas: Image, outlines: npt.NDArray[np.int32], color: Color) -> None:
    around = cv2.convexHull(outlines.reshape(-1, 2))
    cv2.fillConvexPoly(canvas, around, color, cv2.LINE_AA, SUBPIXEL_BITS)


def _project(camera: Camera, part: Part, color: Color) -> _ProjectedPart:
    """Project a part in all frames at once."""
    centres = camera.seen(part.balls)
    radii = part.radii * camera.focal_px / centres[..., 2]
    layers = LAYERS[:1] if part.flat else LAYERS
    shares = np.array([1.0] if part.flat else [share for share, _ in layers])
    colors = tuple(_tone(color, 1.0 if part.flat else tone) for _, tone in layers)
    shift = LIGHT * (1.0 - shares)[:, None]
    rings = shares[:, None, None] * CIRCLE + shift[:, None]
    outlines = centres[:, None, :, None, :2] + radii[:, None, :, None, None] * rings[:, None]
    scaled = np.rint(outlines * 2**SUBPIXEL_BITS).astype(np.int32)
    depth = camera.seen(part.anchor)[:, 2] - part.nearer_m
    return _ProjectedPart(part, colors, scaled, depth, _faces_camera(camera, part))


def _tone(color: Color, tone: float) -> Color:
    blue, green, red = (min(255.0, channel * tone) for channel in color)
    return blue, green, red


def _faces_camera(camera: Camera, part: Part) -> npt.NDArray[np.bool_]:
    if part.faces is None:
        return np.ones(len(part.balls), dtype=np.bool_)
    towards = unit(camera.position - part.balls.mean(axis=1))
    seen: npt.NDArray[np.bool_] = np.sum(towards * unit(part.faces), axis=-1) > GRAZING
    return seen
