"""Measures of a body, by the names that exercise definitions use."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from domain.motion.exercises.definition import Side
from domain.motion.signals import body as geometry
from domain.motion.signals.body import (
    ANKLE,
    EAR,
    ELBOW,
    HEEL,
    HIP,
    KNEE,
    SHOULDER,
    TOE,
    WRIST,
    Array,
    Body,
    Pair,
    both,
)

LimbMeasure = tuple[Callable[[Body], Array], tuple[Pair, ...]]
"""Values of left and right, (n, 2), and the joints they need."""


LEAST_LINE: Final = 1.05
"""A line from shoulder to ankle that looks shorter, in body sizes, points at the camera. It is 1.75
long (Winter, Biomechanics and Motor Control of Human Movement, 2009, fig. 4.1)."""

LEAST_TRUNK: Final = 0.4
"""A trunk that looks shorter, in body sizes, points at the camera. It is 0.65 long (Winter)."""

ALONG_IMAGE: Final = 0.9
"""Cosine of the rotation of shoulders that lie along the image: within 26 degrees."""

SEEN: Final = 0.5
"""Below this visibility a landmark is a guess (MediaPipe's default threshold)."""


def body_line_offset(body: Body) -> Array:
    """Offset of each hip from the line shoulder to ankle, in lengths of it; piked is positive.

    Measured in the image plane; meaningful while the body lies along the picture.
    """
    along_x = both(body.x, ANKLE) - both(body.x, SHOULDER)
    along_y = both(body.y, ANKLE) - both(body.y, SHOULDER)
    hip_x = both(body.x, HIP) - both(body.x, SHOULDER)
    hip_y = both(body.y, HIP) - both(body.y, SHOULDER)
    length = np.maximum(np.hypot(along_x, along_y), geometry.TINY)
    # The cross product's sign depends on which way the body points; up is where y falls.
    offset: Array = (hip_x * along_y - hip_y * along_x) * np.sign(along_x) / (length * length)
    return offset


def level_line_offset(body: Body) -> Array:
    """Offset as `body_line_offset`, NaN where the body does not lie along the picture.

    Counting has models that were trained on the values of `body_line_offset` everywhere.
    """
    length = np.hypot(
        both(body.x, ANKLE) - both(body.x, SHOULDER), both(body.y, ANKLE) - both(body.y, SHOULDER)
    )
    is_along = length >= LEAST_LINE * body.size[:, np.newaxis]
    offset: Array = np.where(is_along, body_line_offset(body), np.nan)
    return offset


def head_tilt(body: Body) -> Array:
    """Angle of each ear above the line of the trunk in the image, degrees -180..180.

    Positive for a prone athlete who looks ahead, negative if the head drops. NaN if the trunk does
    not lie along the image.
    """
    trunk_x, trunk_y = (both(axis, SHOULDER) - both(axis, HIP) for axis in (body.x, body.y))
    head_x, head_y = (both(axis, EAR) - both(axis, SHOULDER) for axis in (body.x, body.y))
    above = (trunk_y * head_x - trunk_x * head_y) * np.sign(trunk_x)
    tilt: Array = np.degrees(np.arctan2(above, trunk_x * head_x + trunk_y * head_y))
    tilt[np.hypot(trunk_x, trunk_y) < LEAST_TRUNK * body.size[:, np.newaxis]] = np.nan
    return tilt


def forearm_tilt(body: Body) -> Array:
    """Angle of each forearm to the vertical in the image, degrees -180..180, (n, 2).

    Positive if the elbow is farther out than the hand. NaN unless the shoulders lie along the
    image and the arm is seen: obliquely, the angle shows where the camera is.
    """
    outward = np.sign(body.x[:, SHOULDER[0]] - body.x[:, SHOULDER[1]])[:, np.newaxis]
    out = (both(body.x, ELBOW) - both(body.x, WRIST)) * outward * np.array([1.0, -1.0])
    tilt: Array = np.degrees(np.arctan2(out, both(body.y, WRIST) - both(body.y, ELBOW)))
    seen = np.minimum(both(body.visibility, ELBOW), both(body.visibility, WRIST)) >= SEEN
    along = np.abs(geometry.facing(body)) >= ALONG_IMAGE
    tilt[~(seen & along[:, np.newaxis])] = np.nan
    return tilt


def front_knee_over_toe(body: Body) -> Array:
    """Distance of the front leg's knee ahead of its toes, in shank lengths, (n,)."""
    ahead = np.zeros((len(body), 2))
    for axis, towards in zip(_flat_axes(body), _forward(body), strict=True):
        ahead = ahead + (both(axis, KNEE) - both(axis, TOE)) * towards
    shank = np.zeros((len(body), 2))
    for axis in body.axes:
        shank = shank + (both(axis, KNEE) - both(axis, ANKLE)) ** 2
    return _of_front_leg(body, ahead / np.maximum(np.sqrt(shank), geometry.TINY))


def front_knee_angle(body: Body) -> Array:
    """Angle of the front leg's knee, degrees 0..180, (n,)."""
    return _of_front_leg(body, geometry.angle(body, HIP, KNEE, ANKLE))


def _of_front_leg(body: Body, legs: Array) -> Array:
    """Select the value (n, 2) of the leg whose ankle is ahead, (n,)."""
    ankles = np.zeros((len(body), 2))
    for axis, towards in zip(_flat_axes(body), _forward(body), strict=True):
        ankles = ankles + both(axis, ANKLE) * towards
    front: Array = np.where(ankles[:, 0] >= ankles[:, 1], legs[:, 0], legs[:, 1])
    return front


def _flat_axes(body: Body) -> tuple[Array, Array]:
    """The two axes of the floor; without depth the second is 0."""
    return body.axes[0], body.axes[-1] if len(body.axes) == 3 else np.zeros_like(body.axes[0])


def _forward(body: Body) -> tuple[Array, Array]:
    """Direction of the feet on the floor, a unit vector of two components (n, 1)."""
    across, away = (
        geometry.middle(axis, TOE) - geometry.middle(axis, HEEL) for axis in _flat_axes(body)
    )
    length = np.maximum(np.hypot(across, away), geometry.TINY)
    return (across / length)[:, np.newaxis], (away / length)[:, np.newaxis]


def heel_rise(body: Body) -> Array:
    """Height of each heel above its toes, in body sizes, (n, 2)."""
    return geometry.limb_height(body, HEEL, TOE)


def knee_width(body: Body) -> Array:
    """Distance of the knees over that of the ankles: below 1 they cave in."""
    knees = geometry.spread(body, KNEE)
    ankles = geometry.spread(body, ANKLE)
    # Feet together leave nothing to compare with: a tenth of the body's size is the least stance.
    width: Array = knees / np.maximum(ankles, 0.1)
    return width


def side_lean(body: Body) -> Array:
    """Signed horizontal offset of the shoulders from the hips, in trunk lengths."""
    across = geometry.middle(body.x, SHOULDER) - geometry.middle(body.x, HIP)
    rise = geometry.middle(body.y, SHOULDER) - geometry.middle(body.y, HIP)
    lean: Array = across / np.maximum(np.hypot(across, rise), geometry.TINY)
    return lean


def trunk_tilt(body: Body) -> Array:
    """Angle between trunk and vertical in the image, degrees 0..180.

    From the side it is the whole lean, without the depth that a pose model estimates.
    """
    across = geometry.middle(body.x, SHOULDER) - geometry.middle(body.x, HIP)
    rise = geometry.middle(body.y, HIP) - geometry.middle(body.y, SHOULDER)
    tilt: Array = np.degrees(np.arctan2(np.abs(across), rise))
    return tilt


def stride(body: Body) -> Array:
    """Distance of one foot before the other, in trunk lengths.

    Along the direction that the hips face; without metric landmarks across the image, where a wide
    stance seen from the front looks the same.
    """
    ankle = [axis[:, ANKLE[0]] - axis[:, ANKLE[1]] for axis in body.axes]
    trunk = np.zeros(len(body))
    for axis in body.axes:
        trunk = trunk + (geometry.middle(axis, SHOULDER) - geometry.middle(axis, HIP)) ** 2
    if len(body.axes) < 3:
        apart = np.hypot(ankle[0], ankle[1])
        flat: Array = apart / np.maximum(np.sqrt(trunk), geometry.TINY)
        return flat
    across = body.axes[0][:, HIP[0]] - body.axes[0][:, HIP[1]]
    depth = body.axes[2][:, HIP[0]] - body.axes[2][:, HIP[1]]
    width = np.maximum(np.hypot(across, depth), geometry.TINY)
    before = np.abs(ankle[0] * depth - ankle[2] * across) / width
    relative: Array = before / np.maximum(np.sqrt(trunk), geometry.TINY)
    return relative


def wrist_level(body: Body) -> Array:
    """Difference in height of the two wrists, in body sizes."""
    level: Array = np.abs(body.y[:, WRIST[0]] - body.y[:, WRIST[1]]) / body.size
    return level


LIMB: Final[Mapping[str, LimbMeasure]] = MappingProxyType(
    {
        "elbow_angle": (lambda b: geometry.angle(b, SHOULDER, ELBOW, WRIST), (ELBOW, WRIST)),
        "shoulder_angle": (lambda b: geometry.angle(b, HIP, SHOULDER, ELBOW), (SHOULDER, ELBOW)),
        "hip_angle": (lambda b: geometry.angle(b, SHOULDER, HIP, KNEE), (HIP, KNEE)),
        "knee_angle": (lambda b: geometry.angle(b, HIP, KNEE, ANKLE), (KNEE, ANKLE)),
        "body_line_angle": (lambda b: geometry.angle(b, SHOULDER, HIP, ANKLE), (HIP, ANKLE)),
        "body_line_offset": (body_line_offset, (HIP, ANKLE)),
        "level_line_offset": (level_line_offset, (HIP, ANKLE)),
        "head_tilt": (head_tilt, (SHOULDER,)),
        "forearm_tilt": (forearm_tilt, (ELBOW, WRIST)),
        "heel_rise": (heel_rise, (ANKLE,)),
        "upper_arm_lean": (
            lambda b: geometry.limb_lean(b, ELBOW, SHOULDER),
            (SHOULDER, ELBOW),
        ),
        "shank_lean": (lambda b: geometry.limb_lean(b, ANKLE, KNEE), (KNEE, ANKLE)),
        "wrist_height": (lambda b: geometry.limb_height(b, WRIST, SHOULDER), (WRIST,)),
        "thigh_height": (lambda b: geometry.limb_height(b, HIP, KNEE), (HIP, KNEE)),
        "leg_height": (lambda b: geometry.limb_height(b, HIP, ANKLE), (HIP, ANKLE)),
        "elbow_height": (lambda b: geometry.limb_height(b, ELBOW, SHOULDER), (ELBOW,)),
    }
)
"""Measures of a left and a right limb."""

CENTRAL: Final[Mapping[str, Callable[[Body], Array]]] = MappingProxyType(
    {
        "trunk_lean": geometry.trunk_lean,
        "side_lean": side_lean,
        "trunk_tilt": trunk_tilt,
        "knee_width": knee_width,
        "wrist_level": wrist_level,
        "shoulder_over_ankle": lambda b: geometry.height(b, SHOULDER, ANKLE),
        "shoulder_over_knee": lambda b: geometry.height(b, SHOULDER, KNEE),
        "shoulder_over_hip": lambda b: geometry.height(b, SHOULDER, HIP),
        "shoulder_over_wrist": lambda b: geometry.height(b, SHOULDER, WRIST),
        "shoulder_over_elbow": lambda b: geometry.height(b, SHOULDER, ELBOW),
        "hip_over_ankle": lambda b: geometry.height(b, HIP, ANKLE),
        "hip_over_knee": lambda b: geometry.height(b, HIP, KNEE),
        "nose_over_wrist": lambda b: geometry.nose_height(b, WRIST),
        "nose_over_hip": lambda b: geometry.nose_height(b, HIP),
        "nose_over_ankle": lambda b: geometry.nose_height(b, ANKLE),
        "wrist_over_hip": lambda b: geometry.height(b, WRIST, HIP),
        "wrist_over_ankle": lambda b: geometry.height(b, WRIST, ANKLE),
        "wrist_reach": lambda b: geometry.distance(b, WRIST, SHOULDER),
        "shoulder_to_ankle": lambda b: geometry.distance(b, SHOULDER, ANKLE),
        "shoulder_to_knee": lambda b: geometry.distance(b, SHOULDER, KNEE),
        "wrist_to_ankle": lambda b: geometry.distance(b, WRIST, ANKLE),
        "stride": stride,
        "front_knee_over_toe": front_knee_over_toe,
        "front_knee_angle": front_knee_angle,
        "ankle_spread": lambda b: geometry.spread(b, ANKLE),
        "wrist_spread": lambda b: geometry.spread(b, WRIST),
        "elbow_spread": lambda b: geometry.spread(b, ELBOW),
        "knee_spread": lambda b: geometry.spread(b, KNEE),
        "wrist_ahead": lambda b: geometry.ahead(b, WRIST, SHOULDER),
        "ankle_ahead": lambda b: geometry.ahead(b, ANKLE, HIP),
        "shoulder_ahead": lambda b: geometry.ahead(b, SHOULDER, HIP),
        "shoulder_height": lambda b: -geometry.middle(b.y, SHOULDER),
        "hip_height": lambda b: -geometry.middle(b.y, HIP),
        "shoulder_width": lambda b: geometry.spread(b, SHOULDER),
    }
)
"""Measures of the whole body."""


def measure(body: Body, name: str, sides: Side) -> Array:
    """One value a frame, (n,); NaN where a joint it needs is absent. KeyError if not known."""
    if name in CENTRAL and sides == "mean":
        return _remembered(body, name, CENTRAL[name])
    values = _remembered(body, name, LIMB[name][0])
    match sides:
        case "left":
            return values[:, 0]
        case "right":
            return values[:, 1]
        case "least":
            return np.minimum(values[:, 0], values[:, 1])
        case "most":
            return np.maximum(values[:, 0], values[:, 1])
        case "mean":
            return _weighted_mean(body, name, values)


def _weighted_mean(body: Body, name: str, values: Array) -> Array:
    """Mean of left and right, (n,), weighted by how well each is seen."""
    key = (name, "mean")
    if key not in body.memory:
        weights = side_weights(body, name)
        weighted = values * weights
        body.memory[key] = (weighted[:, 0] + weighted[:, 1]) / (weights[:, 0] + weights[:, 1])
    return body.memory[key]


def seen_measure(body: Body, name: str, sides: Side) -> Array:
    """Measure limbs; also NaN where a joint that is needed is a guess, on either side."""
    found = measure(body, name, sides)
    if name in CENTRAL and sides == "mean":
        return found
    least = least_visibility(body, name)
    seen: Array = np.where(np.maximum(least[:, 0], least[:, 1]) >= SEEN, found, np.nan)
    return seen


def _remembered(body: Body, name: str, function: Callable[[Body], Array]) -> Array:
    key = (name, "")
    if key not in body.memory:
        body.memory[key] = function(body)
    return body.memory[key]


def least_visibility(body: Body, name: str) -> Array:
    """Visibility of the least visible joint that a measure needs on each side, (n, 2)."""
    key = (name, "visibility")
    if key not in body.memory:
        first, *others = LIMB[name][1]
        least = both(body.visibility, first)
        for pair in others:
            least = np.minimum(least, both(body.visibility, pair))
        body.memory[key] = least
    return body.memory[key]


def side_weights(body: Body, name: str) -> Array:
    """Weight of each side, (n, 2): its least visible joint, squared, never quite 0."""
    least = least_visibility(body, name)
    weights: Array = least * least + 1e-3
    return weights
