"""The canonical skeleton: 33 BlazePose landmarks, and chunks of them in time.

A point that was not seen is absent (NaN), never invented. The order and names of the points are
MediaPipe's (Bazarevsky et al., "BlazePose: On-device Real-time Body Pose Tracking", 2020).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

LANDMARK_COUNT: Final = 33


class Landmark(IntEnum):
    """A body point; its value is its row in every landmark array."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


@dataclass(frozen=True, eq=False)
class PoseChunk:
    """Consecutive frames of one person, as a camera or a file gives them.

    `times_s` (n,): seconds since the session began, strictly increasing.
    `image` (n, 33, 4): x, y in units of the frame's width and height (0..1 inside the frame, x to
    the right, y down), z in units of the width (negative towards the camera), visibility 0..1.
    `world` (n, 33, 3): metres, origin between the hips, x right, y down, z away from the camera;
    None where the source gives none.
    `aspect_ratio`: width / height of the frame, to undo the two scales of `image`.
    A frame in which no person was found is all NaN.
    """

    times_s: npt.NDArray[np.float64]
    image: Floats
    world: Floats | None = None
    aspect_ratio: float = 1.0

    def __post_init__(self) -> None:
        frames = len(self.times_s)
        if self.image.shape != (frames, LANDMARK_COUNT, 4):
            raise ValueError(f"image landmarks are {self.image.shape}, not ({frames}, 33, 4)")
        if self.world is not None and self.world.shape != (frames, LANDMARK_COUNT, 3):
            raise ValueError(f"world landmarks are {self.world.shape}, not ({frames}, 33, 3)")

    def __len__(self) -> int:
        return len(self.times_s)

    @property
    def has_pose(self) -> npt.NDArray[np.bool_]:
        """Which frames show a person, (n,); single points may still be absent."""
        return np.asarray(~np.isnan(self.image[:, :, :2]).all(axis=(1, 2)), dtype=np.bool_)


def joined(chunks: Sequence[PoseChunk]) -> PoseChunk:
    """Return the frames of chunks one after the other, also of several people.

    All have metric landmarks or none has, and the frames have the same aspect ratio.
    """
    worlds = [chunk.world for chunk in chunks if chunk.world is not None]
    return PoseChunk(
        np.concatenate([chunk.times_s for chunk in chunks]),
        np.concatenate([chunk.image for chunk in chunks]),
        np.concatenate(worlds) if worlds else None,
        chunks[0].aspect_ratio,
    )
