"""Pose estimation in child processes with limited rights (ADR 26).

The parent puts an image into memory that it shares with the child, and receives numbers. A child
loads the model once, and then serves one tracker after the other: it keeps nothing between them.
"""

import mmap
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from adapters.child_messages import END
from adapters.memory_file import fix_size, memory_file
from adapters.pose.mediapipe import Delegate
from adapters.pose.messages import (
    IMAGE_BYTES,
    PEOPLE,
    POSE,
    SHARED_BYTES,
    WORLD_BYTES,
    Find,
    Open,
    PoseTask,
    Purpose,
    Request,
)
from adapters.pose.model_file import PoseModel, PoseModelSource
from adapters.pose.system_libraries import require_libraries
from adapters.video.child_process import ChildFailedError, ChildProcess
from application.kernel.video import (
    DecoderUnavailable,
    Pose,
    PoseDetectionFailed,
    PoseDetectorUnavailable,
    VideoFrame,
)
from domain.motion.landmarks import LANDMARK_COUNT

START_S: Final = 120.0
"""Longest wait for a child that loads the model: a second, but more on a busy machine."""
PATIENCE_S: Final = 30.0
"""Longest wait for one image, which takes some 20 ms."""

MAX_IDLE: Final = 2
"""Children that wait for the next tracker; each has some 200 MB."""

MAX_REPLY_BYTES: Final = IMAGE_BYTES + WORLD_BYTES

Pixels = npt.NDArray[np.uint8]


class PoseChild:
    """A child process with a model, and the memory that it shares."""

    def __init__(self, model: PoseModel, delegate: Delegate) -> None:
        self._awaits_answer = False
        with memory_file("kinelog-image") as file:
            fix_size(file, SHARED_BYTES)
            self._shared = mmap.mmap(file.fileno(), SHARED_BYTES)
            task = PoseTask(str(model.path.absolute()), model.engine, delegate, file.fileno())
            self._process = ChildProcess(
                task, shared=[file.fileno()], program="adapters.pose.child"
            )
        try:
            self._receive(END, START_S)
        except BaseException:
            self._process.close()
            raise

    def open(self, purpose: Purpose) -> None:
        """Begin anew. Raises PoseDetectionFailed."""
        self._send(Open(purpose))
        self._receive(END, START_S)

    def find(self, rgb: Pixels, time_s: float) -> Pose | None:
        """Return the pose in an image. Raises PoseDetectionFailed."""
        self._show(rgb, time_s)
        content = self._receive(POSE, PATIENCE_S)
        if not content:
            return None
        if len(content) not in {IMAGE_BYTES, MAX_REPLY_BYTES}:
            raise PoseDetectionFailed from self._process.failed("it sent half a pose")
        points = np.frombuffer(content, np.float32)
        image, world = np.split(points, [LANDMARK_COUNT * 4])
        return Pose(
            image=image.reshape(LANDMARK_COUNT, 4),
            world=world.reshape(LANDMARK_COUNT, 3) if world.size else None,
        )

    def count(self, rgb: Pixels, time_s: float) -> int:
        """Return the number of people in an image. Raises PoseDetectionFailed."""
        self._show(rgb, time_s)
        content = self._receive(PEOPLE, PATIENCE_S)
        if len(content) != 1:
            raise PoseDetectionFailed from self._process.failed("it sent no number")
        return content[0]

    @property
    def is_reusable(self) -> bool:
        """Whether the process runs, and has sent all its answers."""
        return self._process.is_running and not self._awaits_answer

    def close(self) -> None:
        """End the process."""
        self._process.close()
        self._shared.close()

    def _show(self, rgb: Pixels, time_s: float) -> None:
        height, width = rgb.shape[:2]
        self._share(rgb)
        self._send(Find(time_s, height, width))

    def _share(self, rgb: Pixels) -> None:
        """Copy an image; afterwards nothing refers to the memory, which can then be closed."""
        np.copyto(np.frombuffer(self._shared, np.uint8, rgb.size).reshape(rgb.shape), rgb)

    def _send(self, request: Request) -> None:
        self._awaits_answer = True
        try:
            self._process.send(msgspec.json.encode(request), PATIENCE_S)
        except ChildFailedError as failed:
            raise PoseDetectionFailed from failed

    def _receive(self, kind: bytes, patience_s: float) -> bytearray:
        try:
            received, content = self._process.message(patience_s, MAX_REPLY_BYTES)
        except ChildFailedError as failed:
            raise PoseDetectionFailed from failed
        if received != kind:
            raise PoseDetectionFailed from self._process.failed("it sent something else")
        self._awaits_answer = False
        return content


