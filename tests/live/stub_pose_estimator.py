"""Images that encode a known pose, and the estimator that reads it."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from application.kernel.video import FramePicture, PictureRefused, Pose
from application.live.chunk import IngestChunk
from application.live.image_analysis import Pixels
from domain.motion.landmarks import PoseChunk

SERVER = "album"


class Album:
    """Opens pictures that are numbers of a video's frames, and returns their poses."""

    model = SERVER

    def __init__(self, video: PoseChunk) -> None:
        self.video = video
        self.looks: list[int] = []

    def open(self, picture: bytes) -> Pixels:
        if not picture.isdigit():
            raise PictureRefused
        height, width = 90, round(90 * self.video.aspect_ratio)
        pixels = np.zeros((height, width, 3), np.uint8)
        pixels[0, 0, :2] = divmod(int(picture), 256)
        return pixels

    @contextmanager
    def image_detector(self) -> Generator["Album"]:
        yield self

    def detect(self, rgb: Pixels) -> Pose | None:
        number = 256 * int(rgb[0, 0, 0]) + int(rgb[0, 0, 1])
        self.looks.append(number)
        if not self.video.has_pose[number]:
            return None
        world = self.video.world
        return Pose(self.video.image[number], None if world is None else world[number])


def shown(
    chunks: Sequence[IngestChunk], *, every: int = 1, alone: bool = False, first: int = 0
) -> Iterator[IngestChunk]:
    """Add pictures to every n-th frame of a video; `alone`: the device found no landmarks."""
    before = 0
    for request in chunks:
        chunk = request.message.chunk
        numbers = range(before, before + len(chunk))
        before += len(chunk)
        pictures = tuple(
            FramePicture(frame, str(number).encode())
            for frame, number in enumerate(numbers)
            if number >= first and number % every == 0
        )
        message = replace(request.message, pictures=pictures)
        if alone:
            message = replace(message, chunk=unseen(chunk))
        yield replace(request, message=message)


def unseen(chunk: PoseChunk) -> PoseChunk:
    """Return the frames without landmarks."""
    nothing = np.full_like(chunk.image, np.nan)
    return PoseChunk(chunk.times_s, nothing, None, chunk.aspect_ratio)
