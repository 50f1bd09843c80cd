"""Decoders of videos and images in child processes with limited memory, time and files (ADR 26)."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore
from typing import Annotated, Final

import msgspec

from adapters.video.child_process import HEADER_BYTES, ChildFailedError, ChildProcess, Pixels
from adapters.video.files import open_video_file
from adapters.video.limits import LONGEST_SIDE, VideoLimits
from adapters.video.messages import END, FRAME, PIXELS, SHAPE, ChildTask
from application.kernel.video import (
    MAX_IMAGE_BYTES,
    MAX_IMAGE_SIDE,
    PictureRefused,
    VideoDecodingFailed,
    VideoFrame,
    VideoShape,
)

IMAGE_PATIENCE_S: Final = 10.0
"""Longest wait for one image, with the start of its process."""
IMAGE_PROCESSES: Final = 2
IMAGE_LIMITS: Final = VideoLimits(memory_mb=512)

Side = Annotated[int, msgspec.Meta(ge=1, le=65_536)]
MediaType = Annotated[
    str, msgspec.Meta(pattern=r"^(video/[a-z0-9-]+|application/octet-stream)$", max_length=64)
]


class ReportedShape(msgspec.Struct):
    """The shape of a video as a child may report it."""

    width: Side
    height: Side
    fps: Annotated[float, msgspec.Meta(gt=0, le=100_000)]
    frame_count: Annotated[int, msgspec.Meta(ge=0)] | None
    duration_s: Annotated[float, msgspec.Meta(ge=0)] | None
    media_type: MediaType


@dataclass(frozen=True)
class IsolatedDecoder:
    """A `VideoDecoder` that decodes each file in a child process of its own."""

    limits: VideoLimits = field(default_factory=VideoLimits)
    longest_side: int = LONGEST_SIDE

    @contextmanager
    def open(self, path: Path) -> Generator["IsolatedVideo"]:
        """Open a file. Raises what the port does."""
        with open_video_file(path) as file:
            child = ChildProcess(ChildTask("film", self.limits, self.longest_side), file)
        try:
            yield IsolatedVideo(child, self.limits, self.longest_side)
        finally:
            child.close()


class IsolatedVideo:
    """A file that a child process decodes."""

    def __init__(self, child: ChildProcess, limits: VideoLimits, longest_side: int) -> None:
        self._child = child
        self._limits = limits
        self._longest_side = longest_side
        try:
            self._shape = self._read_shape()
        except ChildFailedError as failed:
            raise VideoDecodingFailed from failed
        self._frames = self._read_frames()

    @property
    def shape(self) -> VideoShape:
        return self._shape

    def frames(self) -> Iterator[VideoFrame]:
        """Yield the remaining frames. Raises what the port does."""
        return self._frames

    def _read_shape(self) -> VideoShape:
        kind, content = self._child.message(self._limits.patience_s, HEADER_BYTES)
        if kind != SHAPE:
            raise self._child.failed("it did not send a shape")
        try:
            shape = msgspec.json.decode(content, type=ReportedShape)
        except msgspec.DecodeError as invalid:
            raise self._child.failed("it sent an impossible shape") from invalid
        return VideoShape(**msgspec.structs.asdict(shape))

    def _read_frames(self) -> Iterator[VideoFrame]:
        count, previous_s = 0, -1.0
        try:
            while (frame := self._read_frame(previous_s)) is not None:
                count, previous_s = count + 1, frame.time_s
                self._limits.require_frames(count)
                yield frame
        except ChildFailedError as failed:
            raise VideoDecodingFailed from failed

    def _read_frame(self, previous_s: float) -> VideoFrame | None:
        largest = FRAME.size + self._longest_side**2 * 3
        kind, content = self._child.message(self._limits.patience_s, largest)
        if kind == END:
            return None
        time_s, rgb = self._child.pixels(content, self._longest_side)
        if time_s <= previous_s:
            raise self._child.failed("its times do not rise")
        return VideoFrame(time_s, rgb)


class IsolatedImages:
    """An `ImageCodec` and `ImageDecoder` that opens images in child processes, which it reuses.

    Thread-safe. A child starts with the first image; one that fails is replaced.
    """

    def __init__(
        self, processes: int = IMAGE_PROCESSES, patience_s: float = IMAGE_PATIENCE_S
    ) -> None:
        self._patience_s = patience_s
        self._turns = BoundedSemaphore(processes)
        self._idle: SimpleQueue[ChildProcess] = SimpleQueue()

    def close(self) -> None:
        """End the idle processes."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def check(self, picture: bytes) -> None:
        self.open(picture)

    def open(self, picture: bytes) -> Pixels:
        """Return the upright pixels of a JPEG. Raises PictureRefused and DecoderUnavailable."""
        if len(picture) > MAX_IMAGE_BYTES:
            raise PictureRefused(
                f"A picture has {len(picture)} bytes; at most {MAX_IMAGE_BYTES} are taken."
            )
        with self._turns:
            child = self._lend()
            try:
                rgb = self._read(child, picture)
            except PictureRefused:
                self._idle.put(child)
                raise
            except ChildFailedError as failed:
                child.close()
                raise PictureRefused("The image could not be decoded in time.") from failed
            except BaseException:
                child.close()
                raise
            self._idle.put(child)
            return rgb

    def encode_video(self, path: Path, pictures: Iterable[tuple[float, bytes]]) -> None:
        from adapters.video.picture_film import encode_video  # noqa: PLC0415  loads FFmpeg

        encode_video(path, ((time_s, self.open(picture)) for time_s, picture in pictures))

    def _lend(self) -> ChildProcess:
        try:
            return self._idle.get_nowait()
        except Empty:
            return ChildProcess(ChildTask("images", IMAGE_LIMITS, MAX_IMAGE_SIDE))

    def _read(self, child: ChildProcess, picture: bytes) -> Pixels:
        child.send(picture, self._patience_s)
        kind, content = child.message(self._patience_s, FRAME.size + MAX_IMAGE_SIDE**2 * 3)
        if kind != PIXELS:
            raise child.failed("it did not send pixels")
        return child.pixels(content, MAX_IMAGE_SIDE)[1]
