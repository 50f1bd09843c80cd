"""Decoders and encoders in child processes with limited memory, time and files (ADR 26)."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore
from typing import Annotated, BinaryIO, Final

import msgspec

from adapters.child_messages import END
from adapters.memory_file import memory_file
from adapters.sandbox import Protection
from adapters.video.child_process import HEADER_BYTES, ChildFailedError, ChildProcess, Pixels
from adapters.video.files import open_video_file
from adapters.video.limits import LONGEST_SIDE, VideoLimits
from adapters.video.messages import FRAME, PIXELS, SHAPE, TIME, ChildTask, Confinement
from application.kernel.video import (
    MAX_IMAGE_BYTES,
    MAX_IMAGE_SIDE,
    DecoderUnavailable,
    EncoderUnavailable,
    PictureRefused,
    VideoDecodingFailed,
    VideoFrame,
    VideoShape,
    VideoUnwritable,
)

IMAGE_PATIENCE_S: Final = 10.0
"""Longest wait for one image."""
START_S: Final = 60.0
"""Longest wait for a process that starts: half a second, but more on a busy machine."""
IMAGE_PROCESSES: Final = 2
IMAGE_LIMITS: Final = VideoLimits(memory_mb=512)

VIDEO_PATIENCE_S: Final = 120.0
"""Longest wait of an encoder for room in the pipe, and then for the end of the video."""

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
            child = ChildProcess(ChildTask("frames", self.limits, self.longest_side), file)
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

    def _lend(self) -> ChildProcess:
        """Return a child that waits for an image. Raises DecoderUnavailable."""
        while True:
            try:
                child = self._idle.get_nowait()
            except Empty:
                return _started(ChildTask("images", IMAGE_LIMITS, MAX_IMAGE_SIDE))[0]
            if child.is_running:
                return child
            child.close()  # the system killed it while it waited, such as for memory

    def _read(self, child: ChildProcess, picture: bytes) -> Pixels:
        child.send(picture, self._patience_s)
        largest = FRAME.size + MAX_IMAGE_SIDE**2 * 3
        kind, content = child.message(self._patience_s, largest)
        if kind != PIXELS:
            raise child.failed("it did not send pixels")
        return child.pixels(content, MAX_IMAGE_SIDE)[1]


def probe_protections() -> tuple[Protection, ...]:
    """Return the protections in force in a child. Raises DecoderUnavailable."""
    child, confinement = _started(ChildTask("probe", IMAGE_LIMITS, MAX_IMAGE_SIDE))
    child.close()
    return confinement.protections


def _started(task: ChildTask) -> tuple[ChildProcess, Confinement]:
    """Start a child, and wait until it has confined itself. Raises DecoderUnavailable."""
    child = ChildProcess(task)
    try:
        return child, _confinement(child)
    except (ChildFailedError, msgspec.DecodeError) as failed:
        child.close()
        raise DecoderUnavailable from failed
    except BaseException:
        child.close()
        raise


def _confinement(child: ChildProcess) -> Confinement:
    kind, content = child.message(START_S, HEADER_BYTES)
    if kind != END:
        raise child.failed("it did not report how it is confined")
    return msgspec.json.decode(content, type=Confinement)


@dataclass(frozen=True)
class IsolatedVideoEncoder:
    """A `VideoEncoder` that decodes the images and encodes the video in a child process."""

    limits: VideoLimits = field(default_factory=VideoLimits)
    patience_s: float = VIDEO_PATIENCE_S

    @contextmanager
    def encode(self, pictures: Iterable[tuple[float, bytes]]) -> Generator[BinaryIO]:
        """Open the video of some images. Raises what the port does."""
        with memory_file("kinelog-video") as video:
            try:
                task = ChildTask("encode", self.limits, MAX_IMAGE_SIDE, video.fileno())
                child = ChildProcess(task, shared=[video.fileno()])
            except DecoderUnavailable as failed:
                raise EncoderUnavailable from failed
            try:
                self._fill(child, pictures)
            except ChildFailedError as failed:
                raise VideoUnwritable("The video could not be encoded.") from failed
            finally:
                child.close()  # nothing changes the video any more
            yield video

    def _fill(self, child: ChildProcess, pictures: Iterable[tuple[float, bytes]]) -> None:
        for time_s, picture in pictures:
            child.send(TIME.pack(time_s) + picture, self.patience_s)
        child.send(b"", self.patience_s)
        kind, _ = child.message(self.patience_s, HEADER_BYTES)
        if kind != END:
            raise child.failed("it did not end the video")
