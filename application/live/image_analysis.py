"""Pictures that come with frames are looked at here: for a pose, or for a second opinion (C-02).

A frame with a picture alone gets its landmarks from us, and is counted by them. Where the device
has found landmarks itself those count, and ours are an opinion: it is left out rather than waited
for. Each picture is looked at by itself, so that the same chunk always shows the same, whoever
looks and however often: what crashed is done again and tells the same facts. No picture is kept.
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

from application.kernel.video import FramePicture, PictureRefused, Pose
from application.live.chunk import FrameChunk, IngestChunk
from application.live.reconciliation import Opinion
from domain.kernel import Rejected, value
from domain.motion.landmarks import LANDMARK_COUNT, Floats, PoseChunk

MAX_CONCURRENT: Final = 2
"""Chunks whose pictures one process looks at at the same time; each takes a model's memory."""
LANDMARKS_TIMEOUT_S: Final = 0.5
"""How long pictures wait until others have been looked at, where frames have nothing else."""
OPINION_TIMEOUT_S: Final = 0.1
"""The same where they only give an opinion: the count does not wait for one."""
OPINION_BUDGET_S: Final = 2.0
"""For an opinion on a chunk: what analyzes beyond the count answers within this (C-31)."""
MODEL_RETRY_S: Final = 60.0
"""For so long nobody tries to load a model that could not be had."""
SHAPE_TOLERANCE: Final = 0.05
"""A picture may be so much wider or higher than its chunk says: sides are whole pixels."""

Pixels = npt.NDArray[np.uint8]

log = structlog.get_logger()


class ImageShapeMismatch(Rejected):
    """A picture has the width and height that the chunk's aspect ratio says."""

    code = "picture.misshapen"
    kind = "invalid"


class ImageAnalysisBusy(Rejected):
    """More pictures come than are looked at here; send the chunk again in a moment."""

    code = "live.pictures_busy"
    kind = "unavailable"


@value
class ImageProblem:
    """Why the picture of a frame was not taken; the frame's landmarks were, if it has any."""

    at_s: float
    code: str
    detail: str


class ImageDecoder(Protocol):
    """Opens pictures."""

    def open(self, picture: bytes) -> Pixels:
        """Give the pixels of a JPEG, (height, width, 3). Raises PictureRefused."""
        ...


class ImagePoseDetector(Protocol):
    """Finds a person in single pictures."""

    def look(self, rgb: Pixels) -> Pose | None:
        """Find the person in this picture, whatever was seen before; None where nobody is."""
        ...


class StillPoseEstimator(Protocol):
    """Makes lookers. `model` names what they look with."""

    @property
    def model(self) -> str: ...

    def looker(self) -> AbstractContextManager[ImagePoseDetector]:
        """Begin to look. Raises Rejected where the model cannot be had."""
        ...


Checked = tuple[IngestChunk, tuple[ImageProblem, ...]]
CheckImages = Callable[[IngestChunk], Checked]
AnalyzeImages = Callable[[FrameChunk], FrameChunk]


_Lent = tuple[ImagePoseDetector, ExitStack]
"""One who looks, and what lets go of them."""


def accept_unchecked(command: IngestChunk) -> Checked:
    """Take pictures as they come: for doors behind which nobody looks at them."""
    return command, ()


def drop_images(message: FrameChunk) -> FrameChunk:
    """Give a chunk without its pictures: for those who have nobody to look at them."""
    return replace(message, pictures=()) if message.pictures else message


def image_problems(message: FrameChunk, why: Rejected) -> tuple[ImageProblem, ...]:
    """Say of all pictures of a chunk why none of them is looked at."""
    times = message.chunk.times_s
    return tuple(
        ImageProblem(float(times[each.frame]), why.code, why.detail) for each in message.pictures
    )


