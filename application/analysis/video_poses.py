"""Pose extraction from a video, in chunks of half a second."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from application.kernel.video import (
    NoPersonInVideo,
    Pose,
    PoseEstimator,
    SeveralPeopleInVideo,
    VideoDecoder,
    VideoEmpty,
    VideoFrame,
    VideoShape,
)
from domain.motion.landmarks import LANDMARK_COUNT, Floats, PoseChunk

CHUNK_S: Final = 0.5
"""Length of a chunk, the same as of a live client (R-LIV-03)."""

PEOPLE_SAMPLES: Final = 8
"""Number of frames, spread over the video, in which people are counted."""

SEEN_SHARE: Final = 0.05
"""A person in a smaller share of frames is not considered present."""

Progress = Callable[[float], None]
"""Called with the share of the work that is done, 0..1."""


@dataclass(frozen=True, eq=False)
class VideoPoses:
    """The poses of one athlete in one video."""

    shape: VideoShape
    chunks: tuple[PoseChunk, ...]
    duration_s: float

    @property
    def frames(self) -> int:
        """Number of frames."""
        return sum(len(chunk) for chunk in self.chunks)

    @property
    def frames_with_pose(self) -> int:
        """Number of frames with the athlete."""
        return sum(int(chunk.has_pose.sum()) for chunk in self.chunks)


def extract_poses(
    path: Path, decoder: VideoDecoder, estimator: PoseEstimator, progress: Progress
) -> VideoPoses:
    """Decode the video and find the athlete in each frame.

    Raises what the decoder refuses with, VideoEmpty, NoPersonInVideo or SeveralPeopleInVideo.
    """
    with decoder.open(path) as video, estimator.tracker() as tracker:
        shape = video.shape
        samples = _Samples(shape.duration_s)
        buffer = PoseBuffer()
        for frame in video.frames():
            buffer.add(frame.time_s, tracker.track(frame))
            samples.add(frame)
            progress(_share_done(frame.time_s, shape.duration_s))
    poses = VideoPoses(shape, buffer.chunks(shape), buffer.duration_s)
    if poses.frames == 0:
        raise VideoEmpty
    if poses.frames_with_pose < SEEN_SHARE * poses.frames:
        raise NoPersonInVideo
    if _is_crowd(estimator.people(samples.frames)):
        raise SeveralPeopleInVideo
    progress(1.0)
    return poses


def _share_done(time_s: float, duration_s: float | None) -> float:
    return min(time_s / duration_s, 1.0) if duration_s else 0.0


class _Samples:
    """Sample frames, spread over the video, in which people are counted."""

    def __init__(self, duration_s: float | None) -> None:
        self._every_s = (duration_s or 16.0) / PEOPLE_SAMPLES
        self._next_s = self._every_s / 2
        self.frames: list[VideoFrame] = []

    def add(self, frame: VideoFrame) -> None:
        if frame.time_s >= self._next_s and len(self.frames) < PEOPLE_SAMPLES:
            self.frames.append(frame)
            self._next_s += self._every_s


def _is_crowd(counts: Iterable[int]) -> bool:
    """Return whether most frames with people show several."""
    occupied = [count for count in counts if count > 0]
    return 2 * sum(count > 1 for count in occupied) > len(occupied)


class PoseBuffer:
    """Poses of a video, which become chunks at the end."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._poses: list[Pose | None] = []

    def add(self, time_s: float, pose: Pose | None) -> None:
        """Take the next frame; None if nobody is visible in it."""
        self._times.append(time_s)
        self._poses.append(pose)

    @property
    def duration_s(self) -> float:
        """From the first frame to the end of the last, which lasts as long as the average one."""
        if len(self._times) < 2:
            return 0.0
        return self._times[-1] * len(self._times) / (len(self._times) - 1)

    def chunk(self, shape: VideoShape) -> PoseChunk:
        """Return all poses as one chunk."""
        return self._chunk(0, len(self._times), shape)

    def chunks(self, shape: VideoShape) -> tuple[PoseChunk, ...]:
        """Return the poses in chunks of half a second."""
        return tuple(self._chunk(*each, shape) for each in _chunk_bounds(self._times))

    def _chunk(self, start: int, end: int, shape: VideoShape) -> PoseChunk:
        """Return some poses; all chunks of a video have world landmarks, or none has."""
        is_metric = all(pose is None or pose.world is not None for pose in self._poses)
        return chunk_of(
            np.array(self._times[start:end], np.float64),
            self._poses[start:end],
            shape.width / shape.height,
            is_metric=is_metric,
        )


def _chunk_bounds(times: Sequence[float]) -> list[tuple[int, int]]:
    if not times:
        return []
    starts = [0]
    for index, time in enumerate(times):
        if time - times[starts[-1]] >= CHUNK_S:
            starts.append(index)
    return list(zip(starts, [*starts[1:], len(times)], strict=True))


def chunk_of(
    times_s: npt.NDArray[np.float64],
    poses: Sequence[Pose | None],
    aspect_ratio: float,
    *,
    is_metric: bool,
) -> PoseChunk:
    """Return poses as a chunk, with world landmarks if the source `is_metric`."""
    image: Floats = np.full((len(poses), LANDMARK_COUNT, 4), np.nan, np.float32)
    world: Floats = np.full((len(poses), LANDMARK_COUNT, 3), np.nan, np.float32)
    for row, pose in enumerate(poses):
        if pose is not None:
            image[row] = pose.image
            if pose.world is not None:
                world[row] = pose.world
    return PoseChunk(times_s, image, world if is_metric else None, aspect_ratio)
