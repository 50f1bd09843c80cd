"""Background of a video: an empty room, and the shadows of the people in it."""

from typing import Final

import cv2
import numpy as np

from adapters.sample_athlete.camera import Camera
from adapters.sample_athlete.geometry import Array
from tools.film_studio.renderer import SUBPIXEL_BITS, Image

WALL: Final = (206.0, 212.0, 214.0)
FLOOR: Final = (118.0, 148.0, 176.0)
SKIRTING: Final = (232, 236, 238)
JOINT: Final = (98, 126, 152)
HALF_ROOM_M: Final = 6.0
WALL_BEHIND_M: Final = 2.6
SHADOW_SCALE: Final = 4
SHADOW: Final = 0.45
"""Share of the light that a shadow removes."""

BONES: Final = (
    (11, 12), (11, 23), (12, 24), (23, 24), (11, 13), (13, 15), (12, 14), (14, 16),
    (23, 25), (25, 27), (24, 26), (26, 28), (29, 31), (30, 32), (0, 11), (0, 12),
)  # fmt: skip
"""Pairs of landmarks that are connected by a shadow."""


def render_background(camera: Camera) -> Image:
    """Render the empty room: a wall, a skirting board, a wooden floor."""
    rows = np.linspace(1.04, 0.90, camera.height)[:, None, None]
    columns = np.linspace(1.03, 0.95, camera.width)[None, :, None]
    canvas: Image = np.clip(rows * columns * np.array(WALL), 0, 255).astype(np.uint8)
    right = camera.axes[0]
    back = np.array([camera.axes[2][0], 0.0, camera.axes[2][2]])
    back /= np.linalg.norm(back)
    wall = camera.position + (_distance_to_stage(camera, back) + WALL_BEHIND_M) * back
    wall[1] = 0.0
    front = camera.position + 1.2 * back
    front[1] = 0.0
    _floor(canvas, camera, front, wall, right)
    return canvas


def _distance_to_stage(camera: Camera, back: Array) -> float:
    return float(-(camera.position @ back))


def _pixels(camera: Camera, points: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.rint(camera.seen(points)[..., :2] * 2**SUBPIXEL_BITS).astype(np.int32)


def _floor(canvas: Image, camera: Camera, front: Array, wall: Array, right: Array) -> None:
    aside = HALF_ROOM_M * right
    corners = _pixels(camera, np.stack([front - aside, wall - aside, wall + aside, front + aside]))
    skirting = np.stack([wall - aside, wall + aside])
    raised = skirting[::-1] + np.array([0.0, 0.10, 0.0])
    cv2.fillConvexPoly(canvas, corners, FLOOR, cv2.LINE_AA, SUBPIXEL_BITS)
    # fill the image below the polygon with floor
    bottom = int(corners[:, 1].max()) >> SUBPIXEL_BITS
    canvas[max(bottom, 0) :] = FLOOR
    for offset in np.arange(-HALF_ROOM_M, HALF_ROOM_M, 0.22):
        plank = _pixels(camera, np.stack([front + offset * right, wall + offset * right]))
        cv2.line(canvas, plank[0], plank[1], JOINT, 1, cv2.LINE_AA, SUBPIXEL_BITS)
    board = _pixels(camera, np.concatenate([skirting, raised]))
    cv2.fillConvexPoly(canvas, board, SKIRTING, cv2.LINE_AA, SUBPIXEL_BITS)


def cast_shadow(canvas: Image, camera: Camera, points: Array) -> None:
    """Darken the floor under one figure (33, 3) with a soft shadow."""
    fallen = points * np.array([1.0, 0.0, 1.0])
    small = (canvas.shape[0] // SHADOW_SCALE, canvas.shape[1] // SHADOW_SCALE)
    mask = np.zeros(small, dtype=np.uint8)
    seen = camera.seen(fallen)
    spots = np.rint(seen[:, :2] / SHADOW_SCALE).astype(np.int32)
    thick = max(1, round(0.16 * camera.focal_px / float(seen[:, 2].mean()) / SHADOW_SCALE))
    for start, end in BONES:
        cv2.line(mask, spots[start], spots[end], 255, thick)
    blur = 2 * thick + 1
    light = 255 - (cv2.GaussianBlur(mask, (blur, blur), 0) * SHADOW).astype(np.uint8)
    wide = cv2.resize(light, (canvas.shape[1], canvas.shape[0]), interpolation=cv2.INTER_LINEAR)
    cv2.multiply(canvas, cv2.merge([wide, wide, wide]), canvas, 1.0 / 255.0)
