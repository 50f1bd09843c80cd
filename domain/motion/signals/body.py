"""Body geometry: angles, heights and distances of poses.

Angles come from metric landmarks if the source has them, else from the image plane. Heights and
distances come from the image plane in units of the body's size, so zooming does not change them.
Sums are written out and never reduced: the value of a frame must not depend on how many frames are
computed together.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.motion.landmarks import Landmark, PoseChunk
from domain.motion.signals.axis_scale import BONES, restore_scale

Array = npt.NDArray[np.float64]

SHOULDER: Final = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
ELBOW: Final = (Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW)
EAR: Final = (Landmark.LEFT_EAR, Landmark.RIGHT_EAR)
WRIST: Final = (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)
HIP: Final = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
KNEE: Final = (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)
ANKLE: Final = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
HEEL: Final = (Landmark.LEFT_HEEL, Landmark.RIGHT_HEEL)
TOE: Final = (Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX)

UPPERS: Final = np.array([*HIP, *KNEE, *SHOULDER, *ELBOW])
LOWERS: Final = np.array([*KNEE, *ANKLE, *ELBOW, *WRIST])
"""Start and end of each limb bone."""

SPREAD: Final = np.array([*SHOULDER, *HIP, *KNEE, *ANKLE])

Pair = tuple[Landmark, Landmark]

TINY: Final = 1e-6

SIZE_IN_STATURES: Final = 0.444
"""Two fifths of trunk (0.288), arm (0.332) and leg (0.491) together, in statures: Winter,
Biomechanics and Motor Control of Human Movement, 2009, fig. 4.1."""


@dataclass(frozen=True, eq=False)
class Body:
    """Poses of a chunk, prepared for measuring.

    `axes`: arrays (n, 33), two (image plane) or three (with depth), for angles; y is down. `x`, `y`
    (n, 33): image plane in units of the frame's height. `visibility` (n, 33): 0..1. `seen` (n,): a
    person is present. `metric`: the axes are meters. `memory`: cache of measures by name, because
    several signals and faults use the same ones.
    """

    axes: tuple[Array, ...]
    x: Array
    y: Array
    visibility: Array
    seen: npt.NDArray[np.bool_]
    metric: bool
    memory: dict[str, Array] = field(default_factory=dict[str, Array])

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.seen)

    @cached_property
    def size(self) -> Array:
        """Two fifths of trunk, one arm and one leg together, the unit of heights, (n,)."""
        return _size(self.axes, self.x, self.y)


def body_of(chunk: PoseChunk) -> Body:
    """Prepare a chunk. Frames without a person, all NaN or all zero, are not `seen`."""
    x = chunk.image[:, :, 0].astype(np.float64) * chunk.aspect_ratio
    y = chunk.image[:, :, 1].astype(np.float64)
    visibility = np.nan_to_num(chunk.image[:, :, 3].astype(np.float64), nan=0.0)
    empty = ((x == 0.0) & (y == 0.0)).all(axis=1)
    axes: tuple[Array, ...] = (x, y)
    if chunk.world is not None:
        axes = tuple(chunk.world[:, :, axis].astype(np.float64) for axis in range(3))
    elif has_depth(chunk):
        axes = restore_scale((x, y, chunk.image[:, :, 2].astype(np.float64)))
        x, y, _ = axes
    return Body(
        axes=axes,
        x=x,
        y=y,
        visibility=visibility,
        seen=chunk.has_pose & ~empty,
        metric=chunk.world is not None,
    )


def has_depth(chunk: PoseChunk) -> bool:
    """Return True if z is given: sources of flat poses leave it absent or zero."""
    return bool((np.abs(chunk.image[:, :, 2]) > 0.0).any())


def _size(axes: tuple[Array, ...], x: Array, y: Array) -> Array:
    """Two fifths of trunk, one arm and one leg together, in image units, (n,).

    A thigh that points at the camera looks short; with depth its length is known, and only the
    scale to the image has to be found.
    """
    if len(axes) == 2:
        return _flat_size(x, y)
    trunk = np.sqrt(sum((middle(axis, SHOULDER) - middle(axis, HIP)) ** 2 for axis in axes))
    limbs = np.sqrt(sum((axis[:, UPPERS] - axis[:, LOWERS]) ** 2 for axis in axes))
    return np.maximum((trunk + _total(limbs) / 2.0) / 2.5 * image_scale(axes, x, y), TINY)


def _flat_size(x: Array, y: Array) -> Array:
    """Size of a flat pose, (n,), from the bones that lie in the image plane.

    A bone that points at the camera looks short. The fourth longest, relative to its usual length,
    is neither such a bone nor a single error.
    """
    statures = [
        np.hypot(x[:, one] - x[:, other], y[:, one] - y[:, other]) / length
        for one, other, length in BONES
    ]
    estimates = np.nan_to_num(np.stack(statures, axis=1), nan=0.0)
    fourth = np.sort(estimates, axis=1)[:, -4]
    return np.maximum(SIZE_IN_STATURES * fourth, TINY)


def image_scale(axes: tuple[Array, ...], x: Array, y: Array) -> Array:
    """Units of the image in one unit of the axes, by the spread of shoulders to ankles, (n,)."""
    image, body = _spread(x, y), _spread(axes[0], axes[1])
    scale: Array = np.sqrt(image / np.maximum(body, TINY * TINY))
    return scale


def _spread(x: Array, y: Array) -> Array:
    """Squares of how far shoulders, hips, knees and ankles are from the hips' middle, (n,)."""
    across, up = (plane[:, SPREAD] - middle(plane, HIP)[:, np.newaxis] for plane in (x, y))
    return _total(across * across + up * up)


