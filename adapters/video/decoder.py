"""Video decoder on PyAV: yields upright RGB frames with their presentation times.

FFmpeg (through PyAV) decodes. The file's rotation and non-square pixels are applied, so that the
athlete's proportions are correct.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.frame import VideoFrame as DecodedFrame
from av.video.stream import VideoStream

from adapters.video.frame_clock import FrameClock
from application.kernel.video import (
    VideoEmpty,
    VideoFrame,
    VideoMissing,
    VideoShape,
    VideoTruncated,
    VideoUnreadable,
)

LONGEST_SIDE: Final = 1280
"""Maximum pixels of a frame's longer side; pose networks use 256 (BlazePose, 2020)."""

CONTAINERS: Final = "mov,matroska,avi,mpegts,mpeg,flv,asf,ogg"
"""FFmpeg's names of the accepted containers; playlists, which may name other files, are not."""

MEDIA_TYPES: Final = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "ogg": "video/ogg",
    "mpegts": "video/mp2t",
    "mpeg": "video/mpeg",
    "avi": "video/x-msvideo",
    "flv": "video/x-flv",
    "asf": "video/x-ms-asf",
}
"""By a part of the demuxer's name; Matroska, which shares one with WebM, is served as that."""

DEFAULT_FPS: Final = 30.0
"""Frame rate of files that declare none, such as MediaRecorder's WebM."""

NEARLY_SQUARE: Final = 0.01
"""Pixels this close to square result from rounding when a video was scaled."""

FRAMES_MISSING: Final = 0.02
SECONDS_MISSING: Final = 0.10
"""Shares of the declared frames and seconds that may be missing from a complete file: edit lists
hide some frames, and a container's length is that of its longest track, often the sound."""

SLACK_FRAMES: Final = 2
SLACK_S: Final = 0.5
"""Frames and seconds that may always be missing from a short video, regardless of their share."""


@dataclass(frozen=True)
class PyAvDecoder:
    """Opens files with PyAV; frames larger than `longest_side` pixels are scaled down."""

    longest_side: int = LONGEST_SIDE

    @contextmanager
    def open(self, path: Path) -> Generator["OpenedVideo"]:
        """Open a file. Raises VideoMissing, VideoEmpty, VideoUnreadable or VideoTruncated."""
        _refuse_absent(path)
        with _container(path) as container:
            yield OpenedVideo(path, container, self.longest_side)


class OpenedVideo:
    """A file being decoded. Its `shape` is that of the whole video, `longest_side` or not."""

    def __init__(self, path: Path, container: InputContainer, longest_side: int) -> None:
        self._path = path
        self._stream = _pictures(path, container)
        pictures = _decoded(path, container, self._stream)
        first = next(pictures, None)
        if first is None:
            raise _nothing(path, self._stream)
        self._size = _square_pixels(self._stream, first)
        self._scale = min(1.0, longest_side / max(self._size))
        self._shape = _shape(self._stream, container, _turned(self._size, first.rotation))
        self._frames = self._watch(chain([first], pictures))

    @property
    def shape(self) -> VideoShape:
        return self._shape

    def frames(self) -> Iterator[VideoFrame]:
        """Yield the remaining frames. Raises VideoTruncated after the last good one."""
        return self._frames

    def _watch(self, pictures: Iterator[DecodedFrame]) -> Iterator[VideoFrame]:
        clock = FrameClock(period_s=1 / self._shape.fps)
        decoded = 0
        for picture in pictures:
            decoded += 1
            shown_s = clock.time_of(_seconds(picture))
            if shown_s is not None:
                yield VideoFrame(shown_s, self._upright(picture))
        self._refuse_cut_short(decoded, clock.now_s)

    def _upright(self, picture: DecodedFrame) -> npt.NDArray[np.uint8]:
        width, height = (max(2, round(side * self._scale)) for side in self._size)
        rgb = picture.reformat(width, height, "rgb24", interpolation="AREA", threads=1).to_ndarray()
        quarters = picture.rotation // 90
        return np.ascontiguousarray(np.rot90(rgb, quarters), dtype=np.uint8)

    def _refuse_cut_short(self, decoded: int, now_s: float) -> None:
        frames, length_s = self._shape.frame_count, self._shape.duration_s
        if frames is not None:
            cut_short = decoded < frames * (1 - FRAMES_MISSING) - SLACK_FRAMES
        elif length_s is not None:
            cut_short = now_s < length_s * (1 - SECONDS_MISSING) - SLACK_S
        else:
            cut_short = False
        if cut_short:
            raise _truncated(self._path, f"after {now_s:.1f} s")


