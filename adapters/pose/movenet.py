"""Pose estimation with MoveNet, in this process.

MoveNet finds the 17 points of one person in a small square image. A person who fills that square is
found better, so each frame is cut around the person of the frame before, as its authors do
(Votel and Li, "Next-Generation Pose Detection with MoveNet", TensorFlow Blog, 2021; TensorFlow Hub,
"MoveNet: Ultra fast and accurate pose detection model"). `adapters.pose.isolated` runs it in a
child process.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from adapters.pose.model_file import PoseModelUnavailable
from application.kernel.video import Pose, VideoFrame
from domain.motion.signals.skeletons import COCO_17, to_canonical

Pixels = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float64]

SURE: Final = 0.2
"""Least score of a point that the next cut relies on: that of MoveNet's authors."""

PRESENT: Final = 0.25
"""Least mean score of the points of a person; less is furniture. TensorFlow.js's own detector has
the same limit."""

TORSO_MARGIN: Final = 1.9
BODY_MARGIN: Final = 1.2
"""Half a cut in the longest reach of the torso, or of the whole body, from between the hips."""

THREADS: Final = 1
"""As many analyses as there are cores run at a time."""

_NUMBER: Final = {name: number for number, name in enumerate(COCO_17.points)}
HIPS: Final = [_NUMBER["left_hip"], _NUMBER["right_hip"]]
SHOULDERS: Final = [_NUMBER["left_shoulder"], _NUMBER["right_shoulder"]]
TORSO: Final = HIPS + SHOULDERS


@dataclass(frozen=True)
class Square:
    """A square part of an image, in pixels; it may reach beyond the image."""

    left: int
    top: int
    side: int


class MoveNetPoseEstimator:
    """Creates trackers on one model, an ONNX file, which is loaded on first use."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def network(self) -> "Network":
        """The loaded model. Raises PoseModelUnavailable."""
        return Network(self._path)

    @contextmanager
    def tracker(self) -> Generator["MoveNetPoseTracker"]:
        """Follow one person. Raises PoseModelUnavailable."""
        yield MoveNetPoseTracker(self.network)

    @contextmanager
    def image_detector(self) -> Generator["MoveNetImageDetector"]:
        """Estimate poses in single images. Raises PoseModelUnavailable."""
        yield MoveNetImageDetector(self.network)


class Network:
    """The loaded model: 17 points, with their scores, in a square part of an image."""

    def __init__(self, path: Path) -> None:
        runtime: Any = import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = THREADS
        try:
            content = path.read_bytes()
            session = runtime.InferenceSession(content, options, ["CPUExecutionProvider"])
            (given,), (found,) = session.get_inputs(), session.get_outputs()
            (_, self._side, _, _), points = given.shape, found.shape
        except Exception as failed:  # the runtime's errors share no class
            raise PoseModelUnavailable(f"{path} is not a MoveNet model.") from failed
        if points != [1, 1, len(COCO_17.points), 3]:
            raise PoseModelUnavailable(f"{path} is not a MoveNet model for one person.")
        self._session = session
        self._input: str = given.name

    def find(self, rgb: Pixels, square: Square) -> Points:
        """Return x and y in pixels of the image, and the score, of each point, (17, 3)."""
        pixels = cut(rgb, square, self._side)[None].astype(np.int32)
        (found,) = self._session.run(None, {self._input: pixels})
        y, x, score = np.asarray(found, np.float64).reshape(-1, 3).T
        corner = (square.left, square.top)
        return np.column_stack(
            [corner[0] + x * square.side, corner[1] + y * square.side, np.clip(score, 0.0, 1.0)]
        )


class MoveNetPoseTracker:
    """Tracks one person; it needs the frames of one video, in order."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._square: Square | None = None

    def track(self, frame: VideoFrame) -> Pose | None:
        """Estimate the person's pose in the next frame; return None if no person is visible."""
        height, width = frame.rgb.shape[:2]
        points = None
        if self._square is not None:
            points = self._network.find(frame.rgb, self._square)
        if points is None or not is_person(points):
            points = look(self._network, frame.rgb)
        if not is_person(points):
            self._square = None
            return None
        self._square = square_around(points, width, height)
        return pose_of(points, width, height)


class MoveNetImageDetector:
    """Estimates poses in single images, independently of earlier images."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def detect(self, rgb: Pixels) -> Pose | None:
        """Estimate a person's pose in an image; return None if no person is visible."""
        points = look(self._network, rgb)
        height, width = rgb.shape[:2]
        return pose_of(points, width, height) if is_person(points) else None


def look(network: Network, rgb: Pixels) -> Points:
    """Find the points in the whole image, and again around the person found there."""
    height, width = rgb.shape[:2]
    points = network.find(rgb, whole(width, height))
    square = square_around(points, width, height)
    if square == whole(width, height) or not is_person(points):
        return points
    closer = network.find(rgb, square)
    return closer if is_person(closer) else points


def is_person(points: Points) -> bool:
    """Return whether points are those of a person."""
    return bool(points[:, 2].mean() >= PRESENT)


def pose_of(points: Points, width: int, height: int) -> Pose:
    """Map points in pixels to the canonical skeleton; there are no depth and no metres."""
    shares = points[None, :, :2] / (width, height)
    return Pose(image=to_canonical(COCO_17, shares, points[None, :, 2])[0], world=None)


def whole(width: int, height: int) -> Square:
    """Return the smallest square with the whole image in its middle."""
    side = max(width, height)
    return Square((width - side) // 2, (height - side) // 2, side)


def square_around(points: Points, width: int, height: int) -> Square:
    """Return the square in which to look for the person next; the whole image without a torso."""
    places, sure = points[:, :2], points[:, 2] >= SURE
    if not (sure[HIPS].any() and sure[SHOULDERS].any()):
        return whole(width, height)
    middle = places[[hip for hip in HIPS if sure[hip]]].mean(axis=0)
    reach = np.abs(places - middle).max(axis=1)
    half = max(
        TORSO_MARGIN * max(reach[joint] for joint in TORSO if sure[joint]),
        BODY_MARGIN * reach[sure].max(),
    )
    farthest = np.max([middle, (width, height) - middle])
    half = min(half, farthest)
    if not 1 <= half <= max(width, height) / 2:
        return whole(width, height)
    left, top = np.floor(middle - half).astype(int)
    return Square(int(left), int(top), int(np.ceil(2 * half)))


def cut(rgb: Pixels, square: Square, side: int) -> Pixels:
    """Return a square part of an image, (side, side, 3), black beyond the image."""
    cv2: Any = import_module("cv2")
    height, width = rgb.shape[:2]
    left, top = max(square.left, 0), max(square.top, 0)
    right, bottom = min(square.left + square.side, width), min(square.top + square.side, height)
    part = np.zeros((square.side, square.side, 3), np.uint8)
    if left < right and top < bottom:
        rows = slice(top - square.top, bottom - square.top)
        part[rows, left - square.left : right - square.left] = rgb[top:bottom, left:right]
    smooth = cv2.INTER_AREA if square.side > side else cv2.INTER_LINEAR
    scaled: Pixels = cv2.resize(part, (side, side), interpolation=smooth)
    return scaled
