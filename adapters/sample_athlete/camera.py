"""Pinhole camera: projects points of the stage to pixels.

Camera axes: x to the right, y down, z away from the camera (as MediaPipe's world landmarks).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from adapters.sample_athlete.geometry import Array

FIELD_OF_VIEW_DEG: Final = 50.0
"""Angle of view across the longer side of the picture, as of a telephone or web camera."""

FILL: Final = 0.84
"""Share of the picture's half width or height that the outermost point may reach."""


@dataclass(frozen=True, eq=False)
class Camera:
    """A camera: its position (3,), its axes (rows: right, down, away) and its image size."""

    position: Array
    axes: Array
    focal_px: float
    width: int
    height: int

    def turned(self, vectors: Array) -> Array:
        """Transform directions (..., 3) of the stage to the camera's axes."""
        rotated: Array = vectors @ self.axes.T
        return rotated

    def seen(self, points: Array) -> Array:
        """Project points (..., 3) of the stage to x, y in pixels and depth in metres."""
        local = self.turned(points - self.position)
        depth = local[..., 2]
        x = self.focal_px * local[..., 0] / depth + self.width / 2.0
        y = self.focal_px * local[..., 1] / depth + self.height / 2.0
        return np.stack([x, y, depth], axis=-1)


def axes_of_view(azimuth_deg: float, elevation_deg: float) -> Array:
    """Return rows right, down, away (3, 3): azimuth 0 faces the athlete, 90 is at the left side."""
    azimuth, elevation = np.deg2rad(azimuth_deg), np.deg2rad(elevation_deg)
    right = np.array([np.cos(azimuth), 0.0, -np.sin(azimuth)])
    away = -np.array(
        [
            np.sin(azimuth) * np.cos(elevation),
            np.sin(elevation),
            np.cos(azimuth) * np.cos(elevation),
        ]
    )
    return np.stack([right, np.cross(away, right), away])


def framing(
    points: Array, *, azimuth_deg: float, elevation_deg: float, width: int, height: int
) -> Camera:
    """Place a camera that has all these points (k, 3) in its picture, from one direction."""
    axes = axes_of_view(azimuth_deg, elevation_deg)
    focal = max(width, height) / 2.0 / np.tan(np.deg2rad(FIELD_OF_VIEW_DEG / 2.0))
    local = points @ axes.T
    middle = (local.max(axis=0) + local.min(axis=0)) / 2.0
    around = local - middle
    half = np.array([width, height]) / 2.0 * FILL
    needed = np.abs(around[:, :2]) * focal / half - around[:, 2:]
    position = (middle - np.array([0.0, 0.0, float(needed.max())])) @ axes
    return Camera(position, axes, float(focal), width, height)
