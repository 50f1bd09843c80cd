"""Pose estimation with MediaPipe's pose landmarker, in this process.

The landmarker detects a body once and then tracks it from frame to frame, which is faster and
steadier than detecting it again. `adapters.pose.isolated` runs it in a child process.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import structlog

from adapters.pose.model_file import PoseModel, PoseModelSource, PoseModelUnavailable
from adapters.pose.person_selection import comparable, in_picture, looks, whole
from adapters.pose.system_libraries import require_libraries
from application.kernel.video import Pose, VideoFrame
from domain.motion.landmarks import Floats

Mode = Literal["VIDEO", "IMAGE"]
Delegate = Literal["cpu", "gpu"]
"""The device of the network; the CPU replaces a GPU that does not work, which is logged."""

log = structlog.get_logger()

PEOPLE_LOOKED_FOR: Final = 2
"""Only the presence of a second person matters."""


class MediaPipePoseEstimator:
    """Creates trackers on one model, which `source` resolves on first use."""

    def __init__(self, source: PoseModelSource, delegate: Delegate = "cpu") -> None:
        self._source = source
        self._delegate: Delegate = delegate

    @cached_property
    def _found(self) -> PoseModel:
        return self._source.resolve()

    @cached_property
    def _content(self) -> bytes:
        return self._found.path.read_bytes()

    @property
    def model(self) -> str:
        """Name and content of the model. Raises PoseModelUnavailable."""
        return self._found.name

    @contextmanager
    def tracker(self) -> Generator["MediaPipePoseTracker"]:
        """Follow one person. Raises PoseModelUnavailable or SystemLibraryMissing."""
        with self._landmarker("VIDEO", 1) as landmarker:
            yield MediaPipePoseTracker(landmarker)

    @contextmanager
    def image_detector(self) -> Generator["MediaPipeImageDetector"]:
        """Estimate poses in single images. Raises PoseModelUnavailable or SystemLibraryMissing."""
        with self._landmarker("IMAGE", 1) as landmarker:
            yield MediaPipeImageDetector(landmarker)

    def people(self, frames: Iterable[VideoFrame]) -> Iterator[int]:
        """Count the people of comparable size in each frame independently: 0, 1 or 2.

        Raises PoseModelUnavailable or SystemLibraryMissing.
        """
        with self.counter() as count:
            for frame in frames:
                yield count(frame.rgb)

    @contextmanager
    def counter(self) -> Generator[Callable[[npt.NDArray[np.uint8]], int]]:
        """Count the people of comparable size in single images: 0, 1 or 2."""
        with self._landmarker("IMAGE", PEOPLE_LOOKED_FOR) as landmarker:
            yield lambda rgb: _people(landmarker, rgb)

    @contextmanager
    def _landmarker(self, mode: Mode, people: int) -> Generator[Any]:
        require_libraries()
        try:
            landmarker = self._made(mode, people, self._delegate)
        except PoseModelUnavailable:
            if self._delegate == "cpu":
                raise
            log.warning("pose.without_gpu", model=self.model)
            landmarker = self._made(mode, people, "cpu")
        with landmarker:
            yield landmarker

    def _made(self, mode: Mode, people: int, delegate: Delegate) -> Any:
        """Load the model onto the given processor. Raises PoseModelUnavailable."""
        vision: Any = import_module("mediapipe.tasks.python.vision")
        python: Any = import_module("mediapipe.tasks.python")
        options = vision.PoseLandmarkerOptions(
            base_options=python.BaseOptions(
                model_asset_buffer=self._content,
                delegate=python.BaseOptions.Delegate[delegate.upper()],
            ),
            running_mode=vision.RunningMode[mode],
            num_poses=people,
        )
        try:
            return vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as failed:
            path = self._found.path
            raise PoseModelUnavailable(f"{path} is not a pose landmarker model.") from failed


class MediaPipePoseTracker:
    """Tracks one person; it needs the frames of one video, in order."""

    def __init__(self, landmarker: Any) -> None:
        self._landmarker = landmarker
        self._last_ms = -1

    def track(self, frame: VideoFrame) -> Pose | None:
        """Estimate the person's pose in the next frame; return None if no person is visible."""
        # MediaPipe needs rising whole milliseconds, and two frames may fall within one.
        self._last_ms = max(self._last_ms + 1, round(frame.time_s * 1000))
        return _pose(self._landmarker.detect_for_video(_image(frame.rgb), self._last_ms))


class MediaPipeImageDetector:
    """Estimates poses in single images, independently of earlier images and of restarts.

    It detects the body in every image, which takes 27 ms for 480 pixels on two cores; a tracker
    takes 16 ms, and gives other landmarks after a restart.
    """

    def __init__(self, landmarker: Any) -> None:
        self._landmarker = landmarker

    def detect(self, rgb: npt.NDArray[np.uint8]) -> Pose | None:
        """Estimate a person's pose in an image; return None if no person is visible."""
        return _pose(self._landmarker.detect(_image(rgb)))


def _pose(found: Any) -> Pose | None:
    if not found.pose_landmarks:
        return None
    return Pose(
        image=_with_visibility(found.pose_landmarks[0]),
        world=_places(found.pose_world_landmarks[0]),
    )


def _image(rgb: npt.NDArray[np.uint8]) -> Any:
    """Convert an image. MediaPipe needs contiguous bytes, while arrays may have strides."""
    mediapipe: Any = import_module("mediapipe")
    pixels = np.ascontiguousarray(rgb, dtype=np.uint8)
    return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=pixels)


def _people(landmarker: Any, rgb: npt.NDArray[np.uint8]) -> int:
    pieces = looks(rgb)
    share = 1 / len(pieces)
    bodies: list[Floats] = []
    for number, piece in enumerate(pieces):
        result = landmarker.detect(_image(piece))
        visible_bodies = [_with_visibility(body) for body in result.pose_landmarks]
        bodies += [
            in_picture(body, number * share, share) for body in visible_bodies if whole(body)
        ]
    height, width = rgb.shape[:2]
    return min(PEOPLE_LOOKED_FOR, comparable(bodies, width / height))


def _with_visibility(body: Any) -> Floats:
    points = [(point.x, point.y, point.z, point.visibility) for point in body]
    return np.array(points, dtype=np.float32)


def _places(body: Any) -> Floats:
    return np.array([(point.x, point.y, point.z) for point in body], dtype=np.float32)