class IsolatedPoseEstimator:
    """A `PoseEstimator` on one model, which `source` resolves on first use. Thread-safe."""

    def __init__(self, source: PoseModelSource, delegate: Delegate = "cpu") -> None:
        self._source = source
        self._delegate: Delegate = delegate
        self._lock = Lock()
        self._idle: list[PoseChild] = []

    @cached_property
    def _found(self) -> PoseModel:
        return self._source.resolve()

    @property
    def model(self) -> str:
        """Name and content of the model. Raises PoseModelUnavailable."""
        return self._found.name

    @contextmanager
    def tracker(self) -> Generator["IsolatedPoseTracker"]:
        """Follow one person.

        Raises PoseModelUnavailable, SystemLibraryMissing or PoseDetectorUnavailable.
        """
        with self._child("track") as child:
            yield IsolatedPoseTracker(child)

    @contextmanager
    def image_detector(self) -> Generator["IsolatedImageDetector"]:
        """Estimate poses in single images.

        Raises PoseModelUnavailable, SystemLibraryMissing or PoseDetectorUnavailable.
        """
        detector = IsolatedImageDetector(self._opened)
        try:
            yield detector
        finally:
            self._put_back(detector.child)

    def people(self, frames: Iterable[VideoFrame]) -> Iterator[int]:
        """Count the people of comparable size in each frame independently: 0, 1 or 2.

        Raises PoseModelUnavailable, SystemLibraryMissing or PoseDetectorUnavailable.
        """
        with self._child("count") as child:
            for frame in frames:
                yield child.count(frame.rgb, frame.time_s)

    def close(self) -> None:
        """End the idle processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.close()

    @contextmanager
    def _child(self, purpose: Purpose) -> Generator[PoseChild]:
        """Lend a child for exclusive use; one that has failed is not used again."""
        child = self._opened(purpose)
        try:
            yield child
        finally:
            self._put_back(child)

    def _opened(self, purpose: Purpose) -> PoseChild:
        with self._lock:
            child = self._idle.pop() if self._idle else None
        if child is not None:
            try:
                child.open(purpose)
            except PoseDetectionFailed:  # it was killed while it waited
                child.close()
            except BaseException:
                child.close()
                raise
            else:
                return child
        require_libraries()
        try:
            child = PoseChild(self._found, self._delegate)
        except (DecoderUnavailable, PoseDetectionFailed) as failed:
            raise PoseDetectorUnavailable from failed
        try:
            child.open(purpose)
        except BaseException:
            child.close()
            raise
        return child

    def _put_back(self, child: PoseChild) -> None:
        """Keep a child for the next tracker, unless it has failed or enough are kept."""
        with self._lock:
            if child.is_reusable and len(self._idle) < MAX_IDLE:
                self._idle.append(child)
                return
        child.close()


class SinglePoseEstimator(IsolatedPoseEstimator):
    """A `PoseEstimator` on a model that finds one person only; `counter` counts the people."""

    def __init__(self, source: PoseModelSource, counter: IsolatedPoseEstimator) -> None:
        super().__init__(source)
        self._counter = counter

    def people(self, frames: Iterable[VideoFrame]) -> Iterator[int]:
        """Count the people with the other model. Raises what it raises."""
        return self._counter.people(frames)

    def close(self) -> None:
        """End the idle processes of both models."""
        super().close()
        self._counter.close()


class IsolatedPoseTracker:
    """Tracks one person through the frames of one video, in order."""

    def __init__(self, child: PoseChild) -> None:
        self._child = child

    def track(self, frame: VideoFrame) -> Pose | None:
        """Return the pose in the next frame; None if nobody is visible."""
        return self._child.find(frame.rgb, frame.time_s)


class IsolatedImageDetector:
    """Estimates poses in single images. A child that fails is replaced, once for each image."""

    def __init__(self, opened: Callable[[Purpose], PoseChild]) -> None:
        self._opened = opened
        self.child = opened("look")

    def detect(self, rgb: Pixels) -> Pose | None:
        """Return the pose in an image, None if nobody is visible. Raises PoseDetectionFailed."""
        try:
            return self.child.find(rgb, 0.0)
        except PoseDetectionFailed:  # such as a child that the system killed for memory
            replacement = self._opened("look")
            self.child.close()
            self.child = replacement
            return self.child.find(rgb, 0.0)
