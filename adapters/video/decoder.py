"""Video decoder on PyAV: yields upright RGB frames with their presentation times.

FFmpeg (through PyAV) decodes. The file's rotation and non-square pixels are applied, so that the
athlete's proportions are correct. `adapters.video.isolated` runs it in a child process.
"""

import os
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.frame import VideoFrame as DecodedFrame
from av.video.stream import VideoStream

from adapters.video.files import open_video_file
from adapters.video.frame_clock import FrameClock
from adapters.video.limits import LONGEST_SIDE, OUT_OF_MEMORY, VideoLimits
from adapters.video.orientation import upright
from application.kernel.video import (
    VideoEmpty,
    VideoFrame,
    VideoShape,
    VideoTooLarge,
    VideoTruncated,
    VideoUnreadable,
)

CONTAINERS: Final = "mov,matroska,avi,mpegts,mpeg,flv,asf,ogg"
"""FFmpeg's names of the accepted containers; playlists, which may name other files, are not."""

CODECS: Final = {
    "h264": "h264",
    "hevc": "hevc",
    "libdav1d": "av1",
    "av1": "av1",
    "vp9": "vp9",
    "libvpx-vp9": "vp9",
    "vp8": "vp8",
    "libvpx": "vp8",
    "mpeg4": "mpeg4",
    "mpeg2video": "mpeg2video",
    "mpeg1video": "mpeg1video",
    "h263": "h263",
    "flv": "flv1",
    "mjpeg": "mjpeg",
    "theora": "theora",
    "prores": "prores",
    "wmv3": "wmv3",
    "vc1": "vc1",
}
"""FFmpeg's decoders that cameras and browsers write for; no other decoder is ever opened."""

MEMORY_EXCEEDED: Final = "Decoding the video takes more memory than allowed."

MAX_THREADS: Final = 4
"""Threads of a decoder; each holds frames of its own."""

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

MATROSKA_LENGTH: Final = re.compile(r"(\d{1,4}):(\d{2}):(\d{2}(?:\.\d{1,9})?)")
"""Tag of a stream in Matroska, whose container has only the length of the longest stream."""

SLACK_FRAMES: Final = 2
SLACK_S: Final = 0.5
"""Frames and seconds that may always be missing from a short video, regardless of their share."""


@dataclass(frozen=True)
class PyAvDecoder:
    """Decodes files with PyAV in this process; frames larger than `longest_side` are scaled down.

    What the file declares is checked against `limits` before anything is decoded.
    """

    longest_side: int = LONGEST_SIDE
    limits: VideoLimits = field(default_factory=VideoLimits)

    @contextmanager
    def open(self, path: Path) -> Generator["OpenedVideo"]:
        """Open a file. Raises as `open_file`, and VideoMissing."""
        with open_video_file(path) as file, self.open_file(file) as video:
            yield video

    @contextmanager
    def open_file(self, file: BinaryIO) -> Generator["OpenedVideo"]:
        """Open a seekable file.

        Raises VideoEmpty, VideoUnreadable, VideoTruncated or VideoTooLarge.
        """
        with _container(file, self.limits) as container:
            yield OpenedVideo(container, self.longest_side, self.limits)


class OpenedVideo:
    """A file being decoded. Its `shape` is that of the whole video, `longest_side` or not."""

    def __init__(self, container: InputContainer, longest_side: int, limits: VideoLimits) -> None:
        self._limits = limits
        self._stream = _pictures(container)
        _require_declared_within(limits, self._stream, container)
        pictures = _decoded(container, self._stream)
        first = next(pictures, None)
        if first is None:
            raise _nothing(self._stream)
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
            self._limits.require_frames(decoded)
            self._limits.require_size(picture.width, picture.height)
            shown_s = clock.time_of(_seconds(picture))
            if shown_s is not None:
                self._limits.require_length(shown_s)
                yield VideoFrame(shown_s, self._upright(picture))
        self._refuse_cut_short(decoded, clock.now_s)

    def _upright(self, picture: DecodedFrame) -> npt.NDArray[np.uint8]:
        width, height = (max(2, round(side * self._scale)) for side in self._size)
        rgb = picture.reformat(width, height, "rgb24", interpolation="AREA", threads=1).to_ndarray()
        return upright(picture, rgb)

    def _refuse_cut_short(self, decoded: int, now_s: float) -> None:
        frames, length_s = self._shape.frame_count, self._shape.duration_s
        if frames is not None:
            cut_short = decoded < frames * (1 - FRAMES_MISSING) - SLACK_FRAMES
        elif length_s is not None:
            cut_short = now_s < length_s * (1 - SECONDS_MISSING) - SLACK_S
        else:
            cut_short = False
        if cut_short:
            raise _truncated(f"after {now_s:.1f} s")


