"""Axis scale from bone lengths.

Landmarks that were normalized to the box around the person, or filmed at an unknown aspect ratio,
have three unknown scales per frame. Bones do not change their length and their proportions are
known, so the scales follow by least squares: the sum over the axes of scale^2 * difference^2 is
length^2 for every bone. The result has proportions, not meters: it gives no degrees.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from domain.motion.landmarks import Landmark

Array = npt.NDArray[np.float64]

BONES: Final = (
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, 0.220),
    (Landmark.LEFT_HIP, Landmark.RIGHT_HIP, 0.143),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, 0.288),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP, 0.288),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, 0.186),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW, 0.186),
    (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST, 0.146),
    (Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST, 0.146),
    (Landmark.LEFT_HIP, Landmark.LEFT_KNEE, 0.245),
    (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE, 0.245),
    (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE, 0.246),
    (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE, 0.246),
)
"""Lengths in statures: Winter, Biomechanics and Motor Control of Human Movement, 2009, fig. 4.1.

The landmarks of shoulders and hips lie at the joints, inside the body's outline: 85 % of the
breadth between the shoulders, 75 % of that between the hips.
"""

BONE_STARTS: Final = np.array([one for one, _, _ in BONES], np.intp)
BONE_ENDS: Final = np.array([other for _, other, _ in BONES], np.intp)
BONE_LENGTHS: Final = np.array([length for _, _, length in BONES])
_LENGTHS_SQUARED: Final = BONE_LENGTHS * BONE_LENGTHS

USUAL: Final = (0.25, 0.60, 0.15)
"""Usual squared scales of a person normalized to a unit box, for axes that no bone points along."""

CAUTION: Final = 0.02
"""Weight of the usual scales against the bones."""

TINY: Final = 1e-12

LIMITS: Final = (0.02, 3.0)
"""Squared scales outside of these indicate a failed pose."""


def restore_scale(axes: Array) -> Array:
    """Undo the scales of x, y and z, (3, n, 33), frame by frame; the unit is one stature."""
    bones = axes.take(BONE_STARTS, axis=2) - axes.take(BONE_ENDS, axis=2)
    squares = bones * bones
    # The bones of a frame are adjacent in memory, so that its sums do not depend on how many frames
    # are computed together.
    normal = [list(row) for row in (squares[:, np.newaxis] * squares).sum(axis=3)]
    right = list((squares * _LENGTHS_SQUARED).sum(axis=2))
    caution = CAUTION * (normal[0][0] + normal[1][1] + normal[2][2]) + TINY
    for i in range(3):
        normal[i][i] = normal[i][i] + caution
        right[i] = right[i] + caution * USUAL[i]
    squared = np.clip(np.stack(_solve(normal, right)), *LIMITS)
    restored: Array = axes * np.sqrt(squared)[:, :, np.newaxis]
    return restored


def _solve(normal: list[list[Array]], right: list[Array]) -> tuple[Array, Array, Array]:
    """Solve a symmetric system of three for every frame, by Cramer's rule."""
    (a, b, c), (_, d, e), (_, _, f) = normal
    u, v, w = right
    p, q, r = d * f - e * e, c * e - b * f, b * e - c * d
    determinant = a * p + b * q + c * r
    return (
        (u * p + v * q + w * r) / determinant,
        (u * q + v * (a * f - c * c) + w * (b * c - a * e)) / determinant,
        (u * r + v * (b * c - a * e) + w * (a * d - b * b)) / determinant,
    )
