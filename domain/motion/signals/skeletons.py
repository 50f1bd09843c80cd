"""Skeleton mappings of pose models to the canonical skeleton.

MoveNet has the 17 points of COCO (Lin et al., "Microsoft COCO", ECCV 2014), RTMPose those or the 26
of Halpe (Li et al., "PaStaNet", CVPR 2020; Jiang et al., "RTMPose", 2023). A point with the same
meaning as one of BlazePose's 33 becomes that one. A BlazePose point that a source does not have is
absent, never estimated from its neighbors (C-03).
"""

from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.kernel import Rejected, value
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.landmarks import LANDMARK_COUNT, Floats, Landmark, PoseChunk

Numbers = npt.NDArray[np.float64] | Floats


class UnknownSkeleton(Rejected):
    """There is no skeleton of this name."""

    code = "motion.unknown_skeleton"
    kind = "invalid"


class JointsNotGiven(Rejected):
    """The pose source does not provide the joints that the exercise needs."""

    code = "motion.joints_not_given"
    kind = "invalid"


@value
class Skeleton:
    """Points of a pose source in its order, and the landmark of each.

    `landmarks` is None for points without a BlazePose equivalent, such as the neck.
    """

    name: str
    points: tuple[str, ...]
    landmarks: tuple[Landmark | None, ...]

    @property
    def given(self) -> frozenset[Landmark]:
        """The landmarks that this source gives."""
        return frozenset(landmark for landmark in self.landmarks if landmark is not None)

    @property
    def absent(self) -> tuple[Landmark, ...]:
        """The landmarks that it does not give, in their order."""
        return tuple(landmark for landmark in Landmark if landmark not in self.given)


_COCO: Final = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)

_HALPE: Final = (
    *_COCO,
    "head",
    "neck",
    "hip",
    "left_big_toe",
    "right_big_toe",
    "left_small_toe",
    "right_small_toe",
    "left_heel",
    "right_heel",
)

_OTHER_NAMES: Final = MappingProxyType(
    {"left_big_toe": Landmark.LEFT_FOOT_INDEX, "right_big_toe": Landmark.RIGHT_FOOT_INDEX}
)
"""BlazePose's foot index is the tip of the big toe."""


def _skeleton(name: str, points: tuple[str, ...]) -> Skeleton:
    same = {landmark.name.lower(): landmark for landmark in Landmark}
    names = {**same, **_OTHER_NAMES}
    return Skeleton(name, points, tuple(names.get(point) for point in points))


BLAZEPOSE_33: Final = _skeleton("blazepose33", tuple(mark.name.lower() for mark in Landmark))
COCO_17: Final = _skeleton("coco17", _COCO)
HALPE_26: Final = _skeleton("halpe26", _HALPE)

SKELETONS: Final = MappingProxyType(
    {skeleton.name: skeleton for skeleton in (BLAZEPOSE_33, COCO_17, HALPE_26)}
)


def get_skeleton(name: str) -> Skeleton:
    """Return a skeleton by its name. Raises UnknownSkeleton."""
    if name not in SKELETONS:
        raise UnknownSkeleton(f"There is no skeleton {name!r}; known are {', '.join(SKELETONS)}.")
    return SKELETONS[name]


def to_canonical(source: Skeleton, points: Numbers, scores: Numbers | None = None) -> Floats:
    """Map a source's points to the canonical skeleton, (n, 33, 4) as in a chunk's `image`.

    `points` (n, k, 2 or 3): x, y and optionally z of the source's k points; sources that give y, x
    (MoveNet) must swap them first. `scores` (n, k): confidence of each, 0..1; default 1. Absent
    points are NaN with visibility 0, and so is a missing z. A point that is not finite is absent;
    the other points of the frame stay.
    """
    count = len(source.points)
    if points.ndim != 3 or points.shape[1] != count or points.shape[2] not in {2, 3}:
        raise ValueError(f"points are {points.shape}, not (n, {count}, 2 or 3)")
    if scores is not None and scores.shape != points.shape[:2]:
        raise ValueError(f"scores are {scores.shape}, not {points.shape[:2]}")
    image: Floats = np.full((len(points), LANDMARK_COUNT, 4), np.nan, np.float32)
    image[:, :, 3] = 0.0
    for column, landmark in enumerate(source.landmarks):
        if landmark is not None:
            image[:, landmark, : points.shape[2]] = points[:, column]
            image[:, landmark, 3] = 1.0 if scores is None else scores[:, column]
    unknown = ~np.isfinite(image[:, :, :2]).all(axis=2) | ~np.isfinite(image[:, :, 3])
    image[unknown] = (np.nan, np.nan, np.nan, 0.0)
    return image


def chunk_from(
    source: Skeleton,
    times_s: npt.NDArray[np.float64],
    points: Numbers,
    scores: Numbers | None = None,
    *,
    aspect_ratio: float = 1.0,
) -> PoseChunk:
    """Convert frames of another pose source to a chunk; `points`, `scores` as in `to_canonical`.

    `aspect_ratio`: width over height of the picture if x and y are shares of it; 1 if both are
    pixels.
    """
    return PoseChunk(times_s, to_canonical(source, points, scores), None, aspect_ratio)


def required_joints(definition: ExerciseDefinition) -> frozenset[Landmark]:
    """Return the landmarks that an exercise needs to be counted."""
    return frozenset(Landmark[name.upper()] for name in definition.joints)


def require_joints(definition: ExerciseDefinition, source: Skeleton) -> None:
    """Raise JointsNotGiven, with the names, if the source lacks joints that the exercise needs."""
    missing = sorted(required_joints(definition) - source.given)
    if missing:
        names = ", ".join(landmark.name.lower() for landmark in missing)
        raise JointsNotGiven(f"{definition.name} needs {names}, which {source.name} does not give.")
