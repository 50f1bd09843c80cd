"""Body geometry: angles, heights and distances of poses.

Angles come from metric landmarks if the source has them, else from the image plane. Heights and
distances come from the image plane in units of the body's size, so zooming does not change them.
Sums are written out or accumulated, and never reduced: the value of a frame must not depend on how
many frames are computed together.

A chunk has few frames, so the number of array operations decides how long it takes: all axes are
computed together, and left and right are taken as a slice.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.motion.landmarks import Landmark, PoseChunk
from domain.motion.signals.axis_scale import BONE_ENDS, BONE_LENGTHS, BONE_STARTS, restore_scale

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
"""Left and right, which are neighbors in every array of landmarks."""

TINY: Final = 1e-6

SIZE_IN_STATURES: Final = 0.444
"""Two fifths of trunk (0.288), arm (0.332) and leg (0.491) together, in statures: Winter,
Biomechanics and Motor Control of Human Movement, 2009, fig. 4.1."""


@dataclass(frozen=True, eq=False)
class Body:
    """Poses of a chunk, prepared for measuring.

    `axes` (2 or 3, n, 33): image plane, or with depth, for angles; y is down. `plane` (2, n, 33):
    image plane in units of the frame's height. `visibility` (n, 33): 0..1. `seen` (n,): a person is
    present. `metric`: the axes are meters. `memory`: cache of measures by name and side, because
    several signals and faults use the same ones.
    """

    axes: Array
    plane: Array
    visibility: Array
    seen: npt.NDArray[np.bool_]
    metric: bool
    memory: dict[tuple[str, str], Array] = field(default_factory=dict[tuple[str, str], Array])

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.seen)

    def part(self, frames: slice) -> "Body":
        """Return the poses of some frames."""
        return Body(
            self.axes[:, frames],
            self.plane[:, frames],
            self.visibility[frames],
            self.seen[frames],
            self.metric,
        )

    @property
    def x(self) -> Array:
        """First axis of the image plane, (n, 33)."""
        x: Array = self.plane[0]
        return x

    @property
    def y(self) -> Array:
        """Second axis of the image plane, (n, 33)."""
        y: Array = self.plane[1]
        return y

    @cached_property
    def size(self) -> Array:
        """Two fifths of trunk, one arm and one leg together, the unit of heights, (n,)."""
        return _size(self.axes, self.plane, self.trunk)

    @cached_property
    def trunk(self) -> Array:
        """Vector from the middle of the shoulders to that of the hips, (2 or 3, n)."""
        return middle(self.axes, HIP) - middle(self.axes, SHOULDER)


def body_of(chunk: PoseChunk) -> Body:
    """Prepare a chunk. Frames without a person, all NaN or all zero, are not `seen`."""
    image = _axes_first(chunk.image)
    visibility = image[3]
    visibility[np.isnan(visibility)] = 0.0
    plane = image[:2]
    seen = np.asarray(~np.isnan(plane).all(axis=(0, 2)) & plane.any(axis=(0, 2)), np.bool_)
    plane[0] *= chunk.aspect_ratio  # in place, so in `image`, too
    axes = plane
    if chunk.world is not None:
        axes = _axes_first(chunk.world)
    elif has_depth(chunk):
        axes = restore_scale(image[:3])
        plane = axes[:2]
    return Body(axes, plane, visibility, seen, metric=chunk.world is not None)


def _axes_first(points: npt.NDArray[np.float32]) -> Array:
    """Return points (n, 33, k) as (k, n, 33)."""
    return points.transpose(2, 0, 1).astype(np.float64, order="C")


def has_depth(chunk: PoseChunk) -> bool:
    """Return True if z is given: sources of flat poses leave it absent or zero."""
    return bool((np.abs(chunk.image[:, :, 2]) > 0.0).any())


def _size(axes: Array, plane: Array, trunk: Array) -> Array:
    """Two fifths of trunk, one arm and one leg together, in image units, (n,).

    A thigh that points at the camera looks short; with depth its length is known, and only the
    scale to the image has to be found.
    """
    if len(axes) == 2:
        return _flat_size(plane)
    limbs = _length(axes.take(UPPERS, axis=2) - axes.take(LOWERS, axis=2))
    height = (_length(trunk) + accumulated(limbs) / 2.0) / 2.5
    return np.maximum(height * image_scale(axes, plane), TINY)


def _length(vectors: Array) -> Array:
    """Lengths of vectors (3, ...)."""
    x, y, z = vectors * vectors
    length: Array = np.sqrt(x + y + z)
    return length


def _flat_size(plane: Array) -> Array:
    """Size of a flat pose, (n,), from the bones that lie in the image plane.

    A bone that points at the camera looks short. The fourth longest, relative to its usual length,
    is neither such a bone nor a single error.
    """
    statures = np.hypot(*(plane.take(BONE_STARTS, axis=2) - plane.take(BONE_ENDS, axis=2)))
    statures /= BONE_LENGTHS
    statures[np.isnan(statures)] = 0.0
    fourth = np.sort(statures, axis=1)[:, -4]
    return np.maximum(SIZE_IN_STATURES * fourth, TINY)


def image_scale(axes: Array, plane: Array) -> Array:
    """Units of the image in one unit of the axes, by the spread of shoulders to ankles, (n,)."""
    flat = np.concatenate((plane, axes[:2]))  # x and y of the image, x and y of the body
    apart = flat.take(SPREAD, axis=2) - middle(flat, HIP)[:, :, np.newaxis]
    squares = apart * apart
    image, body = accumulated(squares[::2] + squares[1::2])  # x² + y² of each
    scale: Array = np.sqrt(image / np.maximum(body, TINY * TINY))
    return scale


def accumulated(joints: Array) -> Array:
    """Sum over the joints, the last axis, of each frame."""
    total: Array = np.add.accumulate(joints, axis=-1)[..., -1]
    return total


def middle(axis: Array, pair: Pair) -> Array:
    """Midpoint of left and right along one axis, (n,), or along several, (k, n)."""
    middle: Array = (axis[..., pair[0]] + axis[..., pair[1]]) / 2.0
    return middle


def both(axis: Array, pair: Pair) -> Array:
    """Left and right along one axis, (n, 2), or along several, (k, n, 2)."""
    return axis[..., pair[0] : pair[1] + 1]


def angle(body: Body, first: Pair, vertex: Pair, last: Pair) -> Array:
    """Angle at `vertex` of both sides, degrees 0..180, (n, 2)."""
    at_vertex = both(body.axes, vertex)
    to_first = both(body.axes, first) - at_vertex
    to_last = both(body.axes, last) - at_vertex
    dot = _over_axes(to_first * to_last)
    squares = _over_axes(to_first * to_first) * _over_axes(to_last * to_last)
    cosine = dot / np.maximum(np.sqrt(squares), TINY * TINY)
    degrees: Array = np.degrees(np.arccos(np.minimum(np.maximum(cosine, -1.0), 1.0)))
    return degrees


def _over_axes(products: Array) -> Array:
    """Sum over two or three axes, (k, ...)."""
    total: Array = products[0] + products[1]
    return total if len(products) == 2 else total + products[2]


def limb_lean(body: Body, lower: Pair, upper: Pair) -> Array:
    """Angle between a limb and the vertical, degrees 0..180, (n, 2); 0 where upper is above."""
    return _lean(both(body.axes, lower) - both(body.axes, upper))


def trunk_lean(body: Body) -> Array:
    """Angle between trunk and vertical, degrees 0..180: 0 upright, 90 lying."""
    return _lean(body.trunk)


def _lean(down: Array) -> Array:
    """Angle of vectors (k, ...) to the vertical, degrees 0..180; 0 where they point down."""
    across = down[0] * down[0]
    if len(down) == 3:
        across = across + down[2] * down[2]
    lean: Array = np.degrees(np.arctan2(np.sqrt(across), down[1]))
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
    height: Array = (both(body.y, lower) - both(body.y, upper)) / body.size[:, np.newaxis]
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
    width: Array = across / np.maximum(0.7 * trunk, TINY)
    return np.clip(width, -1.0, 1.0)
