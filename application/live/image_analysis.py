"""Pose detection in images sent with frames (C-02).

A frame with only an image gets its landmarks from the server and is counted by them. If the device
has found landmarks, those count, and the server's are an opinion, which is skipped rather than
waited for. Each image is analyzed by itself, so that a chunk always gives the same landmarks: after
a crash the same chunk gives the same detections. No image is stored.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from copy import copy
from dataclasses import replace
from threading import BoundedSemaphore, Lock
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import structlog

from application.analysis.video_poses import chunk_of
from application.kernel.video import FramePicture, PictureRefused, Pose
from application.live.chunk import FrameChunk, IngestChunk
from application.live.reconciliation import Opinion
from domain.kernel import Rejected, value
from domain.motion.landmarks import LANDMARK_COUNT, PoseChunk

MAX_CONCURRENT: Final = 2
"""Chunks that one process analyzes at the same time; each needs a model's memory."""
LANDMARKS_TIMEOUT_S: Final = 0.5
"""Longest wait for a free model, if frames have nothing but images."""
OPINION_TIMEOUT_S: Final = 0.1
"""Longest wait for a free model, if images give an opinion: the count does not wait for one."""
OPINION_BUDGET_S: Final = 2.0
"""Time limit of an opinion on a chunk: analysis beyond the count replies within this (C-31)."""
MODEL_RETRY_S: Final = 60.0
"""Pause before the next attempt to load a model that could not be loaded."""
SHAPE_TOLERANCE: Final = 0.05
"""Tolerated deviation from the chunk's aspect ratio: sides are whole pixels."""

Pixels = npt.NDArray[np.uint8]

log = structlog.get_logger()


class ImageShapeMismatch(Rejected):
    """The picture's width and height do not match the aspect ratio of the chunk."""

    code = "picture.misshapen"
    kind = "invalid"


class ImageAnalysisBusy(Rejected):
    """Too many pictures are being analyzed. Send the chunk again in a moment."""

    code = "live.pictures_busy"
    kind = "unavailable"


@value
class ImageProblem:
    """The reason why an image was rejected; the landmarks of its frame were accepted."""

    at_s: float
    code: str
    detail: str


class ImageDecoder(Protocol):
    """Decodes images."""

    def open(self, picture: bytes) -> Pixels:
        """Return the pixels of a JPEG, (height, width, 3). Raises PictureRefused."""
        ...


class ImagePoseDetector(Protocol):
    """Detects the pose in single images."""

    def detect(self, rgb: Pixels) -> Pose | None:
        """Return the pose of the person in this image, None if there is none."""
        ...


class StillPoseEstimator(Protocol):
    """Makes detectors. `model` is the name of their pose model."""

    @property
    def model(self) -> str: ...

    def image_detector(self) -> AbstractContextManager[ImagePoseDetector]:
        """Open a detector. Raises Rejected if the model cannot be loaded."""
        ...


Checked = tuple[IngestChunk, tuple[ImageProblem, ...]]
CheckImages = Callable[[IngestChunk], Checked]
AnalyzeImages = Callable[[FrameChunk], FrameChunk]


_OpenDetector = tuple[ImagePoseDetector, ExitStack]
"""A detector, and what closes it."""


def accept_unchecked(command: IngestChunk) -> Checked:
    """Accept images unchecked: for transports without an analyzer."""
    return command, ()


def drop_images(message: FrameChunk) -> FrameChunk:
    """Return a chunk without its images: for compositions without an analyzer."""
    return replace(message, pictures=()) if message.pictures else message


def image_problems(message: FrameChunk, why: Rejected) -> tuple[ImageProblem, ...]:
    """Report all images of a chunk with the same reason."""
    times = message.chunk.times_s
    return tuple(
        ImageProblem(float(times[each.frame]), why.code, why.detail) for each in message.pictures
    )


def check_images(opener: ImageDecoder, command: IngestChunk) -> Checked:
    """Remove invalid images from a chunk, and report why; all else of it stays."""
    message = command.message
    kept: list[FramePicture] = []
    problems: list[ImageProblem] = []
    for picture in message.pictures:
        try:
            _require_shape(opener.open(picture.jpeg), message.chunk.aspect_ratio)
        except Rejected as refusal:
            at_s = float(message.chunk.times_s[picture.frame])
            problems.append(ImageProblem(at_s, refusal.code, refusal.detail))
        else:
            kept.append(picture)
    if not problems:
        return command, ()
    message = replace(message, pictures=tuple(kept))
    return replace(command, message=message), tuple(problems)


def _require_shape(rgb: Pixels, aspect_ratio: float) -> None:
    height, width = rgb.shape[:2]
    if abs(width / height / aspect_ratio - 1.0) > SHAPE_TOLERANCE:
        raise ImageShapeMismatch(
            f"The picture has {width} x {height} pixels, and the chunk an aspect ratio of "
            f"{aspect_ratio:.3f}."
        )