def _total(joints: Array) -> Array:
    """Sum over the joints, (n, m), of each frame, (n,)."""
    total = np.zeros(len(joints))
    for joint in joints.T:
        total = total + joint
    return total


def middle(axis: Array, pair: Pair) -> Array:
    """Midpoint of left and right along one axis, (n,)."""
    middle: Array = (axis[:, pair[0]] + axis[:, pair[1]]) / 2.0
    return middle


def angle(body: Body, first: Pair, vertex: Pair, last: Pair) -> Array:
    """Angle at `vertex` of both sides, degrees 0..180, (n, 2)."""
    dot = first_squared = last_squared = np.zeros((len(body), 2))
    for axis in body.axes:
        to_first = axis[:, first] - axis[:, vertex]
        to_last = axis[:, last] - axis[:, vertex]
        dot = dot + to_first * to_last
        first_squared = first_squared + to_first * to_first
        last_squared = last_squared + to_last * to_last
    cosine = dot / np.maximum(np.sqrt(first_squared * last_squared), TINY * TINY)
    degrees: Array = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return degrees


def limb_lean(body: Body, lower: Pair, upper: Pair) -> Array:
    """Angle between a limb and the vertical, degrees 0..180, (n, 2); 0 where upper is above."""
    across = np.zeros((len(body), 2))
    for index, axis in enumerate(body.axes):
        if index != 1:
            across = across + (axis[:, upper] - axis[:, lower]) ** 2
    rise = body.axes[1][:, lower] - body.axes[1][:, upper]
    lean: Array = np.degrees(np.arctan2(np.sqrt(across), rise))
    return lean


def trunk_lean(body: Body) -> Array:
    """Angle between trunk and vertical, degrees 0..180: 0 upright, 90 lying."""
    across = np.zeros(len(body))
    for index, axis in enumerate(body.axes):
        if index != 1:
            across = across + (middle(axis, SHOULDER) - middle(axis, HIP)) ** 2
    rise = middle(body.axes[1], HIP) - middle(body.axes[1], SHOULDER)
    lean: Array = np.degrees(np.arctan2(np.sqrt(across), rise))
    return lean


def height(body: Body, upper: Pair, lower: Pair) -> Array:
    """Height of the middle of `upper` above that of `lower`, in body sizes, (n,)."""
    height: Array = (middle(body.y, lower) - middle(body.y, upper)) / body.size
    return height


def nose_height(body: Body, lower: Pair) -> Array:
    """Height of the nose above the middle of `lower`, in body sizes, (n,)."""
    height: Array = (middle(body.y, lower) - body.y[:, Landmark.NOSE]) / body.size
    return height


def limb_height(body: Body, upper: Pair, lower: Pair) -> Array:
    """Height of each `upper` joint above its `lower` one, in body sizes, (n, 2)."""
    height: Array = (body.y[:, lower] - body.y[:, upper]) / body.size[:, np.newaxis]
    return height


def distance(body: Body, one: Pair, other: Pair) -> Array:
    """Distance between the middles of two pairs, in body sizes, (n,)."""
    distance: Array = (
        np.hypot(
            middle(body.x, one) - middle(body.x, other),
            middle(body.y, one) - middle(body.y, other),
        )
        / body.size
    )
    return distance


def spread(body: Body, pair: Pair) -> Array:
    """Horizontal distance of left and right, in body sizes, (n,)."""
    spread: Array = np.abs(body.x[:, pair[0]] - body.x[:, pair[1]]) / body.size
    return spread


def ahead(body: Body, one: Pair, other: Pair) -> Array:
    """Signed horizontal offset of the middle of `one` from `other`, in body sizes, (n,)."""
    ahead: Array = (middle(body.x, one) - middle(body.x, other)) / body.size
    return ahead


def facing(body: Body) -> Array:
    """Rotation of the trunk: 1 to the camera, 0 sideways, -1 away, (n,).

    With metric landmarks the cosine of the shoulder line's rotation; else the shoulders' width over
    their usual 0.7 trunk lengths (Winter, Biomechanics and Motor Control, 2009, table 4.1).
    """
    left, right = SHOULDER
    across = body.axes[0][:, left] - body.axes[0][:, right]
    if body.metric:
        depth = body.axes[2][:, left] - body.axes[2][:, right]
        turned: Array = across / np.maximum(np.hypot(across, depth), TINY)
        return turned
    trunk = np.hypot(
        middle(body.x, SHOULDER) - middle(body.x, HIP),
        middle(body.y, SHOULDER) - middle(body.y, HIP),
    )
    return np.clip(across / np.maximum(0.7 * trunk, TINY), -1.0, 1.0)