def _refuse_absent(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(1)
    except OSError as failed:
        raise VideoMissing(f"{path} cannot be read: {failed.strerror}.") from failed
    if not start:
        raise VideoEmpty(f"{path} is empty.")


def _container(path: Path) -> InputContainer:
    try:
        return av.open(f"file:{path}", container_options={"format_whitelist": CONTAINERS})
    except (FFmpegError, ValueError) as failed:
        if _begins_as_mp4(path):
            raise _truncated(path, "before its index") from failed
        raise VideoUnreadable(f"{path} is not a video that can be decoded.") from failed


def _begins_as_mp4(path: Path) -> bool:
    """Return whether the file begins as an MP4, whose index may be last and cut off."""
    with path.open("rb") as file:
        return file.read(8)[4:] == b"ftyp"


def _pictures(path: Path, container: InputContainer) -> VideoStream:
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            stream.thread_type = "AUTO"
            return stream
    raise VideoUnreadable(f"{path} has no video in it, only sound or data.")


def _decoded(path: Path, container: InputContainer, stream: VideoStream) -> Iterator[DecodedFrame]:
    try:
        yield from container.decode(stream)
    except (FFmpegError, EOFError) as failed:
        raise _truncated(path, "in a picture that cannot be decoded") from failed


def _nothing(path: Path, stream: VideoStream) -> VideoEmpty | VideoTruncated:
    if stream.frames:
        return _truncated(path, "before its first picture")
    return VideoEmpty(f"{path} holds no picture.")


def _truncated(path: Path, where: str) -> VideoTruncated:
    return VideoTruncated(f"{path} ends {where}, though more of it is declared.")


def _seconds(picture: DecodedFrame) -> float | None:
    if picture.pts is None or picture.time_base is None:
        return None
    return float(picture.pts * picture.time_base)


def _square_pixels(stream: VideoStream, picture: DecodedFrame) -> tuple[int, int]:
    """Return the display width and height of a frame, whose pixels may not be square."""
    ratio = float(stream.sample_aspect_ratio or 1)
    if abs(ratio - 1) < NEARLY_SQUARE:
        return picture.width, picture.height
    return round(picture.width * ratio), picture.height


def _turned(size: tuple[int, int], degrees: int) -> tuple[int, int]:
    width, height = size
    return (height, width) if degrees % 180 else (width, height)


def _shape(stream: VideoStream, container: InputContainer, size: tuple[int, int]) -> VideoShape:
    rate = stream.average_rate or stream.guessed_rate
    length_s: float | None = None
    if stream.duration is not None and stream.time_base is not None:
        length_s = float(stream.duration * stream.time_base)
    elif container.duration is not None:
        length_s = container.duration / av.time_base
    return VideoShape(
        width=size[0],
        height=size[1],
        fps=float(rate) if rate else DEFAULT_FPS,
        frame_count=stream.frames or None,
        duration_s=length_s,
        media_type=_media_type(container.format.name),
    )


def _media_type(demuxer: str) -> str:
    """Return the media type of a container; FFmpeg has one demuxer for MP4 and QuickTime."""
    return next(
        (media_type for family, media_type in MEDIA_TYPES.items() if family in demuxer),
        "application/octet-stream",
    )
