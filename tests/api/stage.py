"""Fake video files that name an exercise; the sample athlete provides their poses."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.kernel.video import Pose, Video, VideoFrame, VideoShape, VideoUnreadable
from domain.motion.landmarks import PoseChunk


def video_content(exercise: str = "squat", repetitions: int = 3, take: int = 1) -> bytes:
    """Return the content of a video; another `take` is another file of the same movement."""
    return f"video {exercise} {repetitions} {take}".encode()


@cache
def performed(exercise: str, repetitions: int) -> PoseChunk:
    """Return the pose in every frame."""
    return landmarks(Performance(exercise=exercise, repetitions=repetitions, fps=15))


class OpenedVideo:
    """An opened video."""

    def __init__(self, chunk: PoseChunk, stage: "Stage") -> None:
        self._chunk = chunk
        self._curtain = stage.curtain
        duration = float(chunk.times_s[-1]) if stage.tells_length else None
        self.shape = VideoShape(640, 480, 15.0, len(chunk), duration, "video/mp4")

    def frames(self) -> Iterator[VideoFrame]:
        for time in self._chunk.times_s:
            assert self._curtain.wait(timeout=60), "the curtain never rose"
            yield VideoFrame(float(time), np.zeros((1, 1, 3), np.uint8))


class Tracker:
    """Returns the poses of a video one after the other."""

    def __init__(self, chunk: PoseChunk) -> None:
        self._chunk = chunk
        self._next = 0

    def track(self, frame: VideoFrame) -> Pose | None:
        index = self._next
        self._next += 1
        assert frame.time_s == self._chunk.times_s[index]
        assert self._chunk.world is not None
        return Pose(self._chunk.image[index], self._chunk.world[index])


class Stage:
    """Decoder and estimator in one.

    Videos wait until the `curtain` is up, as it is initially. Without the length of a video there
    is no progress between its beginning and its end.
    """

    model = "sample-athlete"

    def __init__(self) -> None:
        self.tells_length = False
        self.curtain = threading.Event()
        self.curtain.set()
        self.shown: PoseChunk | None = None

    @contextmanager
    def open(self, path: Path) -> Iterator[Video]:
        words = path.read_bytes().split()
        if len(words) != 4 or words[0] != b"video":
            raise VideoUnreadable
        self.shown = performed(words[1].decode(), int(words[2]))
        yield OpenedVideo(self.shown, self)

    @contextmanager
    def tracker(self) -> Iterator[Tracker]:
        assert self.shown is not None
        yield Tracker(self.shown)

    def people(self, frames: Iterable[VideoFrame]) -> Iterator[int]:
        return (1 for _ in frames)
