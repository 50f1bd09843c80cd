"""Vectors and angles in space: trigonometry of limbs, for all frames at once.

Axes of the stage, in metres: x to the athlete's left, y up, z where the athlete faces; the floor
is y = 0. The first axis of an array is the frame (n).
"""

from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SIDES: Final = (1.0, -1.0)
"""Sign of x for the athlete's left and right."""


def unit(vector: Array) -> Array:
    """Normalize vectors (..., 3)."""
    length: Array = np.linalg.norm(vector, axis=-1, keepdims=True)
    one_long: Array = vector / length
    return one_long


def rows(*components: Array | float) -> Array:
    """Vectors (n, 3) from three components, each (n,) or one number."""
    return np.stack(np.broadcast_arrays(*components), axis=-1).astype(np.float64)


def axes_pitched(pitch_deg: Array) -> Array:
    """Left, up and forward (..., 3, 3) of a segment pitched forward by so many degrees (...)."""
    angle = np.deg2rad(pitch_deg)
    zero, cos, sin = np.zeros_like(angle), np.cos(angle), np.sin(angle)
    left = np.stack([zero + 1.0, zero, zero], axis=-1)
    up = np.stack([zero, cos, sin], axis=-1)
    forward = np.stack([zero, -sin, cos], axis=-1)
    return np.stack([left, up, forward], axis=-2)


def axes_of_foot(pitch_deg: Array, yaw_deg: Array) -> Array:
    """Left, up and forward (..., 3, 3) of a foot: toes turned to +x by yaw, then heel raised."""
    pitch, yaw = np.broadcast_arrays(np.deg2rad(pitch_deg), np.deg2rad(yaw_deg))
    zero = np.zeros_like(pitch)
    left = np.stack([np.cos(yaw), zero, -np.sin(yaw)], axis=-1)
    up = np.stack([np.sin(pitch) * np.sin(yaw), np.cos(pitch), np.sin(pitch) * np.cos(yaw)], -1)
    ahead = np.stack([np.cos(pitch) * np.sin(yaw), -np.sin(pitch), np.cos(pitch) * np.cos(yaw)], -1)
    return np.stack([left, up, ahead], axis=-2)


def two_bone(
    root: Array, end: Array, upper: float | Array, lower: float | Array, towards: Array
) -> Array:
    """Return the middle joint (n, 3) of a limb with fixed ends, bent `towards` a direction (n, 3).

    The law of cosines puts the joint on the circle both bones allow; lengths are one number or one
    for each frame (n, 1). Raises ValueError if the end is out of reach, because bones never
    stretch.
    """
    reach = end - root
    distance: Array = np.linalg.norm(reach, axis=-1, keepdims=True)
    if bool((distance > upper + lower + 1e-9).any()):
        raise ValueError("a limb cannot reach where its end is held")
    along = reach / distance
    ahead = (upper**2 - lower**2 + distance**2) / (2.0 * distance)
    aside = np.sqrt(np.maximum(upper**2 - ahead**2, 0.0))
    bend = unit(towards - np.sum(towards * along, axis=-1, keepdims=True) * along)
    joint: Array = root + ahead * along + aside * bend
    return joint


def span(upper: float, lower: float, angle_deg: Array) -> Array:
    """Return the distance (n,) of a limb's ends, from its middle angle (180 = straight)."""
    cosine = np.cos(np.deg2rad(angle_deg))
    distance: Array = np.sqrt(upper**2 + lower**2 - 2.0 * upper * lower * cosine)
    return distance


def place(origin: Array, axes: Array, offsets: Array) -> Array:
    """Points (n, k, 3) given in a segment's own axes (k, 3) from its origin (n, 3)."""
    points: Array = origin[:, None, :] + np.einsum("kj,njc->nkc", offsets, axes)
    return points


def angle_at(points: Array, first: int, middle: int, last: int) -> Array:
    """Return the angle (n,) in degrees at one landmark between two others, 0..180."""
    one = unit(points[:, first] - points[:, middle])
    other = unit(points[:, last] - points[:, middle])
    cosine = np.clip(np.sum(one * other, axis=-1), -1.0, 1.0)
    angle: Array = np.rad2deg(np.arccos(cosine))
    return angle