def check_images(opener: ImageDecoder, command: IngestChunk) -> Checked:
    """Leave out those pictures of a chunk that are none, and say why; all else of it stays."""
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
    """Looks at the pictures of chunks. Any thread may ask; `timer` gives rising seconds."""

    def __init__(
        self, estimator: StillPoseEstimator, opener: ImageDecoder, timer: Callable[[], float]
    ) -> None:
        self._estimator, self._opener, self._timer = estimator, opener, timer
        self._turns = BoundedSemaphore(MAX_CONCURRENT)
        self._lock = Lock()
        self._idle: list[_Lent] = []
        self._away: tuple[float, Rejected] | None = None

    def close(self) -> None:
        """Let go of the models as soon as nobody looks; whoever comes later is told to come again.

        A thread may still look when the loop that began it has ended.
        """
        for _ in range(MAX_CONCURRENT):
            self._turns.acquire()
        for _, opened in self._idle:
            opened.close()

    def analyze(self, message: FrameChunk) -> FrameChunk:
        """Give a chunk with what its pictures show, and without them.

        Raises ImageAnalysisBusy, or why the model cannot load, if frames have only pictures.
        """
        if not message.pictures:
            return message
        has_pose = message.chunk.has_pose
        alone = {each.frame for each in message.pictures if not has_pose[each.frame]}
        try:
            with self._looker(LANDMARKS_TIMEOUT_S if alone else OPINION_TIMEOUT_S) as looker:
                poses = self._poses(looker, message.pictures, alone)
                model = self._estimator.model
        except Rejected as obstacle:
            if alone:
                raise
            log.info("live.no_second_look", code=obstacle.code)
            return drop_images(message)
        return _with_poses(message, poses, model)

    def _poses(
        self, looker: ImagePoseDetector, pictures: Sequence[FramePicture], alone: set[int]
    ) -> dict[int, Pose | None]:
        """Look at pictures in their order; those that only give an opinion as far as time goes."""
        until = self._timer() + OPINION_BUDGET_S
        poses: dict[int, Pose | None] = {}
        for picture in pictures:
            if picture.frame in alone or self._timer() < until:
                try:
                    poses[picture.frame] = looker.look(self._opener.open(picture.jpeg))
                except PictureRefused as refusal:  # doors have said so; who sends past them is told
                    log.warning("live.picture_refused", detail=refusal.detail)
        return poses

    @contextmanager
    def _looker(self, patience_s: float) -> Generator[ImagePoseDetector]:
        """Lend a looker that nobody else uses. Raises Rejected."""
        if not self._turns.acquire(timeout=patience_s):
            raise ImageAnalysisBusy
        try:
            looker, opened = self._free()
            with ExitStack() as failed:
                failed.callback(opened.close)  # what has failed once is not asked again
                yield looker
                failed.pop_all()
            with self._lock:
                self._idle.append((looker, opened))
        finally:
            self._turns.release()

    def _free(self) -> "_Lent":
        with self._lock:
            if self._idle:
                return self._idle.pop()
            if self._away is not None and self._timer() < self._away[0]:
                raise copy(self._away[1])  # one that is raised holds what was at hand then
            opened = ExitStack()
            try:
                return opened.enter_context(self._estimator.looker()), opened
            except Rejected as away:
                self._away = (self._timer() + MODEL_RETRY_S, copy(away))
                log.warning("live.pictures_unseen", code=away.code, detail=away.detail)
                raise


def _with_poses(message: FrameChunk, poses: dict[int, Pose | None], model: str) -> FrameChunk:
    """Put what was seen where it counts, and all of it into an opinion."""
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
    """Give the frames looked at, with nothing but what we saw."""
    image, world = _absent(len(frames), 4), _absent(len(frames), 3)
    for place, frame in enumerate(frames):
        pose = poses[frame]
        if pose is not None:
            image[place], world[place] = pose.image, pose.world
    return PoseChunk(chunk.times_s[frames], image, world, chunk.aspect_ratio)


def _filled(chunk: PoseChunk, poses: dict[int, Pose | None]) -> PoseChunk:
    """Add the landmarks of frames without any; metres only where all frames can have them."""
    image = chunk.image.copy()
    world = None if chunk.world is None else chunk.world.copy()
    if not chunk.has_pose.any():
        world = _absent(len(chunk), 3)
    for frame, pose in poses.items():
        if pose is not None:
            image[frame] = pose.image
            if world is not None:
                world[frame] = pose.world
    return PoseChunk(chunk.times_s, image, world, chunk.aspect_ratio)


def _absent(frames: int, width: int) -> Floats:
    return np.full((frames, LANDMARK_COUNT, width), np.nan, np.float32)