def _container(file: BinaryIO, limits: VideoLimits) -> InputContainer:
    try:
        return av.open(
            file,
            "r",
            options={"max_pixels": str(limits.max_pixels)},  # for the first look at each stream
            container_options={
                "format_whitelist": CONTAINERS,
                "codec_whitelist": ",".join(CODECS),
            },
        )
    except OUT_OF_MEMORY as failed:
        raise VideoTooLarge(MEMORY_EXCEEDED) from failed
    except (FFmpegError, ValueError) as failed:
        if _begins_as_mp4(file):
            raise _truncated("before its index") from failed
        raise VideoUnreadable("The file is not a video that can be decoded.") from failed


def _begins_as_mp4(file: BinaryIO) -> bool:
    """Return whether the file begins as an MP4, whose index may be last and cut off."""
    file.seek(0)
    return file.read(8)[4:] == b"ftyp"


def _pictures(container: InputContainer) -> VideoStream:
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    raise VideoUnreadable("The file has no video in it, only sound or data.")


def _require_declared_within(
    limits: VideoLimits, stream: VideoStream, container: InputContainer
) -> None:
    """Check what the file declares, and prepare its decoder; nothing is decoded yet."""
    codec = stream.codec_context
    if codec.name not in CODECS:
        raise VideoUnreadable(f"Videos of the codec {codec.name} cannot be decoded. Use H.264.")
    if not codec.width or not codec.height:  # FFmpeg forgets a size above `max_pixels`
        raise VideoTooLarge(
            f"The video has no size, or one above the {limits.max_pixels} pixels that are"
            " accepted. Film in 4K or less."
        )
    limits.require_size(codec.width, codec.height)
    limits.require_frames(stream.frames)
    limits.require_length(_length_s(stream, container) or 0.0)
    codec.options = {"max_pixels": str(limits.max_pixels)}
    codec.thread_type = "AUTO"
    codec.thread_count = min(MAX_THREADS, os.cpu_count() or 1)


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[DecodedFrame]:
    try:
        yield from container.decode(stream)
    except OUT_OF_MEMORY as failed:
        raise VideoTooLarge(MEMORY_EXCEEDED) from failed
    except (FFmpegError, EOFError) as failed:
        raise _truncated("in a picture that cannot be decoded") from failed


def _nothing(stream: VideoStream) -> VideoEmpty | VideoTruncated:
    if stream.frames:
        return _truncated("before its first picture")
    return VideoEmpty("The video has no picture.")


def _truncated(where: str) -> VideoTruncated:
    return VideoTruncated(f"The video ends {where}, before the end that it declares.")


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
    return VideoShape(
        width=size[0],
        height=size[1],
        fps=float(rate) if rate else DEFAULT_FPS,
        frame_count=stream.frames or None,
        duration_s=_length_s(stream, container),
        media_type=_media_type(container.format.name),
    )


def _length_s(stream: VideoStream, container: InputContainer) -> float | None:
    """Return the declared length in seconds, None where the file declares none."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    tag = MATROSKA_LENGTH.fullmatch(stream.metadata.get("DURATION", ""))
    if tag is not None:
        hours, minutes, seconds = map(float, tag.groups())
        return 3600 * hours + 60 * minutes + seconds
    if container.duration is not None:
        return container.duration / av.time_base
    return None


def _media_type(demuxer: str) -> str:
    """Return the media type of a container; FFmpeg has one demuxer for MP4 and QuickTime."""
    return next(
        (media_type for family, media_type in MEDIA_TYPES.items() if family in demuxer),
        "application/octet-stream",
    )
