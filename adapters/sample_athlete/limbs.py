"""Arms and legs between fixed ends: pairs of limbs, left before right."""

from collections.abc import Callable, Mapping

import numpy as np

from adapters.sample_athlete.geometry import SIDES, Array, axes_of_foot, rows, span, two_bone
from adapters.sample_athlete.skeleton import TOE, Body

Weights = Mapping[str, Array]
"""Degree of each fault over time, (n,), 0..1; faults that are absent have no key."""


def weight(weights: Weights, fault: str, like: Array) -> Array:
    """Return the degree of one fault (n,)."""
    return weights.get(fault, np.zeros_like(like))


def pair(per_side: Callable[[float], Array]) -> Array:
    """Return left and right (n, 2, 3) from a function of the side's sign."""
    return np.stack([per_side(sign) for sign in SIDES], axis=1)


def both(like: Array, left: float, right: float) -> Array:
    """One number for each side (n, 2), the same in all frames."""
    return np.stack([np.full_like(like, left), np.full_like(like, right)], axis=-1)


def bent(root: Array, end: Array, upper: float, lower: float, towards: Array) -> Array:
    """Return the middle joints (n, 2, 3) of a pair of limbs with fixed ends (n, 2, 3)."""
    return np.stack(
        [
            two_bone(root[:, side], end[:, side], upper, lower, towards[:, side])
            for side in range(len(SIDES))
        ],
        axis=1,
    )


def hip_over_ankle(body: Body, knee_deg: Array, shin_deg: Array, aside: float) -> Array:
    """Height and reach forward (n, 2) of a hip from its ankle, knee bent, shin leaning forward.

    `aside` metres between hip and ankle are taken off the height, so the knee's angle stays true.
    """
    shin, thigh = np.deg2rad(shin_deg), np.deg2rad(180.0 - knee_deg - shin_deg)
    reach = body.shank * np.sin(shin) - body.thigh * np.sin(thigh)
    distance = span(body.thigh, body.shank, knee_deg)
    return np.stack([np.sqrt(distance**2 - reach**2 - aside**2), reach], axis=-1)


def planar(body: Body, angle_deg: Array) -> Array:
    """Angle (n,) of a hip or shoulder in the side view, from its angle in space.

    Shoulders are farther apart than hips, so trunk and limb never share one plane. No straight limb
    is within 13 degrees of the trunk's line: arccos(1 / 1.023).
    """
    slant = np.hypot(body.trunk, body.half_shoulders - body.half_hips) / body.trunk
    seen: Array = np.rad2deg(np.arccos(np.cos(np.deg2rad(angle_deg)) * slant))
    return seen


def hanging(
    body: Body, shoulder: Array, upper_deg: Array, elbow_deg: Array | float, plane_deg: float
) -> tuple[Array, Array, Array]:
    """Elbows, wrists and directions of the forearms (n, 2, 3) of arms moving in a plane.

    The plane holds the vertical and is turned forward from the frontal plane by `plane_deg`;
    `upper_deg` is the upper arm's rise from hanging, and the forearm folds on beyond it.
    """
    fore_deg = upper_deg + 180.0 - elbow_deg
    upper = pair(lambda sign: _in_plane(upper_deg, plane_deg, sign))
    fore = pair(lambda sign: _in_plane(fore_deg, plane_deg, sign))
    elbows = shoulder + body.upper_arm * upper
    return elbows, elbows + body.forearm * fore, fore


def _in_plane(rise_deg: Array, plane_deg: float, sign: float) -> Array:
    rise, plane = np.deg2rad(rise_deg), np.deg2rad(plane_deg)
    aside = np.sin(rise)
    return rows(sign * aside * np.cos(plane), -np.cos(rise), aside * np.sin(plane))


def flat_feet(half_width: Array, height: Array) -> Array:
    """Ankles (n, 2, 3) of feet side by side, at heights (n,)."""
    return pair(lambda sign: rows(sign * half_width, height, 0.0))


def on_toes(body: Body, toe: Array, raised_deg: Array, yaw_deg: float) -> Array:
    """The ankle (n, 3) above a big toe that is held (n, 3), heel raised by so many degrees."""
    offset = np.array(TOE) * body.stature_m
    axes = axes_of_foot(raised_deg, np.full_like(raised_deg, yaw_deg))
    ankle: Array = toe - np.einsum("j,njc->nc", offset, axes)
    return ankle
