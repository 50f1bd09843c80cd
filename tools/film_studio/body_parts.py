"""Body parts of a figure: every visible shape with its position in each frame."""

from dataclasses import dataclass

import numpy as np

from adapters.sample_athlete.geometry import Array, axes_of_foot, axes_pitched, place
from adapters.sample_athlete.skeleton import Figure, neck_base, signed_yaw
from domain.motion.landmarks import Landmark
from tools.film_studio.body_shapes import (
    FOOT,
    FOREARM,
    HEAD,
    SHANK,
    SHORT_LEG,
    SLEEVE,
    THIGH,
    TRUNK,
    UPPER_ARM,
    Shape,
)


@dataclass(frozen=True, eq=False)
class Part:
    """A positioned shape: balls (n, k, 3) and radii (k,) in metres, `faces` (n, 3) or None.

    `anchor` (n, 3) is the center of its segment: all parts of a segment are drawn together.
    """

    color: str
    anchor: Array
    balls: Array
    radii: Array
    hulls: tuple[tuple[int, ...], ...]
    nearer_m: float = 0.0
    faces: Array | None = None
    flat: bool = False


def parts(figure: Figure) -> list[Part]:
    """Return every visible part of a figure."""
    posture = figure.posture
    trunk_axes = axes_pitched(posture.trunk_pitch)
    trunk = _attached(figure, TRUNK, posture.pelvis, trunk_axes)
    base = neck_base(figure.body, posture)
    head = _attached(figure, HEAD, base, axes_pitched(posture.head_pitch))
    limbs = [part for side in (0, 1) for part in _limbs(figure, side)]
    return [*trunk, *head, *limbs]


def _attached(figure: Figure, shapes: tuple[Shape, ...], origin: Array, axes: Array) -> list[Part]:
    """Place shapes on a segment with this origin (n, 3) and these axes (n, 3, 3)."""
    stature = figure.body.stature_m
    everything = np.array([ball[:3] for shape in shapes for ball in shape.balls]) * stature
    anchor = place(origin, axes, everything).mean(axis=1)
    placed: list[Part] = []
    for shape in shapes:
        balls = np.array(shape.balls) * stature
        faces = None if shape.faces is None else np.einsum("j,njc->nc", shape.faces, axes)
        hulls = shape.hulls or (tuple(range(len(balls))),)
        centres = place(origin, axes, balls[:, :3])
        nearer = shape.nearer * stature
        placed.append(
            Part(shape.color, anchor, centres, balls[:, 3], hulls, nearer, faces, shape.flat)
        )
    return placed


def _limbs(figure: Figure, side: int) -> list[Part]:
    """Return the parts of one leg with its foot and one arm with its hand."""
    posture = figure.posture
    shoulder, elbow = Landmark.LEFT_SHOULDER + side, Landmark.LEFT_ELBOW + side
    wrist, hip = Landmark.LEFT_WRIST + side, Landmark.LEFT_HIP + side
    knee, ankle = Landmark.LEFT_KNEE + side, Landmark.LEFT_ANKLE + side
    foot_axes = axes_of_foot(posture.foot_pitch, signed_yaw(posture))[:, side]
    return [
        _chain(figure, "skin", (knee, ankle), SHANK, 0.0),
        _chain(figure, "skin", (hip, knee), THIGH, 0.001),
        _chain(figure, "shorts", (hip, knee), SHORT_LEG, 0.004),
        *_attached(figure, FOOT, posture.ankles[:, side], foot_axes),
        _chain(figure, "skin", (shoulder, elbow), UPPER_ARM, 0.0),
        _chain(figure, "skin", (elbow, wrist), FOREARM, 0.001),
        _chain(figure, "shirt", (shoulder, elbow), SLEEVE, 0.004),
        _hand(figure, side),
    ]


def _chain(
    figure: Figure, color: str, ends: tuple[int, int], shape: tuple[tuple[float, float], ...],
    nearer: float,
) -> Part:  # fmt: skip
    """Return balls along a bone, each joined with the next."""
    start, end = figure.points[:, ends[0]], figure.points[:, ends[1]]
    stature = figure.body.stature_m
    balls = np.stack([start + share * (end - start) for share, _ in shape], axis=1)
    radii = np.array([radius for _, radius in shape]) * stature
    hulls = tuple((index, index + 1) for index in range(len(shape) - 1))
    return Part(color, (start + end) / 2.0, balls, radii, hulls, nearer * stature)


def _hand(figure: Figure, side: int) -> Part:
    """Return the palm, the half-closed fingers and the thumb."""
    wrist, little, index, thumb = (figure.points[:, mark + side] for mark in (15, 17, 19, 21))
    tips = [point + 0.55 * (point - wrist) for point in (little, index)]
    balls = np.stack([wrist, little, index, *tips, thumb], axis=1)
    radii = np.array([0.014, 0.011, 0.012, 0.008, 0.008, 0.009]) * figure.body.stature_m
    hulls = ((0, 1, 2), (1, 2, 3, 4), (0, 5))
    return Part("skin", balls.mean(axis=1), balls, radii, hulls)