class ImageAnalyzer:
    """Analyzes the images of chunks. Thread-safe; `timer` gives rising seconds."""

    def __init__(
        self, estimator: StillPoseEstimator, opener: ImageDecoder, timer: Callable[[], float]
    ) -> None:
        self._estimator, self._opener, self._timer = estimator, opener, timer
        self._turns = BoundedSemaphore(MAX_CONCURRENT)
        self._lock = Lock()
        self._idle: list[_OpenDetector] = []
        self._load_failure: tuple[float, Rejected] | None = None

    def close(self) -> None:
        """Close the models as soon as they are free; later calls are rejected as busy.

        A thread may still use one when the event loop that started it has ended.
        """
        for _ in range(MAX_CONCURRENT):
            self._turns.acquire()
        for _, opened in self._idle:
            opened.close()

    @property
    def model(self) -> str:
        """The name of the pose model."""
        return self._estimator.model

    def load(self) -> None:
        """Load the model now, not with the first image. Raises Rejected."""
        with self._detector(LANDMARKS_TIMEOUT_S):
            pass

    def detect(self, picture: bytes) -> Pose | None:
        """Return the pose in one JPEG, or None without a person.

        Raises PictureRefused, ImageAnalysisBusy, or why the model cannot load.
        """
        rgb = self._opener.open(picture)
        with self._detector(LANDMARKS_TIMEOUT_S) as detector:
            return detector.detect(rgb)

    def analyze(self, message: FrameChunk) -> FrameChunk:
        """Return a chunk with the landmarks found in its images, and without the images.

        Raises ImageAnalysisBusy, or why the model cannot load, if frames have only images.
        """
        if not message.pictures:
            return message
        has_pose = message.chunk.has_pose
        alone = {each.frame for each in message.pictures if not has_pose[each.frame]}
        try:
            with self._detector(LANDMARKS_TIMEOUT_S if alone else OPINION_TIMEOUT_S) as detector:
                poses = self._poses(detector, message.pictures, alone)
                model = self._estimator.model
        except Rejected as obstacle:
            if alone:
                raise
            log.info("live.no_second_look", code=obstacle.code)
            return drop_images(message)
        return _with_poses(message, poses, model)

    def _poses(
        self, detector: ImagePoseDetector, pictures: Sequence[FramePicture], alone: set[int]
    ) -> dict[int, Pose | None]:
        """Detect poses in order; images that only give an opinion as far as time allows."""
        until = self._timer() + OPINION_BUDGET_S
        poses: dict[int, Pose | None] = {}
        for picture in pictures:
            if picture.frame in alone or self._timer() < until:
                try:
                    poses[picture.frame] = detector.detect(self._opener.open(picture.jpeg))
                except PictureRefused as refusal:  # normally reported by the checks
                    log.warning("live.picture_refused", detail=refusal.detail)
        return poses

    @contextmanager
    def _detector(self, patience_s: float) -> Generator[ImagePoseDetector]:
        """Lend a detector for exclusive use. Raises Rejected."""
        if not self._turns.acquire(timeout=patience_s):
            raise ImageAnalysisBusy
        try:
            detector, opened = self._free()
            with ExitStack() as failed:
                failed.callback(opened.close)  # a detector that failed is not reused
                yield detector
                failed.pop_all()
            with self._lock:
                self._idle.append((detector, opened))
        finally:
            self._turns.release()

    def _free(self) -> "_OpenDetector":
        with self._lock:
            if self._idle:
                return self._idle.pop()
            if self._load_failure is not None and self._timer() < self._load_failure[0]:
                raise copy(self._load_failure[1])  # a raised exception holds its traceback
            opened = ExitStack()
            try:
                return opened.enter_context(self._estimator.image_detector()), opened
            except Rejected as failure:
                self._load_failure = (self._timer() + MODEL_RETRY_S, copy(failure))
                log.warning("live.pictures_unseen", code=failure.code, detail=failure.detail)
                raise


def _with_poses(message: FrameChunk, poses: dict[int, Pose | None], model: str) -> FrameChunk:
    """Put landmarks into frames without any, and all of them into an opinion."""
    chunk = message.chunk
    has_pose = chunk.has_pose
    frames = sorted(poses)
    opinion = Opinion(model, _seen(chunk, frames, poses), bool(has_pose[frames].any()))
    alone = {frame: pose for frame, pose in poses.items() if not has_pose[frame]}
    return replace(
        message,
        model=message.model if has_pose.any() or not alone else model,
        chunk=_filled(chunk, alone) if alone else chunk,
        pictures=(),
        opinion=opinion,
    )


def _seen(chunk: PoseChunk, frames: Sequence[int], poses: dict[int, Pose | None]) -> PoseChunk:
    """Return the analyzed frames with the server's landmarks only."""
    found = [poses[frame] for frame in frames]
    is_metric = any(pose is not None and pose.world is not None for pose in found)
    return chunk_of(chunk.times_s[frames], found, chunk.aspect_ratio, is_metric=is_metric)


def _filled(chunk: PoseChunk, poses: dict[int, Pose | None]) -> PoseChunk:
    """Add the landmarks of frames without any; metric ones only if all frames can have them."""
    image = chunk.image.copy()
    found = {frame: pose for frame, pose in poses.items() if pose is not None}
    world = None
    if all(pose.world is not None for pose in found.values()):
        if chunk.world is not None:
            world = chunk.world.copy()
        elif not chunk.has_pose.any() and found:
            world = np.full((len(chunk), LANDMARK_COUNT, 3), np.nan, np.float32)
    for frame, pose in found.items():
        image[frame] = pose.image
        if world is not None and pose.world is not None:
            world[frame] = pose.world
    return PoseChunk(chunk.times_s, image, world, chunk.aspect_ratio)
